"""Forms of the guided way to a claim: one question of the tree, and what a plan is made for."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from accounts.ui.forms import FilterForm, PortalForm
from claims.accounting.facts import Cap, Method
from claims.accounting.tree import LONGEST_EVIDENCE, Answer, Question
from claims.services.planning import Wish
from registry import words


class AnswerForm(PortalForm):
    """One question. Whether its answer stands is the tree's question."""

    value = forms.ChoiceField(widget=forms.RadioSelect)
    evidence = forms.CharField(
        required=False, max_length=LONGEST_EVIDENCE, widget=forms.Textarea(attrs={"rows": "3"})
    )

    def __init__(
        self, *args: Any, question: Question, before: Answer | None, **kwargs: Any
    ) -> None:
        if before is not None:
            kwargs["initial"] = {"value": before.value, "evidence": before.evidence}
        super().__init__(*args, **kwargs)
        self.question = question
        fields: dict[str, Any] = self.fields
        fields["value"].label = question.text
        fields["value"].help_text = question.help
        fields["value"].choices = list(question.answers.items())
        fields["evidence"].label = question.evidence

    @property
    def answer(self) -> Answer:
        """Valid forms only."""
        given = self.cleaned_data
        return Answer(self.question.name, given["value"], given["evidence"])


class PlanForm(FilterForm):
    """What a plan is made for. source: an account's number, or empty for units retired before."""

    method = forms.ChoiceField(
        choices=[
            (Method.DIRECT.value, _("Direct substitution")),
            (Method.ENHANCED.value, _("Enhanced substitution")),
        ],
        initial=Method.ENHANCED.value,
    )
    cap = forms.ChoiceField(
        choices=[
            (Cap.BASELINE.value, _("BCU-baseline cap")),
            (Cap.TOTAL.value, _("Total-emissions cap")),
        ],
        initial=Cap.BASELINE.value,
        required=False,
    )
    source = forms.ChoiceField(label=_("Units from"), required=False)
    functional_unit = forms.ChoiceField(
        label=_("Kind of units"),
        choices=[(unit.value, name.capitalize()) for unit, name in words.UNIT_NAMES.items()],
    )

    def __init__(self, *args: Any, accounts: Iterable[Account], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.accounts = {account.number: account for account in accounts}
        fields: dict[str, Any] = self.fields
        fields["source"].choices = [
            *((number, f"{account.name} ({number})") for number, account in self.accounts.items()),
            ("", _("Units retired before")),
        ]

    @property
    def wish(self) -> Wish:
        """Valid forms only."""
        given = self.cleaned_data
        return Wish(
            method=given["method"],
            cap=given["cap"] or Cap.BASELINE.value,
            functional_unit=given["functional_unit"],
            account=self.accounts.get(given["source"]),
        )
