"""What an auditor signs, and the reasons auditor and operator give when they return it."""

from dataclasses import fields
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.ui.forms import FieldGroup, PortalForm
from registry.models import Production
from registry.rulebook.facts import FunctionalUnit
from registry.services.verifications import Figures, Review
from registry.web.forms.fields import DayField, IntensityField, ShareField, UnitsField


def _tick(label: Any) -> forms.BooleanField:
    """Left empty it is a finding of the rules, which say what follows from it."""
    return forms.BooleanField(label=label, required=False)


class SignForm(PortalForm):
    """The auditor's own figures, prefilled with the producer's."""

    fieldsets: ClassVar[tuple[FieldGroup, ...]] = (
        FieldGroup(
            _("Your figures"),
            ("delivered_tonnes", "site_intensity", "intensity", "scrap_share"),
            _("Filled with what the producer declared: write what you verified."),
        ),
        FieldGroup(
            _("What you confirm"),
            ("confirms_threshold", "confirms_route", "confirms_additionality"),
        ),
        FieldGroup(
            _("What you examined"),
            (
                "reviewed_self_assessment",
                "reviewed_evidence",
                "reviewed_on",
                "covers_transactions",
                "deliveries_until",
            ),
        ),
        FieldGroup(_("Your statement"), ("statement",)),
    )

    delivered_tonnes = UnitsField(label=_("Verified as delivered"))
    site_intensity = IntensityField(label=_("Verified average intensity of the site"))
    intensity = IntensityField(label=_("Verified intensity of the product"))
    scrap_share = ShareField(label=_("Verified scrap share of the metallic input"))
    confirms_threshold = _tick(_("The site's average meets the emissions threshold"))
    confirms_route = _tick(_("The criteria of the production route are met"))
    confirms_additionality = _tick(_("Regulatory additionality is shown"))
    reviewed_self_assessment = _tick(_("I reviewed the site's self-assessment"))
    reviewed_evidence = _tick(_("I reviewed its supporting evidence"))
    reviewed_on = DayField(label=_("Last day of the review"))
    covers_transactions = _tick(_("I audited the transactions of this supplier's units"))
    deliveries_until = DayField(
        label=_("Physical deliveries audited up to"), help_text=_("This day included.")
    )
    statement = forms.CharField(
        label=_("Statement"),
        widget=forms.Textarea(attrs={"rows": "6"}),
        help_text=_("What you examined, how, and what you conclude. It is signed in your name."),
    )

    def __init__(self, *args: Any, production: Production, **kwargs: Any) -> None:
        super().__init__(
            *args,
            initial={
                "delivered_tonnes": production.delivered_tonnes,
                "site_intensity": production.site_intensity,
                "intensity": production.intensity,
                "scrap_share": production.scrap_share,
            },
            **kwargs,
        )
        if production.functional_unit == FunctionalUnit.IRON:
            del self.fields["scrap_share"]

    def figures(self) -> Figures:
        given = self.cleaned_data
        return Figures(
            delivered_tonnes=given["delivered_tonnes"],
            site_intensity=given["site_intensity"],
            intensity=given["intensity"],
            scrap_share=given.get("scrap_share"),
        )

    def review(self) -> Review:
        return Review(**{each.name: self.cleaned_data[each.name] for each in fields(Review)})


class DeclineForm(PortalForm):
    reason = forms.CharField(
        label=_("Why not before the audit"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": "3"}),
        help_text=_("The producer reads this. The application stays with its auditor."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "id_decline_%s", **kwargs})


class ReasonForm(PortalForm):
    reason = forms.CharField(
        label=_("What has to be mended"),
        widget=forms.Textarea(attrs={"rows": "4"}),
        help_text=_("The producer reads this and can submit again."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # It stands beside another form on its page, whose ids it must not repeat.
        super().__init__(*args, **{"auto_id": "id_return_%s", **kwargs})
