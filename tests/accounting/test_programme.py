"""What a claimant records for SBTi V2: cost alone is no barrier."""

from typing import Any

import pytest

from claims.accounting.programme import SourcingRecord, faults

SOUND: dict[str, Any] = {
    "tier": "sector",
    "sourcing_match": "Hot-rolled coil for chassis; units are of slab from the same region.",
    "barriers": ("availability",),
    "barrier": "Four tenders found no supplier.",
    "evidence": "Tender file T-19",
}


def found(**changes: Any) -> dict[str, list[str]]:
    return faults(SourcingRecord(**SOUND | changes))


def test_a_structural_barrier_with_evidence_opens_the_sector() -> None:
    assert found() == {}


def test_cost_may_stand_beside_a_structural_barrier() -> None:
    assert found(barriers=("cost", "availability")) == {}


@pytest.mark.parametrize("tier", ["activity", "pool"])
def test_a_closer_tier_needs_no_barrier(tier: str) -> None:
    assert found(tier=tier, barriers=(), barrier="", evidence="") == {}


@pytest.mark.parametrize("tier", ["activity", "pool", "sector"])
def test_cost_alone_is_refused(tier: str) -> None:
    (text,) = found(tier=tier, barriers=("cost",))["sbti_barriers"]
    assert "Cost alone is not a barrier" in text
    assert "availability" in text


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"tier": ""}, "sbti_tier"),
        ({"tier": "country"}, "sbti_tier"),
        ({"sourcing_match": "  "}, "sbti_sourcing_match"),
        ({"barriers": ()}, "sbti_barriers"),
        ({"barriers": ("weather",)}, "sbti_barriers"),
        ({"barrier": ""}, "sbti_barrier"),
        ({"evidence": ""}, "sbti_evidence"),
        ({"evidence": "x" * 2_001}, "sbti_evidence"),
    ],
)
def test_what_is_missing_is_named(changes: dict[str, Any], field: str) -> None:
    assert list(found(**changes)) == [field]


def test_a_barrier_in_words_alone_is_of_no_kind() -> None:
    """Else cost would pass as one by not being named."""
    record = SourcingRecord("pool", "Coil from the same region.", barrier="It costs too much.")
    assert "Cost alone is none." in faults(record)["sbti_barriers"][0]
