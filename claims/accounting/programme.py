"""What a claimant records for SBTi's Corporate Net-Zero Standard V2: tier, match and barrier.

The standard takes market instruments in an order: activity, then a pool of activities, then the
sector, and the last only behind structural barriers. Cost alone is none.
"""

from dataclasses import dataclass

PROGRAMME = "SBTi Corporate Net-Zero Standard V2"

ACTIVITY, POOL, SECTOR = "activity", "pool", "sector"
TIERS = {
    ACTIVITY: "Activity: the units' production serves the activity that causes the emissions",
    POOL: "Activity pool: the units come from the pool that supplies the activity",
    SECTOR: "Sector: the units come from the sector, with no link to the activity's supply",
}
COST = "cost"
BARRIERS = {
    "availability": "Not on offer: no supplier sells low-emissions metal of the product needed",
    "traceability": "Not traceable: the metal's origin cannot be followed through the supply chain",
    "logistics": "Out of reach: the metal cannot be transported to where it is used",
    "technical": "Technical: the product's specification excludes it today",
    "contractual": "Contractual: running contracts or regulation exclude another supplier",
    COST: "Cost: it is more expensive",
}
_MOST = 2_000


@dataclass(frozen=True, slots=True)
class SourcingFile:
    """A file of evidence as documents name it: whoever has it can compare its SHA-256."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class SourcingRecord:
    """tier: of TIERS. sourcing_match: how the units match what is bought. barriers: of BARRIERS,
    why nothing closer could be bought. barrier: the same in words. evidence: where it is shown.
    files: those attached to the statement as evidence.
    """

    tier: str
    sourcing_match: str
    barriers: tuple[str, ...] = ()
    barrier: str = ""
    evidence: str = ""
    files: tuple[SourcingFile, ...] = ()


def faults(record: SourcingRecord) -> dict[str, list[str]]:
    """What is wrong with a record, by field, with the way out; empty when nothing is."""
    found: dict[str, list[str]] = {}
    if record.tier not in TIERS:
        found["sbti_tier"] = [f"Found {record.tier!r}. Choose {', '.join(TIERS)}."]
    if not record.sourcing_match.strip():
        found["sbti_sourcing_match"] = ["Say how the units match what your company buys."]
    unknown = [each for each in record.barriers if each not in BARRIERS]
    if unknown:
        found["sbti_barriers"] = [f"Found {unknown[0]!r}. Choose of {', '.join(BARRIERS)}."]
    elif record.barriers and set(record.barriers) == {COST}:
        found["sbti_barriers"] = [
            "Cost alone is not a barrier under SBTi V2. Name a structural barrier beside it "
            f"({', '.join(each for each in BARRIERS if each != COST)}), or claim at tier activity."
        ]
    elif record.tier == SECTOR and not record.barriers:
        found["sbti_barriers"] = [
            "Tier sector stands only behind a structural barrier: name at least one, or choose "
            "activity or pool."
        ]
    elif record.barrier.strip() and not record.barriers:
        found["sbti_barriers"] = [
            "A barrier is described and none is named: choose of which kind it is, or leave the "
            "description empty. Cost alone is none."
        ]
    if record.barriers and not record.barrier.strip():
        found["sbti_barrier"] = ["Describe the barrier in a sentence or two."]
    if record.barriers and not record.evidence.strip():
        found["sbti_evidence"] = ["Name the evidence of the barrier: a document, link or tender."]
    for name in ("sourcing_match", "barrier", "evidence"):
        size = len(getattr(record, name))
        if size > _MOST:
            found[f"sbti_{name}"] = [f"Found {size} characters; at most {_MOST}."]
    return found
