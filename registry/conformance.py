"""The conformance report as a document: rule by rule, with the numbers seen and the readings.

Of an issuance it is what was stored, by the edition that judged. Of an application it is what the
rules say on a day; whoever asks for it has been let in before.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from registry.models import Issuance, Production
from registry.rulebook.document import value_text
from registry.rulebook.edition import Edition, edition, edition_on
from registry.rulebook.findings import Finding, findings_kept
from registry.rulebook.index import plain
from registry.rulebook.names import caption_of, unit_of
from registry.rulebook.parameter_names import parameter_name
from registry.typeset import typeset
from registry.words import RECORD_LABELS

DEMONSTRATION = "Demonstration only: no real metal and no real units."
FORMS = ("json", "pdf")


@dataclass(frozen=True, slots=True)
class Report:
    """What was judged, when, by which edition, and every finding.

    issuance: the code, None before issuance. record: the fields of 6.2, or what is declared.
    """

    title: str
    about: str
    production: str
    issuance: str | None
    judged_on: date
    edition: Edition
    record: Mapping[str, str]
    findings: Sequence[Finding]
    is_demonstration: bool


def of_issuance(issuance: Issuance) -> Report:
    """The stored judgement. A later edition never changes it."""
    judged = edition(issuance.edition)
    return Report(
        title=f"Conformance report of issuance {issuance.code}",
        about=f"Units of issuance {issuance.code}, judged on {issuance.issued_on} by "
        f"{judged.title}. A later edition never changes this judgement.",
        production=str(issuance.production_id),
        issuance=issuance.code,
        judged_on=issuance.issued_on,
        edition=judged,
        record=issuance.record,
        findings=findings_kept(issuance.findings),
        is_demonstration=issuance.is_demonstration,
    )


def of_application(production: Production, findings: Sequence[Finding], *, on: date) -> Report:
    """An application as it stands on a day; what its issuance stores is judged again then."""
    judged = edition_on(on)
    site = production.site
    return Report(
        title=f"Conformance report of an application of {site.name}",
        about=f"Application of {production.producer.name} for units of {site.name} ({site.code}), "
        f"{production.get_state_display()}, judged on {on} by {judged.title}. Not issued: the "
        "rules judge it again before units are created.",
        production=str(production.pk),
        issuance=None,
        judged_on=on,
        edition=judged,
        record=_declared(production),
        findings=findings,
        is_demonstration=production.is_demonstration,
    )


def as_json(report: Report) -> dict[str, Any]:
    """JSON-ready values; decimals are strings. names: of the facts that the findings name."""
    judged = report.edition
    return {
        "title": report.title,
        "production": report.production,
        "issuance": report.issuance,
        "issued_on": report.judged_on.isoformat() if report.issuance else None,
        "judged_on": report.judged_on.isoformat(),
        "is_demonstration": report.is_demonstration,
        "edition": {
            "id": judged.id,
            "title": judged.title,
            "source": judged.source,
            "parameters": [
                {
                    "name": name,
                    "caption": parameter_name(name),
                    "value": plain(getattr(judged, name)),
                    "section": note.section,
                    "unit": note.unit,
                    "ambiguity": note.ambiguity,
                    "note": note.note,
                }
                for name, note in judged.notes.items()
            ],
        },
        "record": dict(report.record),
        "findings": [each.as_dict() for each in report.findings],
        "names": {
            name: {"name": caption_of(name), "unit": unit_of(name)}
            for name in sorted(_facts(report.findings))
        },
    }


def as_pdf(report: Report) -> bytes:
    """A tagged PDF, dated by the day of judgement. Raises NotTypeset."""
    data = {
        "about": report.about,
        "demonstration": DEMONSTRATION if report.is_demonstration else "",
        "facts": [
            [RECORD_LABELS.get(name, caption_of(name)), text]
            for name, text in report.record.items()
            if text
        ],
        "rules": [_rule(each) for each in report.findings],
        "readings": list(_readings(report.edition)),
        "parameters": list(_parameters(report.edition)),
    }
    return typeset("conformance", data, title=report.title, on=report.judged_on)


def _declared(production: Production) -> dict[str, str]:
    """What the application says of itself, by the names of its fields."""
    start, end = production.period_start, production.period_end
    values = {
        "producer": production.producer.name,
        "location": f"{production.site.name} ({production.site.code})",
        "functional_unit": production.functional_unit,
        "product": production.product,
        "vintage": f"{start} to {end}" if start and end else "",
        "tonnes": production.tonnes,
        "delivered_tonnes": production.delivered_tonnes,
        "site_intensity": _number(production.site_intensity),
        "intensity": _number(production.intensity),
        "scrap_share": _number(production.scrap_share),
        "certification": production.methodology,
    }
    return {name: "" if value is None else str(value) for name, value in values.items()}


def _number(value: Any) -> str | None:
    """Without the zeros that the column pads it with."""
    if value is None:
        return None
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _facts(findings: Iterable[Finding]) -> Iterator[str]:
    for each in findings:
        yield from each.numbers
        if each.field:
            yield each.field


def _rule(finding: Finding) -> dict[str, Any]:
    rows = [
        ["Found", finding.found],
        ["Allowed", finding.allowed],
        ["What to do", finding.action],
        ["Numbers seen", finding.seen],
    ]
    return {
        "rule": finding.rule,
        "section": finding.section,
        "modality": finding.modality,
        "outcome": str(finding.outcome),
        "ours": "Billet's own rule. " if finding.ours else "",
        "title": finding.title,
        "rows": [row for row in rows if row[1]],
    }


def _readings(judged: Edition) -> Iterator[list[str]]:
    for name, note in judged.notes.items():
        if note.ambiguity:
            value = _value(judged, name)
            yield [note.ambiguity, parameter_name(name), value, note.section, note.note]


def _parameters(judged: Edition) -> Iterator[list[str]]:
    for name, note in judged.notes.items():
        yield [parameter_name(name), _value(judged, name), note.unit, note.section]


def _value(judged: Edition, name: str) -> str:
    # Two words of a code name part where a line breaks.
    return value_text(plain(getattr(judged, name))).replace("_", " ")
