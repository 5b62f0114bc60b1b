"""Sites and the producer's own baselines."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.ui.forms import FieldGroup, TonnesField
from registry import words
from registry.models.site import ROUTE_LABELS
from registry.rulebook.facts import BaselineKind, FunctionalUnit
from registry.web.forms.fields import (
    ActingForm,
    CountryField,
    DayField,
    IntensityField,
    ShareField,
    Text,
)

SINGLE_KINDS = (
    (BaselineKind.ASSET.value, _("Asset or operational: this site, before the change")),
    (BaselineKind.REGIONAL.value, _("Regional average of this product")),
    (BaselineKind.ADJUSTED_EPD.value, _("Adjusted average of LCAs or EPDs")),
)


_GASES = (("CO2e", _("CO2e: all greenhouse gases")), ("CO2", _("CO2 alone")))


class SiteForm(ActingForm):
    fieldsets: ClassVar[tuple[FieldGroup, ...]] = (
        FieldGroup(_("The site"), ("organisation", "name", "code", "route", "started_on")),
        FieldGroup(_("Where it is"), ("country", "region", "locality", "latitude", "longitude")),
        FieldGroup(
            _("What it can make"),
            ("iron_capacity", "steel_capacity", "source"),
            _("For readers of the public register; no rule looks at these."),
        ),
    )

    name = forms.CharField(max_length=200)
    code = forms.CharField(
        max_length=12,
        widget=Text(10, autocapitalize="characters", autocomplete="off"),
        help_text=_(
            "1 to 12 capital letters and digits. It becomes part of every unit's identifier "
            "and is never changed."
        ),
    )
    route = forms.ChoiceField(
        label=_("Production route"),
        choices=[("", _("Choose a route")), *((r.value, ROUTE_LABELS[r]) for r in ROUTE_LABELS)],
    )
    started_on = DayField(label=_("Start of operation"), required=False)
    country = CountryField()
    region = forms.CharField(max_length=100, required=False)
    locality = forms.CharField(max_length=100, required=False, label=_("Town or locality"))
    latitude = forms.DecimalField(
        required=False, max_digits=9, decimal_places=6, help_text=_("Degrees, north positive.")
    )
    longitude = forms.DecimalField(
        required=False, max_digits=9, decimal_places=6, help_text=_("Degrees, east positive.")
    )
    iron_capacity = TonnesField(label=_("Iron, a year"), required=False)
    steel_capacity = TonnesField(label=_("Crude steel, a year"), required=False)
    source = forms.CharField(max_length=500, required=False, label=_("Source of this description"))

    def clean_code(self) -> str:
        return str(self.cleaned_data["code"]).strip().upper()


class _BaselineForm(ActingForm):
    name = forms.CharField(
        max_length=200, help_text=_("How it appears when you choose a baseline.")
    )
    gas_basis = forms.ChoiceField(
        label=_("Gas basis"), widget=forms.RadioSelect, choices=_GASES, initial="CO2e"
    )
    region = forms.CharField(
        max_length=100,
        required=False,
        label=_("Region"),
        help_text=_("Where it is no country: World, Europe …"),
    )
    year = forms.IntegerField(
        required=False, min_value=1990, max_value=2100, label=_("Year of the data")
    )
    source = forms.CharField(
        max_length=500,
        widget=forms.Textarea(attrs={"rows": "3"}),
        help_text=_("Publication, table and row, or the measurement. It is published with units."),
    )


class ValueBaselineForm(_BaselineForm):
    """One reference value (4.1)."""

    fieldsets: ClassVar[tuple[FieldGroup, ...]] = (
        FieldGroup(_("The value"), ("organisation", "kind", "name", "functional_unit")),
        FieldGroup("", ("value_intensity", "gas_basis", "scrap_share")),
        FieldGroup(_("Where it comes from"), ("country", "region", "year", "source")),
    )

    kind = forms.ChoiceField(label=_("Kind"), widget=forms.RadioSelect, choices=SINGLE_KINDS)
    functional_unit = forms.ChoiceField(
        label=_("For units of"),
        widget=forms.RadioSelect,
        choices=[(unit.value, name.capitalize()) for unit, name in words.UNIT_NAMES.items()],
    )
    country = CountryField(required=False, label=_("Country the value is of"))
    value_intensity = IntensityField(label=_("Reference value"))
    scrap_share = ShareField(
        label=_("Scrap share of the value"), required=False, help_text=_("Crude steel only.")
    )


def _point_year() -> forms.IntegerField:
    return forms.IntegerField(
        required=False, min_value=1990, max_value=2100, label=_("Its year, if another")
    )


def _point_text(label: Any, most: int) -> forms.CharField:
    return forms.CharField(max_length=most, required=False, label=label)


def _point_gas() -> forms.ChoiceField:
    choices = [("", _("As the scale")), *_GASES]
    return forms.ChoiceField(choices=choices, required=False, label=_("Its gas basis, if another"))


class ScaleBaselineForm(_BaselineForm):
    """Two reference points for crude steel, read at each production's scrap share (4.2)."""

    fieldsets: ClassVar[tuple[FieldGroup, ...]] = (
        FieldGroup(_("The scale"), ("organisation", "name")),
        FieldGroup(
            _("Where it comes from"),
            ("gas_basis", "country", "region", "year", "source"),
            _("Holds for both points, unless a point below says otherwise of itself (R053)."),
        ),
        *(
            FieldGroup(
                title,
                tuple(
                    f"{which}_{name}"
                    for name in (
                        "scrap_share",
                        "intensity",
                        "gas_basis",
                        "region",
                        "year",
                        "source",
                    )
                ),
                text,
            )
            for which, title, text in (
                (
                    "primary",
                    _("Primary point"),
                    _("The ore-based route, with the lower scrap share."),
                ),
                (
                    "secondary",
                    _("Secondary point"),
                    _("The scrap-based route. Between the points the baseline is a straight line."),
                ),
            )
        ),
    )

    country = CountryField(required=False, label=_("Country the scale is of"))
    year = forms.IntegerField(min_value=1990, max_value=2100, label=_("Year of the data"))
    primary_intensity = IntensityField(label=_("Intensity"))
    primary_scrap_share = ShareField(label=_("Scrap share"))
    primary_gas_basis = _point_gas()
    primary_region = _point_text(_("Its region, if another"), 100)
    primary_year = _point_year()
    primary_source = _point_text(_("Its source, if another"), 500)
    secondary_intensity = IntensityField(label=_("Intensity"))
    secondary_scrap_share = ShareField(label=_("Scrap share"))
    secondary_gas_basis = _point_gas()
    secondary_region = _point_text(_("Its region, if another"), 100)
    secondary_year = _point_year()
    secondary_source = _point_text(_("Its source, if another"), 500)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        points = (cleaned.get("primary_region"), cleaned.get("secondary_region"))
        has_place = cleaned.get("country") or cleaned.get("region") or all(points)
        if "region" in cleaned and not has_place:
            self.add_error("region", _("Give the country or the region, or each point's (R053)."))
        return cleaned

    def values(self) -> dict[str, Any]:
        fixed = {
            "kind": BaselineKind.SLIDING_SCALE.value,
            "functional_unit": FunctionalUnit.CRUDE_STEEL.value,
        }
        return {**super().values(), **fixed}
