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
        FieldGroup("", ("value_intensity", "scrap_share", "country")),
        FieldGroup(_("Where it comes from"), ("year", "source")),
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


class ScaleBaselineForm(_BaselineForm):
    """Two reference points for crude steel, read at each production's scrap share (4.2)."""

    fieldsets: ClassVar[tuple[FieldGroup, ...]] = (
        FieldGroup(_("The scale"), ("organisation", "name")),
        FieldGroup(
            _("Primary point"),
            ("primary_scrap_share", "primary_intensity"),
            _("The ore-based route, with the lower scrap share."),
        ),
        FieldGroup(
            _("Secondary point"),
            ("secondary_scrap_share", "secondary_intensity"),
            _("The scrap-based route. Between the points the baseline is a straight line."),
        ),
        FieldGroup(_("Where it comes from"), ("year", "source")),
    )

    primary_intensity = IntensityField(label=_("Intensity"))
    primary_scrap_share = ShareField(label=_("Scrap share"))
    secondary_intensity = IntensityField(label=_("Intensity"))
    secondary_scrap_share = ShareField(label=_("Scrap share"))

    def values(self) -> dict[str, Any]:
        fixed = {
            "kind": BaselineKind.SLIDING_SCALE.value,
            "functional_unit": FunctionalUnit.CRUDE_STEEL.value,
        }
        return {**super().values(), **fixed}
