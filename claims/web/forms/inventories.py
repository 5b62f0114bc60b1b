"""Forms for an inventory and its lines. Shape only: what is right is the rulebook's question."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.ui.forms import FieldGroup, PortalForm, QuantityField
from claims.accounting.categories import CATEGORIES
from claims.accounting.facts import Material, ProductType
from registry.web.forms.fields import ActingForm, DayField, IntensityField, ShareField, Text


class InventoryForm(ActingForm):
    name = forms.CharField(
        max_length=200, help_text=_("Such as Iron and steel 2025. Your organisation uses it once.")
    )
    period_start = DayField(label=_("First day of the reporting period"))
    period_end = DayField(label=_("Last day of the reporting period"))


class LineForm(PortalForm):
    fieldsets: ClassVar[tuple[FieldGroup, ...]] = (
        FieldGroup(
            _("What it is"), ("name", "category", "material", "product_type", "product_family")
        ),
        FieldGroup(
            _("How much"),
            ("tonnes", "factor_intensity", "factor_source", "scrap_share", "stated_emissions"),
            _("Physical tonnes with an emission factor; or, for a line without, its emissions."),
        ),
        FieldGroup(_("Where"), ("region", "facility")),
    )

    name = forms.CharField(
        label=_("Name"), max_length=200, help_text=_("Such as Rebar in owned office buildings.")
    )
    category = forms.ChoiceField(
        choices=[("", _("Choose a category")), *CATEGORIES.items()], label=_("Category")
    )
    material = forms.ChoiceField(
        widget=forms.RadioSelect,
        choices=[
            (Material.STEEL.value, _("Steel")),
            (Material.IRON.value, _("Iron")),
            (Material.OTHER.value, _("Another material or activity")),
        ],
    )
    product_type = forms.ChoiceField(
        label=_("Flat or long"),
        required=False,
        widget=forms.RadioSelect,
        choices=[
            (ProductType.FLAT.value, _("Flat: plate, coil, sheet")),
            (ProductType.LONG.value, _("Long: bar, rebar, section, rail, wire")),
            ("", _("Neither, or not known")),
        ],
        initial="",
    )
    product_family = forms.CharField(max_length=100, required=False, widget=Text(20))
    tonnes = QuantityField(
        label=_("Physical tonnes"),
        required=False,
        suffix="t",
        min_value=0,
        max_digits=18,
        decimal_places=6,
    )
    factor_intensity = IntensityField(label=_("Emission factor"), required=False)
    factor_source = forms.CharField(label=_("Source of the factor"), max_length=300, required=False)
    scrap_share = ShareField(label=_("Scrap share"), required=False)
    stated_emissions = QuantityField(
        label=_("Emissions of a line without tonnes"),
        required=False,
        suffix="t CO2e",
        min_value=0,
        max_digits=20,
        decimal_places=6,
    )
    region = forms.CharField(max_length=100, required=False, widget=Text(20))
    facility = forms.CharField(max_length=100, required=False, widget=Text(20))

    def values(self) -> dict[str, Any]:
        """What was entered, by field, without the key."""
        return {name: self.cleaned_data[name] for name in self.fields if name != "idempotency_key"}
