"""The form of a statement: its public words."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.ui.forms import PortalForm
from claims.accounting.wording import CLAIM_TYPES, DISCLOSURE


class StatementForm(PortalForm):
    claim_type = forms.ChoiceField(
        label=_("What the statement is for"),
        choices=list(CLAIM_TYPES.items()),
        initial="corporate_inventory",
    )
    text = forms.CharField(
        label=_("Public text"),
        initial=DISCLOSURE,
        strip=False,
        widget=forms.Textarea(attrs={"rows": "8"}),
        help_text=_(
            "Section 9.1: it says that a market-based mechanism is used and that nothing is "
            "transferable to customers. It makes no claim on products, projects or buildings."
        ),
    )
