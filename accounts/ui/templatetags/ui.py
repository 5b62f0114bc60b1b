"""{% load ui %}: the filters and components of the design system.

Filters format, inclusion tags draw from data, block tags wrap what the template writes.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BaseForm, BaseFormSet, BoundField
from django.template import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.ui import errors, fields, findings, formats, parts, status

register = template.Library()

register.filter("tonnes", formats.tonnes)
register.filter("emissions", formats.emissions)
register.filter("intensity", formats.intensity)
register.filter("share", formats.share)
register.filter("serial_range", formats.serial_range)
register.filter("day", formats.day)
register.filter("moment", formats.moment)
register.filter("outcome_label", findings.outcome_label)
register.filter("outcome_tone", findings.outcome_tone)
register.filter("what_is_wrong", findings.what_is_wrong)


@register.filter
def number(value: object, places: int | None = None) -> str:
    """A bare number with its thousands marked: 12,345."""
    text = formats.decimal_text(value, places)
    return formats.not_applicable() if text is None else text


# Forms


@register.simple_tag
def field(bound: BoundField) -> SafeString:
    """One field of any form: label, hint, error and control."""
    return bound.as_field_group()


@register.simple_tag
def present(bound: BoundField) -> fields.FieldView:
    return fields.present(bound)


@register.simple_tag
def field_groups(form: BaseForm) -> list[parts.BoundGroup]:
    return parts.bound_groups(form)


@register.inclusion_tag("components/error_summary.html")
def error_summary(*forms: Any) -> dict[str, Any]:
    """All that is wrong with the forms or formsets given; nothing at all when all is well."""
    items: list[errors.SummaryItem] = []
    for form in forms:
        if isinstance(form, BaseForm | BaseFormSet) and form.is_bound:
            items += errors.summary_items(form)
            mark_summarised(form)
    return {"items": items}


@register.inclusion_tag("components/error_summary.html")
def own_error_summary(form: BaseForm) -> dict[str, Any]:
    """The summary inside {{ form }}, unless the page has drawn it already."""
    if getattr(form, "summarised", False) or not form.is_bound:
        return {"items": []}
    return {"items": errors.summary_items(form)}


def mark_summarised(form: Any) -> None:
    form.summarised = True
    for member in getattr(form, "forms", ()):
        member.summarised = True


@register.inclusion_tag("components/submit.html")
def submit(
    label: str = "", *, tone: str = "", name: str = "", value: str = "", form: str = ""
) -> dict[str, Any]:
    """A submit button that a second click does not press again. tone: secondary or warning."""
    return {
        "label": label or _("Continue"),
        "tone": tone,
        "name": name,
        "value": value,
        "form": form,
    }


# Findings and states


@register.inclusion_tag("components/finding_list.html")
def finding_list(
    items: Iterable[findings.FindingLike] | None,
    title: str = "",
    *,
    id: str = "findings",
    level: int = 2,
) -> dict[str, Any]:
    """Rule-by-rule conformance, failures first. id: target for htmx and for links."""
    ordered = findings.by_severity(items or ())
    return {
        "findings": ordered,
        "counts": findings.count_by_outcome(ordered),
        "title": title or _("Rule by rule"),
        "id": id,
        "level": level,
    }


@register.inclusion_tag("components/tag.html")
def status_tag(state: object, label: str = "") -> dict[str, Any]:
    """The state of a unit, a transfer or an application: words first, colour second."""
    return {"tone": status.tone(state), "label": status.sentence_case(label) or status.label(state)}


@register.inclusion_tag("components/tag.html")
def tag(label: str, tone: str = "idle") -> dict[str, Any]:
    """A tag with a tone of your choice: good, bad, wait, info, idle or demo."""
    return {"tone": tone, "label": label}


@register.inclusion_tag("components/demonstration_tag.html")
def demonstration_tag(shown: object = True) -> dict[str, Any]:
    """Marks one record as demonstration data; draws nothing when `shown` is false."""
    return {"shown": bool(shown)}


# Lists and tables


@register.inclusion_tag("components/summary_list.html")
def summary_list(rows: Iterable[Any], title: str = "", *, level: int = 2) -> dict[str, Any]:
    """Keys and values. Rows are (key, value) or (key, value, {"url": …, "label": …})."""
    return {"rows": [parts.summary_row(row) for row in rows], "title": title, "level": level}


@register.inclusion_tag("components/data_table.html")
def data_table(
    caption: str,
    columns: Sequence[Any],
    rows: Iterable[Sequence[Any]],
    *,
    empty: str = "",
    caption_hidden: bool = False,
) -> dict[str, Any]:
    """A table that scrolls by itself on a narrow screen.

    columns: header texts; one that begins with # is numeric and set to the right.
    rows: sequences of texts or of Cell; the first cell of a row is its header.
    """
    headers = [parts.Column.read(column) for column in columns]
    return {
        "caption": caption,
        "caption_hidden": caption_hidden,
        "columns": headers,
        "rows": [parts.table_row(headers, row) for row in rows],
        "empty": empty,
        "id": parts.slug(caption),
    }


@register.simple_block_tag(end_name="endtable")
def table(content: str, caption: str, *, caption_hidden: bool = False) -> SafeString:
    """The same frame round rows that the template writes itself."""
    return render_to_string(
        "components/table_frame.html",
        {
            "caption": caption,
            "caption_hidden": caption_hidden,
            "content": content,
            "id": parts.slug(caption),
        },
    )


@register.inclusion_tag("components/timeline.html")
def timeline(events: Iterable[Any], title: str = "", *, level: int = 2) -> dict[str, Any]:
    """Events with `at`, `title` and perhaps `text`, `by`, `url`, `tone`; in the order given."""
    return {"events": list(events), "title": title, "level": level}


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context: Context, page: Page[Any], *, parameter: str = "page") -> dict[str, Any]:
    """Links to the other pages that keep the filters of this one."""
    request = context.get("request")
    return {"page": page, "links": parts.page_links(page, request, parameter)}


# Panels


@register.inclusion_tag("components/empty_state.html")
def empty_state(title: str, text: str = "", url: str = "", label: str = "") -> dict[str, Any]:
    """What to say, and where to go, when there is nothing to list."""
    return {"title": title, "text": text, "url": url, "label": label}


@register.simple_block_tag(takes_context=True, end_name="endconfirm_panel")
def confirm_panel(
    context: Context,
    content: str,
    title: str,
    *,
    action: str = "",
    submit: str = "",
    warning: str = "",
    cancel_url: str = "",
    tone: str = "",
    level: int = 2,
) -> SafeString:
    """A last look before something happens: the block states it, the button does it."""
    return render_to_string(
        "components/confirm_panel.html",
        {
            "title": title,
            "content": content,
            "action": action,
            "submit": submit or _("Confirm"),
            "warning": warning,
            "cancel_url": cancel_url,
            "tone": tone,
            "level": level,
        },
        request=context.get("request"),
    )


@register.simple_block_tag(end_name="endpanel")
def panel(content: str, title: str = "", *, tone: str = "", level: int = 2) -> SafeString:
    """A box with a heading. tone: good, bad, wait or info marks its edge."""
    return render_to_string(
        "components/panel.html",
        {"title": title, "content": content, "tone": tone, "level": level},
    )
