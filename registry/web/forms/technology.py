"""What a site runs on, as its producer describes it."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.ui.forms import FieldGroup, QuantityField
from registry.models import SiteTechnology
from registry.models.technology import BIOMASS_NAMES, DESTINATION_NAMES, LABEL_NAMES
from registry.services.technology import ROWS, TECHNOLOGY_FIELDS
from registry.web.forms.fields import DayField, ShareField
from registry.web.forms.rows import RowGroup, RowsForm, yes_or_no


def _choices(names: Any) -> list[tuple[str, str]]:
    return [
        ("", str(_("Choose"))),
        *((key.value, name.capitalize()) for key, name in names.items()),
    ]


def _line(label: Any, most: int = 300, help_text: Any = "") -> forms.CharField:
    return forms.CharField(label=label, max_length=most, required=False, help_text=help_text)


def _share(label: Any, help_text: Any = "") -> ShareField:
    return ShareField(label=label, required=False, help_text=help_text)


class TechnologyForm(RowsForm):
    fieldsets: ClassVar[tuple[FieldGroup, ...]] = (
        FieldGroup("", ("valid_from",)),
        FieldGroup(
            _("Natural gas"), ("natural_gas_used", "methane_leakage_share", "methane_source")
        ),
        FieldGroup(
            _("Renewable hydrogen and electricity"),
            (
                "hydrogen_reduction_share",
                "hydrogen_heat_share",
                "renewable_electricity_share",
                "renewable_supply",
            ),
        ),
        FieldGroup(
            _("Bioenergy"),
            ("bioenergy_reduction_share", "bioenergy_heat_share", "biomass_verification"),
        ),
        FieldGroup(_("Labels and details"), ("labels", "details")),
        FieldGroup(
            _("Transport and storage of captured CO2"),
            (
                "storage_contracted_on",
                "storage_operational_on",
                "leakage_detection",
                "co2_leaked_share",
            ),
            _("Only where CO2 is captured."),
        ),
    )
    row_groups: ClassVar = {
        "feedstocks": RowGroup(
            _("Biomass feedstock"),
            _("Add a feedstock"),
            {
                "name": lambda: _line(_("Feedstock"), 100),
                "kind": lambda: forms.ChoiceField(
                    label=_("Class"), required=False, choices=_choices(BIOMASS_NAMES)
                ),
                "origin": lambda: _line(_("Where it comes from"), 200),
            },
        ),
        "capture_points": RowGroup(
            _("Capture point"),
            _("Add a capture point"),
            {
                "name": lambda: _line(_("Capture point"), 100),
                "emissions": lambda: QuantityField(
                    label=_("Emissions before capture"),
                    suffix="t CO2 a year",
                    min_value=0,
                    max_digits=15,
                    decimal_places=3,
                    required=False,
                ),
                "captured_share": lambda: _share(_("Captured")),
            },
        ),
        "captured": RowGroup(
            _("Where captured CO2 goes"),
            _("Add a destination"),
            {
                "destination": lambda: forms.ChoiceField(
                    label=_("Destination"), required=False, choices=_choices(DESTINATION_NAMES)
                ),
                "share": lambda: _share(
                    _("Share of all captured CO2"), _("All destinations together are 100 %.")
                ),
                "lowers_intensity": lambda: yes_or_no(_("Does it lower the measured intensity?")),
                "monitoring": lambda: _line(_("Monitoring (MRV) on file")),
                "liability": lambda: _line(_("Liability on file")),
            },
        ),
    }

    valid_from = DayField(
        label=_("Holds from"),
        help_text=_("It takes over from every description that would begin on that day or later."),
    )
    natural_gas_used = yes_or_no(
        _("Is natural gas used?"), _("Also to make hydrogen or electricity for the site.")
    )
    methane_leakage_share = _share(_("Upstream methane leakage"), _("Of the gas, at most 0.2 %."))
    methane_source = _line(_("Source of the leakage"))
    hydrogen_reduction_share = _share(_("Hydrogen, of the energy for reduction"))
    hydrogen_heat_share = _share(_("Hydrogen, of the energy for other heat"))
    renewable_electricity_share = _share(_("Renewable electricity, of the demand"))
    renewable_supply = _line(
        _("How renewables are supplied"),
        help_text=_("Direct supply, or the contract that is specific to a project."),
    )
    bioenergy_reduction_share = _share(_("Bioenergy, of the energy for reduction"))
    bioenergy_heat_share = _share(_("Bioenergy, of the energy for other heat"))
    biomass_verification = _line(_("Verification of sustainable biomass"))
    labels = forms.MultipleChoiceField(
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[(label.value, name[:1].upper() + name[1:]) for label, name in LABEL_NAMES.items()],
        help_text=_("Those the figures earn. The report says which (R088)."),
    )
    details = forms.CharField(
        label=_("Technical details"),
        max_length=10_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": "3"}),
    )
    storage_contracted_on = DayField(label=_("Contracted on"), required=False)
    storage_operational_on = DayField(label=_("In operation from"), required=False)
    leakage_detection = _line(_("How leaks are detected"))
    co2_leaked_share = _share(_("CO2 lost"), _("Of the mass of CO2 transported, at most 0.5 %."))

    def values(self) -> dict[str, Any]:
        """Of a valid form: the description with its rows."""
        return {
            **{name: self.cleaned_data[name] for name in TECHNOLOGY_FIELDS},
            **{name: self.rows(name) for name in self.row_groups},
        }


def initial_of(technology: SiteTechnology | None) -> dict[str, Any]:
    """The last description as a form's initial values: a new one is mostly the same."""
    if technology is None:
        return {}
    values = {name: _shown(getattr(technology, name)) for name in TECHNOLOGY_FIELDS}
    for name, (_model, fields) in ROWS.items():
        some: Iterable[Any] = getattr(technology, name).all()
        values[name] = [{f: _shown(getattr(row, f)) for f in fields} for row in some]
    return values


def _shown(value: Any) -> Any:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value
