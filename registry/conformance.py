"""The conformance report as a document: an issuance's stored findings under its own edition."""

from collections.abc import Iterable, Mapping
from typing import Any

from registry.models import Issuance
from registry.rulebook.edition import Edition, edition
from registry.rulebook.index import plain
from registry.typeset import typeset


def report(issuance: Issuance) -> dict[str, Any]:
    """The report as JSON-ready values: what was judged, by which edition, with every finding."""
    judged = edition(issuance.edition)
    return {
        "issuance": issuance.code,
        "issued_on": issuance.issued_on.isoformat(),
        "edition": {
            "id": judged.id,
            "title": judged.title,
            "source": judged.source,
            "parameters": [
                {
                    "name": name,
                    "value": plain(getattr(judged, name)),
                    "section": note.section,
                    "unit": note.unit,
                    "ambiguity": note.ambiguity,
                }
                for name, note in judged.notes.items()
            ],
        },
        "record": issuance.record,
        "findings": issuance.findings,
    }


def pdf(issuance: Issuance) -> bytes:
    """The same as a tagged PDF, dated by the day of issuance. Raises NotTypeset."""
    judged = edition(issuance.edition)
    data = {
        "about": f"Units of issuance {issuance.code}, judged on {issuance.issued_on} by "
        f"{judged.title}. A later edition never changes this judgement.",
        "facts": [[_words(name), text] for name, text in issuance.record.items() if text],
        "rules": [_rule(each) for each in issuance.findings],
        "parameters": list(_parameters(judged)),
    }
    return typeset(
        "conformance",
        data,
        title=f"Conformance report of issuance {issuance.code}",
        on=issuance.issued_on,
    )


def _rule(finding: Mapping[str, Any]) -> dict[str, Any]:
    rows = [
        ["Found", finding["found"]],
        ["Allowed", finding["allowed"]],
        ["What to do", finding["action"]],
        ["Numbers seen", "; ".join(f"{_words(k)}: {v}" for k, v in finding["numbers"].items())],
    ]
    return {
        "rule": finding["rule"],
        "section": finding["section"],
        "outcome": finding["outcome"],
        "title": finding["title"],
        "rows": [row for row in rows if row[1]],
    }


def _parameters(judged: Edition) -> Iterable[list[str]]:
    for name, note in judged.notes.items():
        yield [_words(name), _text(plain(getattr(judged, name))), note.section, note.ambiguity]


def _text(value: object) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{_words(str(key))}: {_text(each)}" for key, each in value.items())
    if isinstance(value, list):
        return ", ".join(_text(each) for each in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _words(name: str) -> str:
    return name.replace("_", " ")
