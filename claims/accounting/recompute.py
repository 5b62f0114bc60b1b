"""Recomputes every figure of a statement's document from the document alone (9.1)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from claims.accounting.acceptance import Acceptance
from claims.accounting.codec import DocumentInvalid, decode, entries, entry
from claims.accounting.digest import digest
from claims.accounting.evidence import UnitEvidence
from claims.accounting.facts import ClaimCase, Line, Match
from claims.accounting.programme import SourcingRecord
from claims.accounting.soundness import Contradiction, contradictions
from claims.accounting.spend import SpendCase
from claims.accounting.statement import (
    DOCUMENT,
    FORMAT,
    MadeClaim,
    MadeSpendClaim,
    StatementFacts,
    computed_part,
)
from claims.accounting.wording import missing_disclosures
from registry.rulebook.edition import edition

# Words beside the figures that a later version may put differently; but not leave out.
_WORDS = frozenset({"explanation"})
# What documents of the first format do not have.
_FIRST = 1
_SINCE_SECOND = frozenset({"spend_claims", "units", "vintages", "data_quality"})
_BESIDE_SECOND = frozenset({"acceptance", "sourcing"})
_ALWAYS = frozenset(
    {"document", "format", "registry", "demonstration", "edition", "claimant", "stated_on", "words"}
    | {"inputs", "window", "physical_inventory", "adjusted_inventory", "claims", "lines"}
)
# What the registry puts beside a document when it hands it out.
_PUBLISHED = frozenset({"sha256", "published_on", "assurance", "marks", "superseded_by"})


@dataclass(frozen=True, slots=True)
class Difference:
    """A place in the document, what it says and what its inputs give."""

    path: str
    printed: object
    recomputed: object


@dataclass(frozen=True, slots=True)
class Check:
    """figures: how many values were computed anew and compared. contradictions: what no statement
    says, even where its figures follow from its inputs."""

    figures: int
    differences: list[Difference]
    contradictions: list[Contradiction]

    @property
    def is_right(self) -> bool:
        return not self.differences and not self.contradictions


def recompute(document: Mapping[str, Any]) -> list[Difference]:
    """Every figure that the document's inputs do not give; empty when it is right throughout.

    Raises DocumentInvalid where the document cannot be read, EditionInvalid where its edition
    is not known here.
    """
    return check(document).differences


def check(document: Mapping[str, Any]) -> Check:
    """As `recompute`; how many figures were compared, and what no statement says."""
    facts = read(document)
    judged_by = edition(str(entry(entry(document, "edition", "document"), "id", "edition")))
    try:
        computed = computed_part(facts, judged_by)
    except ValueError as error:
        return Check(0, [Difference("inputs", "a statement", f"no statement: {error}")], [])
    if document.get("format") == _FIRST:
        computed = {name: computed[name] for name in computed.keys() - _SINCE_SECOND}
    differences = [
        difference
        for name, value in computed.items()
        for difference in _differences(name, document.get(name), value)
    ]
    wrong = [*contradictions(facts), *_beside(document)]
    return Check(_figures(computed), differences, wrong)


def read(document: Mapping[str, Any]) -> StatementFacts:
    """The facts a document was built from. Raises DocumentInvalid."""
    form = document.get("format") if isinstance(document, Mapping) else None
    if entry(document, "document", "document") != DOCUMENT or form not in (_FIRST, FORMAT):
        raise DocumentInvalid(f"not a {DOCUMENT} of format {_FIRST} or {FORMAT}")
    inputs = entry(document, "inputs", "document")
    start = decode(date, entry(inputs, "period_start", "inputs"), "inputs.period_start")
    end = decode(date, entry(inputs, "period_end", "inputs"), "inputs.period_end")
    lines = decode(tuple[Line, ...], entry(inputs, "lines", "inputs"), "inputs.lines")
    known = {line.id: line for line in lines}
    if len(known) != len(lines):
        raise DocumentInvalid("inputs.lines: an id stands twice")
    words = entry(document, "words", "document")
    return StatementFacts(
        registry=_words(document, "registry"),
        claimant=_words(document, "claimant"),
        inventory=_words(inputs, "inventory"),
        period_start=start,
        period_end=end,
        lines=lines,
        claims=tuple(
            _claim(data, f"inputs.claims[{place}]", known, start, end)
            for place, data in enumerate(entries(inputs, "claims", "inputs"))
        ),
        claim_type=_words(words, "claim_type"),
        text=_words(words, "text"),
        stated_on=decode(date, entry(document, "stated_on", "document"), "stated_on"),
        demonstration=decode(bool, entry(document, "demonstration", "document"), "demonstration"),
        **({} if form == _FIRST else _second(document, inputs, words)),
    )


def _second(document: Any, inputs: Any, words: Any) -> dict[str, Any]:
    """What documents hold since the second format."""
    names = entry(inputs, "names", "inputs")
    if not isinstance(names, Mapping) or not all(isinstance(each, str) for each in names.values()):
        raise DocumentInvalid("inputs.names are no names of lines")
    sourcing = entry(document, "sourcing", "document")
    places = entry(words, "jurisdictions", "words")
    return {
        "audience": _words(words, "audience"),
        "jurisdictions": decode(tuple[str, ...], places, "words.jurisdictions"),
        "names": tuple(sorted((str(id), name) for id, name in names.items())),
        "spend_claims": tuple(
            MadeSpendClaim(
                code=_words(each, "code"),
                on=decode(date, entry(each, "on", where), f"{where}.on"),
                case=decode(SpendCase, entry(each, "case", where), f"{where}.case"),
            )
            for place, each in enumerate(entries(inputs, "spend_claims", "inputs"))
            if (where := f"inputs.spend_claims[{place}]")
        ),
        "evidence": decode(
            tuple[UnitEvidence, ...], entry(inputs, "evidence", "inputs"), "inputs.evidence"
        ),
        "acceptance": decode(
            tuple[Acceptance, ...], entry(document, "acceptance", "document"), "acceptance"
        ),
        "sourcing": None if sourcing is None else decode(SourcingRecord, sourcing, "sourcing"),
    }


def _beside(document: Mapping[str, Any]) -> Iterator[Contradiction]:
    """What stands beside inputs and figures: the disclosures of 9.1, no headline of its own, and
    the fingerprint of it all."""
    known = _ALWAYS if document["format"] == _FIRST else _ALWAYS | _SINCE_SECOND | _BESIDE_SECOND
    for name in sorted(map(str, set(document) - known - _PUBLISHED)):
        yield Contradiction(name, "is no part of a statement")
    said = entry(document["words"], "disclosures", "words")
    for sentence in missing_disclosures(" ".join(decode(tuple[str, ...], said, "disclosures"))):
        yield Contradiction("words.disclosures", f"do not say: {sentence}")
    if "sha256" in document:
        own = {name: value for name, value in document.items() if name not in _PUBLISHED}
        if document["sha256"] != digest(own):
            yield Contradiction("sha256", f"is not that of the document, {digest(own)}")


def _figures(computed: Any) -> int:
    """The values in it, words left out."""
    if isinstance(computed, dict):
        return sum(_figures(each) for name, each in computed.items() if name not in _WORDS)
    if isinstance(computed, list):
        return sum(map(_figures, computed))
    return 1


def _claim(data: Any, where: str, known: Mapping[str, Line], start: date, end: date) -> MadeClaim:
    matches = tuple(
        _match(each, f"{where}.matches[{place}]", known)
        for place, each in enumerate(entries(data, "matches", where))
    )
    return MadeClaim(
        code=_words(data, "code"),
        case=ClaimCase(
            on=decode(date, entry(data, "on", where), f"{where}.on"),
            by_organisation=_words(data, "by_organisation"),
            period_start=start,
            period_end=end,
            matches=matches,
            pending=decode(bool, entry(data, "pending", where), f"{where}.pending"),
        ),
    )


def _match(data: Any, where: str, known: Mapping[str, Line]) -> Match:
    ids = entries(data, "lines", where)
    unknown = [id for id in ids if not isinstance(id, str) or id not in known]
    if unknown:
        raise DocumentInvalid(f"{where}.lines: not in the inventory: {unknown[:3]}")
    match = decode(Match, {**data, "lines": []}, where)
    return replace(match, lines=tuple(known[id] for id in ids))


def _words(data: Any, name: str) -> str:
    return decode(str, entry(data, name, "document"), name)


def _differences(path: str, printed: Any, computed: Any) -> Iterator[Difference]:
    if isinstance(computed, dict) and isinstance(printed, Mapping):
        for name in sorted({*computed, *printed} - _WORDS):
            there = f"{path}.{name}"
            yield from _differences(there, printed.get(name), computed.get(name))
        for name in sorted(_WORDS & set(computed)):
            if computed[name] and not printed.get(name):
                yield Difference(f"{path}.{name}", printed.get(name), computed[name])
    elif isinstance(computed, list) and isinstance(printed, list) and len(computed) == len(printed):
        for place, (one, other) in enumerate(zip(printed, computed, strict=True)):
            yield from _differences(f"{path}[{place}]", one, other)
    elif type(printed) is not type(computed) or printed != computed:
        yield Difference(path, printed, computed)
