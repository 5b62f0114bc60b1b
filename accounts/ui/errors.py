"""The error summary: all that is wrong with a form, each entry leading to its field."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import BaseForm, BaseFormSet, BoundField, CheckboxSelectMultiple, RadioSelect

from accounts.ui.findings import FINDING_CODE, FindingLike, is_failed, source, what_is_wrong


@dataclass(frozen=True, slots=True)
class SummaryItem:
    """One entry. href is empty where no field on the page can put it right."""

    text: str
    href: str = ""
    source: str = ""
    action: str = ""
    ours: bool = False


def summary_items(form: BaseForm | BaseFormSet[Any]) -> list[SummaryItem]:
    """Everything wrong with a form or formset, in the order of its fields, findings last."""
    if isinstance(form, BaseFormSet):
        own = [SummaryItem(str(text)) for text in form.non_form_errors()]
        return own + [item for member in form.forms for item in summary_items(member)]
    return [*_field_errors(form), *_findings(form)]


def focus_id(bound: BoundField) -> str:
    """The id of the control that an error link should land on."""
    own_id = str(bound.field.widget.attrs.get("id") or bound.auto_id)
    # A group has no control of its own: its first choice takes the focus.
    if isinstance(bound.field.widget, RadioSelect | CheckboxSelectMultiple):
        return f"{own_id}_0"
    return own_id


def _field_errors(form: BaseForm) -> Iterator[SummaryItem]:
    for text in _plain(form.non_field_errors().as_data()):
        yield SummaryItem(text)
    for name in form.fields:
        bound = form[name]
        href = "" if bound.is_hidden else f"#{focus_id(bound)}"
        for text in _plain(bound.errors.as_data()):
            yield SummaryItem(text if bound.is_hidden else f"{bound.label}: {text}", href)


def _plain(errors: Iterable[ValidationError]) -> Iterator[str]:
    """Messages that are not findings: those are listed with rule and action of their own."""
    for error in errors:
        if not str(error.code or "").startswith(FINDING_CODE):
            yield from error.messages


def _findings(form: BaseForm) -> Iterator[SummaryItem]:
    findings: Iterable[FindingLike] = getattr(form, "findings", ())
    for finding in findings:
        if not is_failed(finding):
            continue
        visible = finding.field in form.fields and not form[str(finding.field)].is_hidden
        yield SummaryItem(
            text=what_is_wrong(finding),
            href=f"#{focus_id(form[str(finding.field)])}" if visible else "",
            source=source(finding),
            action=str(finding.action or ""),
            ours=bool(finding.ours),
        )
