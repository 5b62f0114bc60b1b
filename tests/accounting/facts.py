"""A small cast for the accounting: one line, one lot, one claim, each with sound defaults."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from claims.accounting.facts import (
    Alignment,
    ClaimCase,
    Line,
    Match,
    PurposeCase,
    UnitLot,
)
from claims.accounting.rules import judge_claim
from registry.rulebook.edition import edition
from registry.rulebook.findings import Finding

EDITION = edition("rmi-2026-03")
CLAIMANT = "Meridian Consulting"
ALIGNED = Alignment(reliable_factor=True, aligned_boundary=True, same_product_type=True)
CORPORATE = PurposeCase(claim_type="corporate_inventory")


def line(
    id: str = "L1", *, tonnes: str | None = "100", factor: str | None = "2", **more: Any
) -> Line:
    return Line(
        id=id,
        category=more.pop("category", "scope_3_1"),
        material=more.pop("material", "steel"),
        tonnes=None if tonnes is None else Decimal(tonnes),
        factor_intensity=None if factor is None else Decimal(factor),
        product_type=more.pop("product_type", "flat"),
        **more,
    )


def lot(
    quantity: int = 10,
    *,
    intensity: str = "0.5",
    baseline: str = "1.8",
    first: int = 1,
    issuance: str = "ISS-1",
    **more: Any,
) -> UnitLot:
    defaults: dict[str, Any] = {
        "copy": 1,
        "functional_unit": "crude_steel",
        "product_type": "flat",
        "vintage_start": date(2024, 1, 1),
        "vintage_end": date(2024, 12, 31),
        "issued_on": date(2025, 6, 1),
        "state": "retired",
        "retired_on": date(2026, 1, 15),
        "retired_by": CLAIMANT,
    }
    return UnitLot(
        issuance=issuance,
        first=first,
        last=first + quantity - 1,
        intensity=Decimal(intensity),
        baseline_intensity=Decimal(baseline),
        **{**defaults, **more},
    )


def match(
    *lines: Line, lots: tuple[UnitLot, ...] = (), method: str = "enhanced", **more: Any
) -> Match:
    return Match(lines=lines or (line(),), lots=lots or (lot(),), method=method, **more)


def case(*matches: Match, **more: Any) -> ClaimCase:
    sound = ClaimCase(
        on=date(2026, 2, 1),
        by_organisation=CLAIMANT,
        period_start=date(2025, 1, 1),
        period_end=date(2025, 12, 31),
        matches=matches or (match(),),
    )
    return replace(sound, **more)


def finding(rule: str, of: ClaimCase, purpose: PurposeCase = CORPORATE) -> Finding:
    return next(each for each in judge_claim(of, purpose, EDITION) if each.rule == rule)


def outcome(rule: str, of: ClaimCase, purpose: PurposeCase = CORPORATE) -> str:
    return str(finding(rule, of, purpose).outcome)
