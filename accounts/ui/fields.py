"""One form field as the design system draws it, worked out from an ordinary bound field."""

from copy import copy
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django import forms
from django.forms import BoundField, Widget
from django.forms.widgets import Input
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.ui.errors import focus_id

# Most particular first: RadioSelect is a Select to Django, DateInput a TextInput.
_KINDS: tuple[tuple[type[Widget], str], ...] = (
    (forms.CheckboxInput, "checkbox"),
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radios"),
    (forms.Select, "select"),
    (forms.FileInput, "file"),
    (forms.Textarea, "textarea"),
    (forms.PasswordInput, "password"),
    (forms.DateInput, "date"),
    (forms.NumberInput, "number"),
    (Input, "input"),
)
_CLASSES = {
    "checkbox": "govuk-checkboxes__input",
    "select": "govuk-select",
    "file": "govuk-file-upload",
    "textarea": "govuk-textarea",
    "password": "govuk-input govuk-password-input__input govuk-js-password-input-input",
}
# Instructions to this module that are not HTML attributes, and placeholders, which vanish as
# soon as one types and are no label.
_DROPPED = ("suffix", "prefix", "width", "data-suffix", "data-prefix", "data-width", "placeholder")


@dataclass(frozen=True, slots=True)
class Option:
    """One radio or checkbox of a group."""

    id: str
    name: str
    value: str
    label: str
    checked: bool
    disabled: bool
    hint: str = ""


@dataclass(frozen=True, slots=True)
class FieldView:
    """Everything components/field.html needs to draw one field."""

    kind: str
    id: str
    label: str
    hint: str
    errors: list[str]
    optional: bool
    described_by: str
    control: str = ""
    group: bool = False
    prefix: str = ""
    suffix: str = ""
    options: list[Option] = field(default_factory=list)
    current_file: str = ""
    lost_files: list[str] = field(default_factory=list)


def present(bound: BoundField) -> FieldView:
    """The field, its messages and its control in the design system's markup."""
    kind = kind_of(bound.field.widget)
    grouped = kind in ("radios", "checkboxes")
    suffix = _setting(bound, "suffix")
    described = [bound.aria_describedby or "", f"{bound.auto_id}_unit" if suffix else ""]
    described_by = " ".join(part for part in described if part)
    return FieldView(
        kind=kind,
        id=focus_id(bound) if not grouped else bound.auto_id,
        label=str(bound.label or ""),
        hint=str(bound.help_text),
        errors=[str(error) for error in bound.errors],
        optional=_is_marked_optional(bound, kind),
        described_by=described_by,
        control="" if grouped else _control(bound, kind, described_by),
        group=bound.use_fieldset,
        prefix=_setting(bound, "prefix"),
        suffix=suffix,
        options=_options(bound) if grouped else [],
        current_file=_current_file(bound) if kind == "file" else "",
        lost_files=_lost_files(bound) if kind == "file" else [],
    )


def kind_of(widget: Widget) -> str:
    if widget.is_hidden:
        return "hidden"
    # A widget made of several controls draws itself; only label, hint and errors are ours.
    return next((kind for parent, kind in _KINDS if isinstance(widget, parent)), "other")


def _is_marked_optional(bound: BoundField, kind: str) -> bool:
    # A box to tick is a choice by itself, and in a filter nothing is required.
    marked = getattr(bound.form, "mark_optional", True) and kind != "checkbox"
    return bool(marked and not bound.field.required)


def _control(bound: BoundField, kind: str, described_by: str) -> SafeString:
    widget = copy(bound.field.widget)
    widget.attrs = {name: value for name, value in widget.attrs.items() if name not in _DROPPED}
    _shape(widget, kind, bound)
    classes = [widget.attrs.pop("class", ""), _CLASSES.get(kind, "govuk-input")]
    if bound.errors and kind != "checkbox":
        classes.append(f"{classes[1].split()[0]}--error")
    if width := _width(bound, kind):
        classes.append(f"govuk-input--width-{width}")
    attrs: dict[str, str | bool] = {"class": " ".join(part for part in classes if part)}
    if described_by:
        attrs["aria-describedby"] = described_by
    return bound.as_widget(widget=widget, attrs=attrs)


def _shape(widget: Any, kind: str, bound: BoundField) -> None:
    """Adapt a copy of the widget so that the browser keeps whatever was typed."""
    if kind == "number":
        # type=number throws away what it cannot parse, and changes the value on scroll.
        widget.input_type = "text"
        whole = isinstance(bound.field, forms.IntegerField) and not isinstance(
            bound.field, forms.DecimalField | forms.FloatField
        )
        widget.attrs |= {"inputmode": "numeric" if whole else "decimal", "autocomplete": "off"}
        for limit in ("min", "max", "step"):
            widget.attrs.pop(limit, None)
    elif kind == "date":
        widget.format = "%Y-%m-%d"
        # A date control shows nothing for a text it cannot read: then show the text itself.
        widget.input_type = "date" if _is_date(bound.value()) else "text"
    elif kind == "textarea":
        widget.attrs.pop("cols", None)
        widget.attrs["rows"] = "5" if widget.attrs.get("rows") == "10" else widget.attrs["rows"]
    elif kind == "file":
        # Django's clearable input brings markup of its own; ours names the current file instead.
        widget.template_name = "django/forms/widgets/file.html"


def _is_date(value: object) -> bool:
    if not value or isinstance(value, date):
        return True
    try:
        date.fromisoformat(str(value))
    except ValueError:
        return False
    return True


def _width(bound: BoundField, kind: str) -> str:
    default = {"number": "10", "date": "10"}.get(kind, "")
    return _setting(bound, "width") or default


def _setting(bound: BoundField, name: str) -> str:
    attrs = bound.field.widget.attrs
    value = attrs.get(f"data-{name}") or attrs.get(name) or getattr(bound.field, name, "")
    return str(value or "")


def _options(bound: BoundField) -> list[Option]:
    hints = getattr(bound.field, "option_hints", {})
    return [
        Option(
            id=part.data["attrs"].get("id", ""),
            name=part.data["name"],
            value="" if part.data["value"] is None else str(part.data["value"]),
            label=str(part.data["label"]),
            checked=bool(part.data["selected"]),
            disabled=bool(part.data["attrs"].get("disabled")),
            hint=str(hints.get(part.data["value"], "")),
        )
        for part in bound.subwidgets
    ]


def _current_file(bound: BoundField) -> str:
    initial = bound.initial
    return str(getattr(initial, "name", "") or "") if initial else ""


def _lost_files(bound: BoundField) -> list[str]:
    """Names of files sent with a form that comes back: a browser cannot keep those."""
    if not bound.form.is_bound or not bound.form.errors:
        return []
    files = bound.form.files
    chosen = files.getlist(bound.html_name) if hasattr(files, "getlist") else []
    return [file.name or _("a file") for file in chosen]
