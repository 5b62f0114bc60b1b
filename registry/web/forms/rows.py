"""Forms with rows: groups of fields that a user may add more of, without any script."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.ui.forms import FieldGroup, PortalForm

MOST_ROWS = 50


@dataclass(frozen=True, slots=True)
class RowGroup:
    """Rows of one kind. legend: of one row; add: the words on the button for one more."""

    legend: Any
    add: Any
    fields: Mapping[str, Callable[[], forms.Field]]
    hint: Any = ""


class RowsForm(PortalForm):
    """A row's field is named "feedstocks-0-kind". Rows left empty are not handed on."""

    row_groups: ClassVar[Mapping[str, RowGroup]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = list(self.fieldsets)
        for name, group in self.row_groups.items():
            number = self._number(name)
            count = forms.IntegerField(widget=forms.HiddenInput, required=False)
            self.fields[_count(name)] = count
            self.initial[_count(name)] = number
            for row, given in enumerate(self._given(name, number)):
                for field, make in group.fields.items():
                    self.fields[_field(name, row, field)] = made = make()
                    made.label = made.label or field.replace("_", " ").capitalize()
                    if field in given:
                        self.initial[_field(name, row, field)] = given[field]
                groups.append(
                    FieldGroup(
                        f"{group.legend} {row + 1}",
                        tuple(_field(name, row, field) for field in group.fields),
                        group.hint if row == 0 else "",
                    )
                )
        self.fieldsets = tuple(groups)  # type: ignore[misc]  # of this form's rows

    @property
    def add_buttons(self) -> list[tuple[str, Any]]:
        return [(name, group.add) for name, group in self.row_groups.items()]

    def rows(self, name: str) -> list[dict[str, Any]]:
        """The rows of a valid form that say anything."""
        return [values for _row, values in self._filled(name)]

    def row_fields(self) -> dict[str, str]:
        """The service's name of each row's field → the form's."""
        return {
            f"{name}.{number}.{field}": _field(name, row, field)
            for name, group in self.row_groups.items()
            for number, (row, _values) in enumerate(self._filled(name))
            for field in group.fields
        }

    def _filled(self, name: str) -> list[tuple[int, dict[str, Any]]]:
        fields = self.row_groups[name].fields
        found = []
        for row in range(self._number(name)):
            values = {field: self.cleaned_data.get(_field(name, row, field)) for field in fields}
            if any(value not in (None, "") for value in values.values()):
                found.append((row, values))
        return found

    def _number(self, name: str) -> int:
        if not self.is_bound:
            return max(1, len(self.initial.get(name, ())))
        text = str(self.data.get(self.add_prefix(_count(name)), "1"))
        number = int(text) if text.isascii() and text.isdigit() and len(text) <= 3 else 1
        more = 1 if self.data.get("add") == name else 0
        return min(max(number, 1) + more, MOST_ROWS)

    def _given(self, name: str, number: int) -> Sequence[Mapping[str, Any]]:
        given = list(self.initial.get(name, ()))[:number]
        return [*given, *({} for _row in range(number - len(given)))]


def asks_for_a_row(data: Any) -> bool:
    return bool(data.get("add"))


def with_counts(data: Any, form: RowsForm) -> Any:
    """The data again, with as many rows as the form has now."""
    renewed = data.copy()
    for name in form.row_groups:
        renewed[_count(name)] = str(form._number(name))
    renewed.pop("add", None)
    return renewed


def yes_or_no(label: Any, help_text: Any = "") -> forms.TypedChoiceField:
    """None until it is answered."""
    return forms.TypedChoiceField(
        label=label,
        help_text=help_text,
        required=False,
        coerce=lambda value: value == "yes",
        empty_value=None,
        widget=forms.RadioSelect,
        choices=[("yes", _("Yes")), ("no", _("No"))],
    )


def _count(name: str) -> str:
    return f"{name}-rows"


def _field(name: str, row: int, field: str) -> str:
    return f"{name}-{row}-{field}"
