"""From a library entry and a production's choice of it to what the rules see (4)."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import ROUND_CEILING, Decimal
from typing import Any

from registry.models import Baseline, BaselineChoice, Production
from registry.rulebook.baseline import ReferencePoint, scale_value
from registry.rulebook.edition import Edition
from registry.rulebook.facts import (
    BaselineFacts,
    BaselineKind,
    FunctionalUnit,
    IssuanceCase,
    ScalePoint,
)
from registry.rulebook.given import Unusable, shown
from registry.rulebook.scrap_adjustment import scrap_adjustment
from registry.services.shape import save_clean

CHOICE_FIELDS = (
    "baseline_reason",
    "boundary_mining",
    "boundary_methane",
    "boundary_process_gas",
)
"""What an application says of its choice, beside the baseline itself (R050, R051)."""

_BOUNDARY = "boundary_"
# The column's decimals; the adjusted intensity is rounded up, so that claims never gain by it.
_COLUMN_QUANTUM = Decimal("0.000001")


def choice_of(production: Production) -> BaselineChoice:
    """What is recorded, or held in memory while a form is filled; a blank one for nothing."""
    found = getattr(production, "baseline_choice", None)
    return found or BaselineChoice(production_id=production.pk)


def take_choice(production: Production, values: Mapping[str, Any]) -> BaselineChoice:
    """The choice with these values, on the record in memory only. values: of CHOICE_FIELDS."""
    choice = choice_of(production)
    for name in CHOICE_FIELDS:
        if name in values:
            setattr(choice, name, values[name])
    production.baseline_choice = choice
    return choice


def save_choice(production: Production, values: Mapping[str, Any]) -> None:
    """Record what is said of the choice, where anything is. Raises BadInput."""
    if any(name in values for name in CHOICE_FIELDS):
        save_clean(take_choice(production, values))


def facts_of_choice(production: Production, scrap_share: Decimal | None) -> BaselineFacts:
    """The production's baseline with why it was chosen, read at this scrap share."""
    choice = choice_of(production)
    return replace(
        baseline_facts(production.baseline, scrap_share),
        reason=choice.baseline_reason,
        asset_baselines=_asset_baselines(production),
        epd=production.epd,
        boundary={
            name.removeprefix(_BOUNDARY): getattr(choice, name)
            for name in CHOICE_FIELDS
            if name.startswith(_BOUNDARY)
        },
    )


def baseline_facts(baseline: Baseline | None, scrap_share: Decimal | None) -> BaselineFacts:
    """A library entry as facts; a sliding scale is read at the production's scrap share (R053)."""
    if baseline is None:
        return BaselineFacts()
    facts = BaselineFacts(
        kind=baseline.kind,
        value_intensity=short(baseline.value_intensity),
        source=baseline.source,
        scrap_share=short(baseline.scrap_share),
        country=baseline.country,
        with_markup=baseline.with_markup,
        fallback=baseline.fallback,
        adjusted_for=baseline.adjusted_for,
    )
    if baseline.kind != BaselineKind.SLIDING_SCALE:
        return facts
    return replace(
        facts,
        value_intensity=_on_scale(baseline, scrap_share),
        scrap_share=short(scrap_share),
        primary=_point(baseline, "primary"),
        secondary=_point(baseline, "secondary"),
    )


def with_adjustment(case: IssuanceCase, edition: Edition) -> IssuanceCase:
    """The case with its scrap-adjusted intensity, where R054 asks for one, in the record too."""
    try:
        adjustment = scrap_adjustment(case, edition)
    except Unusable:  # R054 says what is missing
        return case
    if adjustment is None:
        return case
    raised = short(adjustment.intensity.quantize(_COLUMN_QUANTUM, rounding=ROUND_CEILING))
    assert raised is not None
    return replace(
        case,
        production=replace(case.production, adjusted_intensity=raised),
        record={**(case.record or {}), "adjusted_intensity": shown(raised)},
    )


def short(value: Decimal | None) -> Decimal | None:
    """The same number without the zeros that the column pads it with: 0.4, not 0.400000."""
    if value is None:
        return None
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


def _asset_baselines(production: Production) -> int:
    """How many asset baselines the producer has on file for this unit; asked for iron only."""
    if production.functional_unit != FunctionalUnit.IRON:
        return 0
    return Baseline.objects.filter(
        organisation=production.producer_id,
        kind=BaselineKind.ASSET,
        functional_unit=production.functional_unit,
    ).count()


def _point(baseline: Baseline, which: str) -> ScalePoint:
    """One end of a scale; what the point does not say of its origin, the scale says for both."""

    def own(name: str, of_scale: Any) -> Any:
        return getattr(baseline, f"{which}_{name}") or of_scale

    return ScalePoint(
        scrap_share=short(getattr(baseline, f"{which}_scrap_share")),
        value_intensity=short(getattr(baseline, f"{which}_intensity")),
        gas_basis=own("gas_basis", baseline.gas_basis),
        region=own("region", baseline.place),
        year=own("year", baseline.year),
        source=own("source", baseline.source),
    )


def _on_scale(baseline: Baseline, scrap_share: Decimal | None) -> Decimal | None:
    primary_share, primary = baseline.primary_scrap_share, baseline.primary_intensity
    secondary_share, secondary = baseline.secondary_scrap_share, baseline.secondary_intensity
    if scrap_share is None or primary_share is None or primary is None:
        return None
    if secondary_share is None or secondary is None:
        return None
    return short(
        scale_value(
            scrap_share,
            ReferencePoint(scrap_share=primary_share, value_intensity=primary),
            ReferencePoint(scrap_share=secondary_share, value_intensity=secondary),
        )
    )
