"""Technology and additionality in words: the rows of their summary lists."""

from collections.abc import Sequence
from typing import Any

from accounts.ui import formats
from accounts.ui.parts import SummaryRow
from registry.models import Additionality, SiteTechnology
from registry.models.additionality import OBLIGATION_NAMES, SURPLUS_NAMES
from registry.models.technology import BIOMASS_NAMES, DESTINATION_NAMES, LABEL_NAMES
from registry.rulebook.facts import Biomass, Destination, Label, ObligationKind, Surplus

_SHARES = (
    ("Upstream methane leakage", "methane_leakage_share"),
    ("Hydrogen, of the energy for reduction", "hydrogen_reduction_share"),
    ("Hydrogen, of the energy for other heat", "hydrogen_heat_share"),
    ("Renewable electricity, of the demand", "renewable_electricity_share"),
    ("Bioenergy, of the energy for reduction", "bioenergy_reduction_share"),
    ("Bioenergy, of the energy for other heat", "bioenergy_heat_share"),
    ("CO2 lost in transport and storage", "co2_leaked_share"),
)


def technology_rows(standing: Sequence[SiteTechnology]) -> list[SummaryRow]:
    """The newest description that stands, and from when the earlier ones hold."""
    if not standing:
        return [SummaryRow("Technology", "not described yet")]
    newest = standing[-1]
    rows = [("Holds from", formats.day(newest.valid_from))]
    if len(standing) > 1:
        earlier = ", ".join(formats.day(each.valid_from) for each in standing[:-1])
        rows.append(("Earlier descriptions from", earlier))
    rows.append(("Labels", ", ".join(LABEL_NAMES[Label(each)] for each in newest.labels) or "none"))
    gas = {True: "yes", False: "no", None: "not given"}[newest.natural_gas_used]
    rows.append(("Natural gas", gas))
    rows += [
        (name, formats.share(getattr(newest, field)))
        for name, field in _SHARES
        if getattr(newest, field) is not None
    ]
    rows += [("Renewable supply", newest.renewable_supply)] if newest.renewable_supply else []
    return [*(SummaryRow(key, value) for key, value in rows), *_row_lines(newest)]


def additionality_rows(found: Additionality) -> list[SummaryRow]:
    """What is declared, with its obligations prefetched."""
    on = "with the application" if found.determined_on is None else formats.day(found.determined_on)
    rows = [
        ("Determined on", on),
        ("Declared", "no law alone asks for this" if found.declared else "not declared"),
    ]
    obligations: Any = found.obligations.all()
    for each in sorted(obligations, key=lambda each: str(each.pk)):
        kind = OBLIGATION_NAMES[ObligationKind(each.kind)]
        surplus = SURPLUS_NAMES[Surplus(each.surplus)] if each.surplus else "surplus not given"
        evidence = f" Evidence: {each.evidence}" if each.evidence else ""
        rows.append((kind.capitalize(), f"{each.name}: {surplus}. {each.explanation}{evidence}"))
    named = {
        "Why no obligation applies": found.none_apply,
        "Financial, self-attested": found.financial,
        "Common practice, self-attested": found.common_practice,
    }
    rows += [(name, text) for name, text in named.items() if text]
    return [SummaryRow(key, value) for key, value in rows]


def _row_lines(technology: SiteTechnology) -> list[SummaryRow]:
    points: Any = technology.capture_points.all()
    fractions: Any = technology.captured.all()
    feedstocks: Any = technology.feedstocks.all()
    lines = {
        "Captured": [f"{formats.share(each.captured_share)} at {each.name}" for each in points],
        "Captured CO2 goes to": [
            f"{DESTINATION_NAMES[Destination(each.destination)]}: {formats.share(each.share)}"
            for each in fractions
        ],
        "Biomass": [
            f"{each.name}: {BIOMASS_NAMES[Biomass(each.kind)]}, {each.origin or 'no origin'}"
            for each in feedstocks
        ],
    }
    return [SummaryRow(name, "; ".join(texts)) for name, texts in lines.items() if texts]
