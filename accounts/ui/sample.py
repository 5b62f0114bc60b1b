"""Made-up data for the style page."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import ClassVar

from django import forms

from accounts.ui.forms import FieldGroup, FilterForm, PortalForm, QuantityField, TonnesField
from accounts.ui.parts import Cell, Column


@dataclass(frozen=True, slots=True)
class SampleFinding:
    rule: str
    section: str
    modality: str
    title: str
    outcome: str
    found: str
    allowed: str
    action: str = ""
    field: str | None = None
    ours: bool = False


class SampleFilter(FilterForm):
    words = forms.CharField(label="Producer or number", required=False)
    product = forms.ChoiceField(
        choices=[("", "All products"), ("steel", "Crude steel")], required=False
    )
    country = forms.CharField(required=False)


class SampleForm(PortalForm):
    fieldsets: ClassVar = (
        FieldGroup("Production", ("product", "tonnes", "intensity", "start_date", "email")),
        FieldGroup(
            "Baseline and evidence",
            ("baseline", "evidence", "technologies", "note", "confirmed"),
            "The figure that this production is compared with.",
        ),
    )

    product = forms.ChoiceField(
        choices=[("", "Choose a product"), ("steel", "Crude steel"), ("iron", "Iron")]
    )
    tonnes = TonnesField(
        label="Delivered tonnage", help_text="Whole tonnes delivered in the period."
    )
    intensity = QuantityField(
        label="Measured intensity", suffix="t CO2e/t", max_digits=12, decimal_places=6
    )
    start_date = forms.DateField(
        label="Start of operation", help_text="When the furnace first ran.", widget=forms.DateInput
    )
    email = forms.EmailField(label="Contact for questions", required=False)
    baseline = forms.ChoiceField(
        widget=forms.RadioSelect,
        choices=[("cbam", "CBAM default value"), ("scale", "Sliding scale by scrap share")],
    )
    evidence = forms.FileField(help_text="PDF, XLSX or CSV, at most 20 MB.")
    technologies = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple,
        required=False,
        choices=[("eaf", "Electric arc furnace"), ("dri", "Direct reduction with hydrogen")],
    )
    note = forms.CharField(label="Note to the auditor", widget=forms.Textarea, required=False)
    confirmed = forms.BooleanField(label="The figures were measured, not estimated")

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        hint = "For steel: the more scrap, the lower the baseline."
        # Read by the template.
        self.fields["baseline"].option_hints = {"scale": hint}  # type: ignore[attr-defined]


FINDINGS = [
    SampleFinding(
        "R013",
        "3.1",
        "must",
        "The vintage is at most twelve months",
        "fail",
        "14 months, 1 January 2025 to 28 February 2026",
        "at most 12 months",
        "Split the production into two vintages.",
        "start_date",
    ),
    SampleFinding(
        "R020",
        "3.2",
        "must",
        "Intensity lies under the baseline",
        "pass",
        "0.412 t CO2e/t",
        "less than 1.9 t CO2e/t",
    ),
    SampleFinding(
        "R085",
        "5.4",
        "should",
        "The offtake share is known",
        "warn",
        "no agreement names an offtake share",
        "a share from 0 % to 100 %",
        "Add the agreement, or say why there is none.",
        None,
        True,
    ),
    SampleFinding(
        "R052",
        "4.3",
        "must",
        "Scrap share is reported",
        "not applicable",
        "The product is iron.",
        "not applicable",
    ),
]

SUMMARY = [
    ("Issuance", "BLT-2026-000042"),
    ("Producer", "Demonstration Steel AB"),
    ("Vintage", "1 January 2026 to 31 December 2026"),
    ("Measured intensity", "0.412 t CO2e/t", {"url": "#", "label": "Change"}),
    ("Evidence", f"energy-balance-2026.pdf, SHA-256 {'3b7d7d0c0f5a9a3a' * 4}"),
]

COLUMNS = [
    "Issuance",
    "Product",
    "Vintage",
    Column("Units", True),
    "#Intensity",
    "#Avoided",
    "State",
]
_UNITS = (
    ("BLT-2026-000042", "Crude steel", "2026", "10,000 t", "0.8", "11,000", "active"),
    ("BLT-2025-000017", "Rebar", "2025", "1,234,567 t", "1.5", "8,334.4", "reserved"),
    ("BLT-2025-000009", "Hot briquetted iron", "2025", "600 t", "0.412", "892.8", "retired"),
    ("BLT-2024-000003", "Crude steel", "2024", "7 t", "0.4", "9.8", "suspended"),
)
ROWS = [
    [
        Cell(issuance, "#"),
        product,
        vintage,
        units,
        f"{per_tonne} t CO2e/t",
        f"{avoided} t CO2e",
        Cell("", state=state),
    ]
    for issuance, product, vintage, units, per_tonne, avoided, state in _UNITS
]

EVENTS: list[dict[str, object]] = [
    {
        "at": datetime(2026, 11, 22, 14, 5, tzinfo=UTC),
        "title": "Retired 600 t",
        "by": "Demonstration Cars GmbH",
        "tone": "good",
        "text": "For the reporting year 2026. Retirement is for ever.",
    },
    {
        "at": datetime(2026, 9, 1, 8, 0, tzinfo=UTC),
        "title": "Transfer proposed",
        "by": "Demonstration Trading Ltd",
        "tone": "wait",
        "url": "#",
    },
    {"at": date(2026, 3, 14), "title": "Issued 10,000 units", "by": "Operators", "tone": "info"},
]

STATES = (
    *("active", "reserved", "retiring", "suspended", "retired", "cancelled", "expired"),
    *("draft", "submitted", "approved", "declined"),
)

VALUES = {
    "tonnes": 12345,
    "intensity": Decimal("0.4120"),
    "emissions": Decimal("8334.40"),
    "share": Decimal("0.125"),
    "serials": (1, 10_000),
    "day": date(2026, 11, 22),
    "moment": datetime(2026, 11, 22, 14, 5, tzinfo=UTC),
    "nothing": None,
}
