"""An account's limits and trusted accounts, as its people change them."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from accounts.ui.forms import PortalForm, TonnesField
from registry.models.fields import MOST_TONNES
from registry.services.policies import MOST_DELAY_DAYS
from registry.web.forms.fields import Text


class LimitsForm(PortalForm):
    approval_above = TonnesField(
        label=_("Units a day above which a second person approves"),
        required=False,
        max_value=MOST_TONNES,
        help_text=_("Counted over all transfers proposed on the day. Leave empty for no limit."),
    )
    delay_days = forms.IntegerField(
        label=_("Working days before a recipient that is not trusted can accept"),
        min_value=0,
        max_value=MOST_DELAY_DAYS,
        initial=0,
        widget=forms.NumberInput(attrs={"data-width": "4"}),
        help_text=_("0 for none. Until then you can withdraw."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="limits-%s", **kwargs)


class TrustForm(PortalForm):
    other = forms.CharField(
        label=_("Number of the account to trust"),
        max_length=16,
        widget=Text(20, autocomplete="off", autocapitalize="characters"),
        help_text=_("Transfers to it can be accepted without delay."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="trust-%s", **kwargs)

    def clean_other(self) -> Account:
        number = str(self.cleaned_data["other"]).strip().upper()
        found = Account.objects.select_related("organisation").filter(number=number).first()
        if found is None:
            raise ValidationError(_("There is no account with this number: mistyped?"))
        return found


class DistrustForm(TrustForm):
    """A button beside a trusted account."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other"].widget = forms.HiddenInput()
        self.auto_id = False
