"""Forms for an inventory and its lines. Shape only: what is right is the rulebook's question."""

from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.ui.forms import FieldGroup, PortalForm, QuantityField
from claims.accounting.categories import CATEGORIES
from claims.accounting.facts import DataTier, Material, ProductType, Verified
from claims.accounting.numbers import plain
from claims.accounting.spend import Estimation
from claims.models import LINE_FIELDS, LineColumns
from registry.web.forms.fields import ActingForm, DayField, IntensityField, ShareField, Text


class InventoryForm(ActingForm):
    name = forms.CharField(
        max_length=200, help_text=_("Such as Iron and steel 2025. Your organisation uses it once.")
    )
    period_start = DayField(label=_("First day of the reporting period"))
    period_end = DayField(label=_("Last day of the reporting period"))


def _amount(label: Any, suffix: str, digits: int, places: int, **more: Any) -> QuantityField:
    return QuantityField(
        label=label,
        required=False,
        suffix=suffix,
        min_value=0,
        max_digits=digits,
        decimal_places=places,
        **more,
    )


def _source(label: Any, length: int = 300, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=length, required=False, **more)


class LineForm(PortalForm):
    fieldsets: ClassVar[tuple[FieldGroup, ...]] = (
        FieldGroup(
            _("What it is"),
            ("name", "category", "material", "activity", "product_type", "product_family"),
        ),
        FieldGroup(
            _("How much"),
            ("tonnes", "factor_intensity", "factor_source", "factor_boundary", "stated_emissions"),
            _("Physical tonnes with an emission factor; or, for a line without, its emissions."),
        ),
        FieldGroup(_("Its data"), ("data_tier", "verified", "scrap_share")),
        FieldGroup(_("Where"), ("region", "facility")),
        FieldGroup(
            _("If only the spend is known"),
            (
                "spend",
                "currency",
                "estimation",
                "spend_factor",
                "baseline_intensity",
                "baseline_source",
                "price_index_spend",
                "price_index_reference",
                "unit_price",
                "price_source",
            ),
            _("Tonnes are estimated from it (11.7). Prefer tonnes wherever they are known (9.1)."),
        ),
        FieldGroup(
            _("If iron units are to be applied to steel"),
            (
                "iron_content",
                "regional_scrap_share",
                "global_scrap_share",
                "iron_content_source",
                "iron_factor_intensity",
            ),
            _("The first of the three that is given counts, in this order (9.2)."),
        ),
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
    activity = _source(
        _("Activity, if not the making of the metal"),
        100,
        help_text=_("Such as transport or fabrication. Units are not applied to it (9.1)."),
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
    tonnes = _amount(_("Physical tonnes"), "t", 18, 6)
    factor_intensity = IntensityField(label=_("Emission factor"), required=False)
    factor_source = _source(_("Source of the factor"))
    factor_boundary = _source(
        _("Boundary of the factor"), 200, help_text=_("Such as cradle to gate, crude steel.")
    )
    scrap_share = ShareField(label=_("Scrap share"), required=False)
    stated_emissions = _amount(_("Emissions of a line without tonnes"), "t CO2e", 20, 6)
    data_tier = forms.ChoiceField(
        label=_("Data tier"),
        required=False,
        choices=[
            ("", _("Not said")),
            (DataTier.SUPPLIER.value, _("Supplier: the figures of who made it")),
            (DataTier.REGIONAL.value, _("Regional average")),
            (DataTier.GLOBAL.value, _("Global average")),
            (DataTier.SPEND.value, _("Spend")),
        ],
    )
    verified = forms.ChoiceField(
        label=_("Verified by a third party"),
        required=False,
        choices=[
            ("", _("Not said")),
            (Verified.FULL.value, _("In full")),
            (Verified.PART.value, _("In part")),
            (Verified.NO.value, _("No")),
        ],
    )
    region = forms.CharField(max_length=100, required=False, widget=Text(20))
    facility = forms.CharField(max_length=100, required=False, widget=Text(20))
    spend = _amount(_("Spend"), "", 20, 4)
    currency = forms.CharField(
        max_length=3, required=False, widget=Text(5), help_text=_("Three letters, such as EUR.")
    )
    estimation = forms.ChoiceField(
        label=_("Tonnes are estimated by"),
        required=False,
        choices=[
            ("", _("Not said: intervention baseline")),
            (Estimation.INTERVENTION_BASELINE.value, _("Intervention baseline")),
            (Estimation.UNIT_COST.value, _("Unit cost")),
        ],
    )
    spend_factor = _amount(_("Emission factor of the spend"), "t CO2e", 18, 9)
    baseline_intensity = IntensityField(label=_("Product intervention baseline"), required=False)
    baseline_source = _source(_("Source of the baseline"))
    price_index_spend = _amount(_("Producer price index, year of the spend"), "", 14, 6)
    price_index_reference = _amount(_("Producer price index, year of the price"), "", 14, 6)
    unit_price = _amount(_("Price for a tonne"), "", 18, 4)
    price_source = _source(_("Source of the price"))
    iron_content = ShareField(label=_("Iron content, from the supplier"), required=False)
    regional_scrap_share = ShareField(
        label=_("Default scrap share of the family in its region"), required=False
    )
    global_scrap_share = ShareField(
        label=_("Default scrap share of the family in the world"), required=False
    )
    iron_content_source = _source(_("Source of these"))
    iron_factor_intensity = IntensityField(label=_("Emission factor of the iron"), required=False)

    def values(self) -> dict[str, Any]:
        """What was entered, by field, without the key."""
        return {name: self.cleaned_data[name] for name in self.fields if name != "idempotency_key"}


def initial_of(line: LineColumns) -> dict[str, Any]:
    """The form filled with a line, without what follows from its spend."""
    values = {name: _plain(getattr(line, name)) for name in LINE_FIELDS}
    if line.spend is not None:
        values |= {"stated_emissions": None, "data_tier": ""}
    return values


def _plain(value: Any) -> Any:
    """Without the zeros that a column pads a number with."""
    return plain(value) if isinstance(value, Decimal) else value
