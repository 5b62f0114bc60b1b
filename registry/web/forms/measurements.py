"""A measurement and an allocation as their producer enters them: typed, pasted or uploaded rows."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.ui.forms import FieldGroup, PortalForm, QuantityField
from registry.models import Allocation, Measurement
from registry.models.measurement import PROCESS_GAS
from registry.rulebook.edition import Edition
from registry.services.lines import LINES, LOTS, STEPS, Row, as_text, lines_of, plain, table_of
from registry.services.measurements import MEASUREMENT_FIELDS
from registry.tabular import Column, Table
from registry.web.forms.fields import DayField, IntensityField, ShareField

SCHEMES = (
    ("responsiblesteel", "ResponsibleSteel (Criterion 10.4)"),
    ("less", "LESS"),
    ("gscc", "GSCC"),
    ("cisa", "CISA"),
    ("iea", "IEA"),
    ("worldsteel", "worldsteel LCI"),
    ("other", _("another")),
)
_ELEMENTS = {
    "ore_mining": _("Mining of ore"),
    "fuel_extraction": _("Extraction of coal, gas and other fuels"),
    "ore_preparation": _("Sintering, pelletising, coking"),
    "ironmaking": _("Ironmaking"),
    "electricity": _("Electricity"),
    "transport": _("Transport of all inputs"),
    "steelmaking": _("Steelmaking"),
    "casting": _("Casting"),
}
_ENDS = {
    "casting": _("Casting of crude steel"),
    "first_iron_product": _("The first iron product"),
    "hot_rolling": _("Hot rolling or later"),
}
_MOST_TEXT = 500_000


def _amount(label: Any, unit: str, **kwargs: Any) -> QuantityField:
    return QuantityField(
        label=label,
        suffix=unit,
        required=False,
        min_value=0,
        max_digits=21,
        decimal_places=6,
        **kwargs,
    )


def _rows_field(label: Any, columns: Sequence[Column]) -> forms.CharField:
    names = ", ".join(column.label for column in columns)
    return forms.CharField(
        label=label,
        required=False,
        max_length=_MOST_TEXT,
        strip=False,
        widget=forms.Textarea(attrs={"rows": "8", "spellcheck": "false", "wrap": "off"}),
        help_text=_(
            "One row a line, separated by tabs, commas or semicolons. First row: %(names)s."
        )
        % {"names": names},
    )


class RowsForm(PortalForm):
    """A form with a table of rows, from its file where one is chosen, else from its text."""

    columns: ClassVar[tuple[Column, ...]] = ()
    rows_field: ClassVar[str] = ""

    mark_optional = False
    is_multipart_form = True

    file = forms.FileField(
        label=_("Or a file, which replaces the rows above"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
        help_text=_("CSV or XLSX, at most 2,000 rows."),
    )

    def rows(self) -> list[Row]:
        """The rows that were read; none from a form that is not valid."""
        return list(getattr(self, "_rows", []))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        self._rows: list[Row] = []
        upload = cleaned.get("file")
        text = cleaned.get(self.rows_field) or ""
        if upload is None and not text.strip():
            return cleaned
        table = (
            table_of(self.columns, name=upload.name, content=upload.read())
            if upload
            else table_of(self.columns, text=text)
        )
        self._rows, said = self.read(table)
        for each in said:
            self.add_error("file" if upload else self.rows_field, each)
        return cleaned

    def read(self, table: Table) -> tuple[list[Row], list[str]]:
        return [plain(row.values) for row in table.rows], table.texts()


class MeasurementForm(RowsForm):
    """Everything may be missing in a draft: the rules say what is."""

    columns = LINES
    rows_field = "lines"
    fieldsets: ClassVar[tuple[FieldGroup, ...]] = (
        FieldGroup(_("Method and period"), ("scheme", "data_start", "data_end", "output_tonnes")),
        FieldGroup(
            _("Emissions by scope and source, and metallic inputs"),
            ("lines", "file"),
            _("The site's average and its scrap share are computed from these."),
        ),
        FieldGroup(_("The boundary"), ("covers", "ends_at", "allocated_emissions")),
        FieldGroup(_("Electricity"), ("electricity_basis", "electricity_mwh", "instruments_mwh")),
        FieldGroup(
            _("Iron made beside steel"),
            ("is_integrated", "is_segregated", "process_gas", "whole_site_emissions"),
        ),
        FieldGroup(
            _("If the figure comes from another scheme"),
            ("conversion_level", "conversion_figure", "steps"),
            _("A label alone is no evidence. Attach the files that the steps name."),
        ),
        FieldGroup(
            _("If the certificate is of hot-rolled coil"), ("certified_product", "crude_figure")
        ),
    )

    scheme = forms.ChoiceField(
        label=_("Measured by"), required=False, choices=[("", _("Choose")), *SCHEMES]
    )
    data_start = DayField(label=_("First day of the activity data"), required=False)
    data_end = DayField(
        label=_("Last day of the activity data"),
        required=False,
        help_text=_("A full year; with less the verification is conditional."),
    )
    output_tonnes = _amount(_("Made by the site in that time"), "t")
    lines = _rows_field(_("Rows"), LINES)
    covers = forms.MultipleChoiceField(
        label=_("Counted, or does not occur here"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=list(_ELEMENTS.items()),
    )
    ends_at = forms.ChoiceField(
        label=_("The last step counted"),
        required=False,
        choices=[("", _("Choose")), *_ENDS.items()],
    )
    allocated_emissions = _amount(
        _("Allocated to co-products"), "t CO2e", help_text=_("0: nothing may be.")
    )
    electricity_basis = forms.ChoiceField(
        label=_("Counted by"),
        required=False,
        choices=[
            ("", _("Choose")),
            ("location", _("location")),
            ("market", _("market instruments")),
        ],
    )
    electricity_mwh = _amount(_("Used"), "MWh")
    instruments_mwh = _amount(_("Covered by instruments"), "MWh")
    is_integrated = forms.BooleanField(label=_("The site also makes steel"), required=False)
    is_segregated = forms.BooleanField(
        label=_("The iron boundary is calculated by itself"), required=False
    )
    process_gas = forms.ChoiceField(
        label=_("Process gas and waste energy that leave it"),
        required=False,
        choices=[
            (code, label)
            for code, label in zip(
                PROCESS_GAS,
                (_("none"), _("credited by system expansion"), _("allocated")),
                strict=True,
            )
        ],
    )
    whole_site_emissions = _amount(_("Emissions of the whole site"), "t CO2e")
    conversion_level = forms.CharField(label=_("Its label"), max_length=100, required=False)
    conversion_figure = IntensityField(label=_("Its figure"), required=False)
    steps = _rows_field(_("Steps to the threshold's boundary"), STEPS)
    certified_product = forms.ChoiceField(
        label=_("Certificate of"),
        required=False,
        choices=[
            ("", _("no certificate")),
            ("crude_steel", _("crude steel or iron")),
            ("hot_rolled", _("hot-rolled coil")),
        ],
    )
    crude_figure = IntensityField(label=_("Crude-level figure"), required=False)

    def __init__(self, *args: Any, edition: Edition, is_iron: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        needed = edition.iron_boundary if is_iron else edition.steel_boundary
        fields: Any = self.fields
        fields["covers"].choices = [(each, _ELEMENTS.get(each, each)) for each in needed]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self._steps: list[Row] = []
        text = cleaned.get("steps") or ""
        if text.strip():
            table = table_of(STEPS, text=text)
            self._steps = [plain(row.values) for row in table.rows]
            for each in table.texts():
                self.add_error("steps", each)
        cleaned["process_gas"] = cleaned.get("process_gas") or PROCESS_GAS[0]
        return cleaned

    def read(self, table: Table) -> tuple[list[Row], list[str]]:
        return lines_of(table)

    def steps_rows(self) -> list[Row]:
        return list(getattr(self, "_steps", []))

    def values(self) -> dict[str, Any]:
        """What has the right shape, by field of the measurement."""
        return {
            name: self.cleaned_data[name]
            for name in MEASUREMENT_FIELDS
            if name in self.cleaned_data
        }


class AllocationForm(RowsForm):
    """Green iron in this production's steel: every iron input of the site, green or not."""

    columns = LOTS
    rows_field = "lots"

    lots = _rows_field(_("All iron and alloys of the site over the data's period"), LOTS)
    yield_share = ShareField(
        label=_("Steel by metallic input (yield)"),
        required=False,
        help_text=_("Left empty, the measurement's rows give it."),
    )

    field_order = ("lots", "file", "yield_share")


