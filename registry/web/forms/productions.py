"""A production as its producer declares it, its evidence, and handing it to an auditor."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, Organisation
from accounts.permissions import roles_of
from accounts.roles import Role
from accounts.ui.forms import FieldGroup, PortalForm
from registry import words
from registry.evidence import ACCEPTED
from registry.models import Agreement, Baseline, Evidence, Production, Site
from registry.rulebook.edition import Edition
from registry.rulebook.facts import FunctionalUnit
from registry.services.baseline_facts import CHOICE_FIELDS, choice_of
from registry.services.productions import PRODUCTION_FIELDS
from registry.web.forms.fields import DayField, ShareField, Text, UnitsField

COMPANY_FIGURES = "COMPANY"
_UNITS_OF_ROLES = {
    Role.IRON_PRODUCER: FunctionalUnit.IRON,
    Role.STEEL_PRODUCER: FunctionalUnit.CRUDE_STEEL,
}
_OF_UNIT = {
    FunctionalUnit.IRON: (
        "fe_metallic_share",
        "fe_total_share",
        "baseline_reason",
        "boundary_mining",
        "boundary_methane",
        "boundary_process_gas",
    ),
    FunctionalUnit.CRUDE_STEEL: (),
}


class ProductionForm(PortalForm):
    """Everything may be empty in a draft: the rules say what is missing.

    Offers only what the producer's roles can make: units, products, and the shares they need.
    """

    mark_optional = False
    fieldsets: ClassVar[tuple[FieldGroup, ...]] = (
        FieldGroup(
            _("What was made, and when"),
            ("functional_unit", "product", "period_start", "period_end"),
        ),
        FieldGroup(
            _("Tonnage"),
            ("delivered_tonnes", "delivered_on", "tonnes", "account", "agreement", "end_use"),
        ),
        FieldGroup(
            _("Measured figures"),
            (
                "measured_site",
                "fe_metallic_share",
                "fe_total_share",
                "methodology",
            ),
        ),
        FieldGroup(_("Baseline"), ("baseline", "baseline_reason")),
        FieldGroup(
            _("The CBAM value's boundary beside the EPD's"),
            ("boundary_mining", "boundary_methane", "boundary_process_gas"),
            _("Only for a CBAM value used with an EPD: what you found on each difference (4.1)."),
        ),
        FieldGroup(
            _("What made it low-emissions"),
            ("abatement", "abatement_details", "additionality", "epd", "epd_verifier"),
        ),
        FieldGroup(_("If it is late"), ("late_reason",)),
    )

    functional_unit = forms.ChoiceField(label=_("One unit is a tonne of"), required=False)
    product = forms.ChoiceField(required=False)
    period_start = DayField(label=_("First day of production"), required=False)
    period_end = DayField(
        label=_("Last day of production"),
        required=False,
        help_text=_("The production period is the units' vintage."),
    )
    delivered_tonnes = UnitsField(label=_("Delivered, with proof"), required=False)
    delivered_on = DayField(label=_("Last delivery"), required=False)
    tonnes = UnitsField(
        label=_("Units applied for"),
        required=False,
        help_text=_("One unit is one tonne; no more than was delivered."),
    )
    account = forms.ModelChoiceField(
        label=_("Account that will hold the units"),
        queryset=Account.objects.none(),
        required=False,
        empty_label=_("Choose an account"),
    )
    agreement = forms.ModelChoiceField(
        label=_("Agreement the units are issued under"),
        queryset=Agreement.objects.none(),
        required=False,
        empty_label=_("No agreement"),
        help_text=_("Its limits on transfers and claims stay with the units."),
    )
    end_use = forms.CharField(
        label=_("End use of the physical metal"), max_length=200, required=False
    )
    measured_site = forms.ChoiceField(
        label=_("The figures are of"),
        required=False,
        help_text=_("Measured at the site the units come from."),
    )
    fe_metallic_share = ShareField(label=_("Metallic iron (Fe) content"), required=False)
    fe_total_share = ShareField(label=_("Total iron (Fe) content"), required=False)
    methodology = forms.CharField(
        label=_("Certification or method of measurement"), max_length=200, required=False
    )
    baseline = forms.ModelChoiceField(
        queryset=Baseline.objects.none(),
        required=False,
        empty_label=_("Choose a baseline"),
        help_text=_("Your own, and those of the library that fit this site."),
    )
    baseline_reason = forms.CharField(
        label=_("Why it is not the asset's own baseline"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": "2"}),
        help_text=_("Iron only, for a regional average or a CBAM value. It is published."),
    )
    boundary_mining = forms.CharField(
        label=_("Mining and beneficiation"), max_length=300, required=False
    )
    boundary_methane = forms.CharField(label=_("Methane leakage"), max_length=300, required=False)
    boundary_process_gas = forms.CharField(
        label=_("Process gas and waste heat"), max_length=300, required=False
    )
    abatement = forms.CharField(
        label=_("Abatement technology"), max_length=100, required=False, widget=Text(30)
    )
    abatement_details = forms.CharField(
        label=_("Technical details"), required=False, widget=forms.Textarea(attrs={"rows": "3"})
    )
    additionality = forms.CharField(
        label=_("Regulatory additionality"),
        required=False,
        widget=forms.Textarea(attrs={"rows": "4"}),
        help_text=_("Declare that no law required the technology that lowered the emissions."),
    )
    epd = forms.CharField(label=_("EPD or LCA, if there is one"), max_length=200, required=False)
    epd_verifier = forms.CharField(label=_("Who verified it"), max_length=200, required=False)
    late_reason = forms.CharField(
        label=_("Why the units are created late"),
        required=False,
        widget=forms.Textarea(attrs={"rows": "3"}),
        help_text=_("Only after the due date, 24 months after the period. It is published."),
    )

    def __init__(self, *args: Any, site: Site, edition: Edition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        producer = site.organisation
        units = _units_of(producer)
        self._offer_products(units, edition)
        choices: Any = self.fields
        choices["account"].queryset = producer.accounts.order_by("number")
        choices["agreement"].queryset = Agreement.objects.filter(issuer=producer).order_by(
            "-executed_on"
        )
        choices["baseline"].queryset = baselines_for(site, units)
        choices["baseline"].label_from_instance = baseline_label
        choices["measured_site"].choices = _measured(producer)
        choices["measured_site"].initial = site.code
        if len(units) == 1:
            choices["functional_unit"].initial = units[0]
        for unit, names in _OF_UNIT.items():
            if unit not in units:
                for name in names:
                    del self.fields[name]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        start, end = cleaned.get("period_start"), cleaned.get("period_end")
        if start and end and end < start:
            self.add_error("period_end", _("The last day comes before the first."))
        return cleaned

    def starting_values(self) -> dict[str, Any]:
        """What an untouched form already says, for the rules to look at."""
        names = ("functional_unit", "measured_site")
        return {name: self.get_initial_for_field(self.fields[name], name) or "" for name in names}

    def values(self) -> dict[str, Any]:
        """What has the right shape, by field of the application."""
        return {
            name: self.cleaned_data[name]
            for name in PRODUCTION_FIELDS
            if name in self.fields and name in self.cleaned_data
        }

    def _offer_products(self, units: list[FunctionalUnit], edition: Edition) -> None:
        products = {
            FunctionalUnit.IRON: edition.iron_products,
            FunctionalUnit.CRUDE_STEEL: edition.steel_products,
        }
        choices: Any = self.fields
        choices["functional_unit"].choices = [
            ("", _("Choose")),
            *((unit.value, words.unit_name(unit)) for unit in units),
        ]
        groups = [
            (words.unit_name(unit).capitalize(), [(p, words.product_name(p)) for p in of_unit])
            for unit, of_unit in products.items()
            if unit in units
        ]
        choices["product"].choices = [
            ("", _("Choose a product")),
            *(groups if len(groups) > 1 else [one for _name, some in groups for one in some]),
        ]


class EvidenceForm(PortalForm):
    kind = forms.ChoiceField(
        label=_("What it proves"),
        choices=[
            (value, str(label)[:1].upper() + str(label)[1:])
            for value, label in Evidence.Kind.choices
        ],
    )
    file = forms.FileField(
        widget=forms.FileInput(attrs={"accept": ACCEPTED.replace(" ", ",")}),
        help_text=_("PDF, PNG, JPEG, XLSX, CSV, text or JSON, at most 20 MiB."),
    )


class SubmitForm(PortalForm):
    auditor = forms.ModelChoiceField(
        queryset=Organisation.objects.none(), empty_label=_("Choose an auditor")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["auditor"]
        choice.queryset = Organisation.objects.filter(role_rows__role=Role.AUDITOR).order_by("name")


def initial_of(production: Production) -> dict[str, Any]:
    """The record as a form's initial values."""
    choice = choice_of(production)
    return {
        name: getattr(choice if name in CHOICE_FIELDS else production, name)
        for name in PRODUCTION_FIELDS
    }


def baselines_for(site: Site, units: Iterable[FunctionalUnit]) -> Any:
    """The producer's own baselines first, then the library's for this site's country."""
    fitting = Q(organisation=site.organisation) | Q(
        organisation__isnull=True, country__in=("", site.country)
    )
    return Baseline.objects.filter(
        fitting, reference_only=False, functional_unit__in=[unit.value for unit in units]
    ).order_by("organisation_id", "name", "id")


def baseline_label(baseline: Baseline) -> str:
    if baseline.value_intensity is None:
        return baseline.name
    return f"{baseline.name}: {baseline.value_intensity.normalize():f} t CO2e/t"


def _units_of(producer: Organisation) -> list[FunctionalUnit]:
    roles = roles_of(producer)
    return [unit for role, unit in _UNITS_OF_ROLES.items() if role in roles]


def _measured(producer: Organisation) -> list[tuple[str, str]]:
    sites = producer.sites.order_by("name").values_list("code", "name")
    return [
        *((code, f"{name} ({code})") for code, name in sites),
        (COMPANY_FIGURES, str(_("Several sites: a company or product average"))),
    ]
