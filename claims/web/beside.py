"""What stands beside a statement's document: state, assurance and marks, read anew each time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from accounts.ui import formats
from claims.accounting.programme import BARRIERS, TIERS
from claims.accounting.wording import AUDIENCES, JURISDICTIONS, NOT_ASSURED
from claims.models import Assurance, Opinion, Statement
from claims.tracing import Mark

_KINDS = {
    "suspended": "Rests on units under suspension",
    "invalid": "Rests on units that were found wrong",
    "adjusted": "Rests on a figure corrected since",
}


@dataclass(frozen=True, slots=True)
class Beside:
    """For paper and workbook, in words."""

    facts: list[tuple[str, str]]
    assurance: list[str]
    marks: list[str]


def beside(
    statement: Statement, document: Mapping[str, Any], given: Sequence[Assurance],
    marks: Sequence[Mark],
) -> Beside:  # fmt: skip
    words, inputs = document["words"], document["inputs"]
    published = statement.published_on
    places = [JURISDICTIONS.get(each, each) for each in words.get("jurisdictions", [])]
    return Beside(
        facts=[
            ("Statement", statement.code),
            ("State", statement.get_state_display()),
            ("Published on", formats.day(published) if published else "not published"),
            ("Registry", document["registry"]),
            ("Inventory", inputs["inventory"]),
            ("Reporting period",
             f"{formats.day(inputs['period_start'])} to {formats.day(inputs['period_end'])}"),
            ("Units that match it",
             f"produced {formats.day(document['window']['start'])} to "
             f"{formats.day(document['window']['end'])}"),
            ("Addressed to", AUDIENCES.get(words.get("audience", ""), "not stated")),
            ("Published in", "; ".join(places) or "not stated"),
            ("Judged by", document["edition"]["title"]),
        ],
        assurance=[_opinion(each, statement) for each in given] or [NOT_ASSURED],
        marks=[
            f"{_KINDS[mark.kind]}: {formats.tonnes(mark.units)} of issuance {mark.issuance}, since "
            f"{mark.since}. {mark.reason} ({mark.code})"
            for mark in marks
        ],
    )  # fmt: skip


def sourcing_rows(record: Mapping[str, Any] | None) -> list[tuple[str, str]]:
    """What the claimant recorded for SBTi V2; nothing where nothing was."""
    if not record:
        return []
    barriers = "; ".join(BARRIERS.get(each, each) for each in record["barriers"])
    return [
        ("Tier", TIERS.get(record["tier"], record["tier"])),
        ("Sourcing match", record["sourcing_match"]),
        ("Barriers", barriers or "none"),
        ("In words", record["barrier"] or "–"),
        ("Evidence", record["evidence"] or "–"),
        *(
            ("File of evidence", f"{each['name']}, SHA-256 {each['sha256']}")
            for each in record.get("files", [])
        ),
    ]


def _opinion(each: Assurance, statement: Statement) -> str:
    version = "" if each.sha256 == statement.sha256 else " On an earlier version of it."
    day = formats.day(each.ended_at)
    return f"{Opinion(each.opinion).label}, {each.auditor.name}, {day}.{version} {each.text}"