def initial_measurement(record: Measurement | None, *, is_iron: bool) -> dict[str, Any]:
    """The record as a form's initial values, or where a new one starts."""
    if record is None:
        return {
            "ends_at": "first_iron_product" if is_iron else "casting",
            "allocated_emissions": 0,
        }
    values = {name: getattr(record, name) for name in MEASUREMENT_FIELDS}
    for name, value in values.items():
        if hasattr(value, "normalize"):
            values[name] = f"{value.normalize():f}"
    return {**values, "lines": as_text(LINES, record.lines), "steps": as_text(STEPS, record.steps)}


def initial_allocation(record: Allocation | None) -> dict[str, Any]:
    if record is None:
        return {}
    rows = [
        plain(
            {
                "name": lot.name,
                "kind": lot.kind,
                "tonnes": _short(lot.tonnes),
                "metallic_share": _short(lot.metallic_share),
                "intensity": _short(lot.intensity),
                "is_green": "yes" if lot.is_green else "no",
                "origin": lot.origin,
                "production": str(lot.iron_production_id or ""),
                "reference": lot.reference,
                "declaration": lot.declaration,
            }
        )
        for lot in record.lots.order_by("position")
    ]
    return {"lots": as_text(LOTS, rows), "yield_share": record.yield_share}


def _short(value: Any) -> Any:
    return None if value is None else value.normalize()
