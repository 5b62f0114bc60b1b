"""An audit of a site before it produces: whom to ask, and what the auditor expects (6.1)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from accounts.roles import Role
from accounts.ui.forms import PortalForm
from registry.models import ExAnteAudit
from registry.rulebook.facts import FunctionalUnit, Recurrence
from registry.services.verifications import Figures
from registry.web.forms.fields import IntensityField, ShareField
from registry.words import unit_name


class OpenExAnteForm(PortalForm):
    auditor = forms.ModelChoiceField(
        queryset=Organisation.objects.none(), label=_("Auditor"), empty_label=_("Choose one")
    )
    functional_unit = forms.ChoiceField(label=_("One unit is a tonne of"))
    recurrence = forms.ChoiceField(
        label=_("How often the site is verified again"),
        choices=[
            (Recurrence.ANNUAL.value, _("Every year")),
            (Recurrence.QUARTERLY.value, _("Every quarter")),
        ],
        help_text=_("Provisional units come only while this verification is kept up (R083)."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        auditor, unit = self.fields["auditor"], self.fields["functional_unit"]
        assert isinstance(auditor, forms.ModelChoiceField)
        assert isinstance(unit, forms.ChoiceField)
        auditor.queryset = Organisation.objects.filter(role_rows__role=Role.AUDITOR).order_by(
            "name"
        )
        unit.choices = [
            ("", _("Choose one")),
            *((each.value, unit_name(each.value)) for each in FunctionalUnit),
        ]


class SignExAnteForm(PortalForm):
    site_intensity = IntensityField(label=_("Expected average intensity of the site"))
    intensity = IntensityField(label=_("Expected intensity of the product"))
    scrap_share = ShareField(label=_("Expected scrap share of the metallic input"))
    statement = forms.CharField(
        label=_("Statement"),
        widget=forms.Textarea(attrs={"rows": "6"}),
        max_length=10_000,
        help_text=_("What you examined, how, and what you expect. It is signed in your name."),
    )

    def __init__(self, *args: Any, audit: ExAnteAudit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if audit.functional_unit == FunctionalUnit.IRON:
            del self.fields["scrap_share"]

    def figures(self) -> Figures:
        given = self.cleaned_data
        return Figures(0, given["site_intensity"], given["intensity"], given.get("scrap_share"))
