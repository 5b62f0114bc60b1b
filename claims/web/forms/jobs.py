"""The form by which a whole plan is claimed: what its method and cap ask for in words."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.ui.forms import PortalForm
from claims.accounting.facts import Alignment, Cap, Method
from claims.accounting.tree import SPEND, Walk
from claims.services.making import Terms
from claims.services.planning import Wish


def _text() -> forms.Textarea:
    return forms.Textarea(attrs={"rows": "2"})


class ClaimPlanForm(PortalForm):
    """Method and cap are the plan's, and the answers for direct substitution those of the path."""

    reason = forms.CharField(
        label=_("Why direct substitution all the same"), required=False, widget=_text()
    )
    cap_reason = forms.CharField(
        label=_("Why the total-emissions cap"), required=False, widget=_text()
    )
    auditor_note = forms.CharField(
        label=_("What your auditor says to it, as you quote it"), required=False, widget=_text()
    )

    def __init__(self, *args: Any, wish: Wish, walked: Walk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._walked = walked
        is_total = wish.method == Method.ENHANCED and wish.cap == Cap.TOTAL
        unasked = ["reason"] if wish.method != Method.DIRECT else []
        unasked += [] if is_total else ["cap_reason", "auditor_note"]
        for name in unasked:
            del self.fields[name]

    @property
    def terms(self) -> Terms:
        """Valid forms only. The path goes with it where it came to its end."""
        given = self.cleaned_data
        proposal = self._walked.proposal
        fits = proposal is not None and proposal.method != SPEND
        return Terms(
            method="",
            alignment=Alignment(reason=given.get("reason", "")),
            cap_reason=given.get("cap_reason", ""),
            auditor_note=given.get("auditor_note", ""),
            path=tuple(answer for _, answer in self._walked.steps) if fits else (),
        )
