"""A statement on paper: a tagged PDF of its document, with what stands beside it."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse

from accounts.ui import formats
from claims.accounting.categories import CATEGORIES
from claims.accounting.quality import DATA_TIERS, VERIFIED
from claims.models import Statement
from claims.web.beside import Beside, sourcing_rows
from claims.web.document import side_by_side, totals
from claims.web.lines import lines_of
from claims.web.pictures import pictures
from registry.typeset import typeset

MOST_LINES = 300
MOST_UNITS = 300
_NAMED = 3


def pdf(statement: Statement, document: Mapping[str, Any], beside: Beside) -> bytes:
    """The same bytes for the same statement and what stands beside it."""
    units: Sequence[Mapping[str, Any]] = document.get("units", [])
    lines = lines_of(statement.pk, 0, MOST_LINES)
    address = reverse("statements:statement_json", args=[statement.code])
    claims = document["claims"]
    names = {each["id"]: each["name"] for each in lines}
    data: dict[str, object] = {
        "demonstration": document["demonstration"],
        "marks": beside.marks,
        "claimant": document["claimant"],
        "text": document["words"]["text"],
        "disclosures": [
            each
            for each in document["words"]["disclosures"]
            if each not in document["words"]["text"]
        ],
        "rounding": document["words"]["rounding"],
        "facts": [list(each) for each in beside.facts],
        "assurance": beside.assurance,
        "categories": _categories(document),
        "pictures": [
            {"title": each.title, "text": each.text, "svg": each.svg} for each in pictures(document)
        ],
        "groups": [_group(claim, group, names) for claim in claims for group in claim["groups"]],
        "explanations": sorted(
            {group["explanation"] for claim in claims for group in claim["groups"]} - {""}
        ),
        "spend": [_spend(each) for each in document.get("spend_claims", [])],
        "units": [_unit(each) for each in units[:MOST_UNITS]],
        "units_left": _left(len(units), MOST_UNITS, "runs of units"),
        "quality": _quality(document.get("data_quality", {})),
        "lines": [_line(each) for each in lines],
        "lines_left": _left(document.get("line_count", len(lines)), MOST_LINES, "lines"),
        "acceptance": [_acceptance(each) for each in document.get("acceptance", [])],
        "sourcing": [list(each) for each in sourcing_rows(document.get("sourcing"))],
        "url": f"{settings.BILLET_PUBLIC_URL}{address}",
        "sha256": statement.sha256,
    }
    day = statement.published_on or statement.submitted_at
    assert day is not None  # what has a document was submitted
    return typeset("statement", data, title=f"Statement {statement.code}", on=day)


def _categories(document: Mapping[str, Any]) -> list[list[str]]:
    names = ("physical_emissions", "adjusted_emissions", "reduction_emissions")
    rows = [*side_by_side(document), {"name": "Total", **totals(document)}]
    return [[each["name"], *(_figure(each[name]) for name in names)] for each in rows]


def _group(
    claim: Mapping[str, Any], group: Mapping[str, Any], names: Mapping[str, str]
) -> list[str]:
    cap = f", {group['cap']} cap of {_figure(group['cap_units'])} whole units" if (
        group["cap_applied"]) else ""  # fmt: skip
    exact = f" (exact: {_figure(group['exact_cap_tonnes'])} t)" if group["cap_applied"] else ""
    product = group["product_family"] or group["product_type"]
    return [
        f"{claim['code']}: {CATEGORIES[group['category']]}; {product} {group['material']} at "
        f"{_figure(group['factor_intensity'])} t CO2e/t{_named(group, names)}",
        f"{group['method']}{cap}{exact}; limited by {group['bound']}",
        _figure(group["volume"]),
        f"{_figure(group['physical_emissions'])} → {_figure(group['adjusted_emissions'])} "
        f"({_figure(group['exact_adjusted_emissions'])} if the exact limit were used)",
        f"{_figure(group['net_intensity'])}; {_figure(group['unit_intensity'])}",
    ]


def _named(group: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """The first of a group's lines by name, those that are printed below."""
    found = [names[id] for id in group["lines"][:_NAMED] if id in names]
    more = group.get("line_count", len(group["lines"])) - len(found)
    if not found:
        return ""
    return f": {', '.join(found)}{f' and {more:,} more' if more else ''}"


def _spend(each: Mapping[str, Any]) -> list[str]:
    names = ("volume", "estimated_tonnes", "physical_emissions", "adjusted_emissions",
             "draft_adjusted_emissions")  # fmt: skip
    return [each["code"], *(_figure(each[name]) for name in names)]


def _unit(each: Mapping[str, Any]) -> list[str]:
    figure = each["adjusted_intensity"] or each["intensity"]
    return [
        each["identifier"] or f"{each['issuance']} {each['first']}–{each['last']}",
        f"{each['retirement']} {each['retirement_url']}".strip() or "no certificate",
        _figure(each["units"]),
        f"{each['vintage_start']} to {each['vintage_end']}",
        f"{_figure(figure)}; {_figure(each['baseline_intensity'])} ({each['baseline_source']})",
    ]


def _quality(quality: Mapping[str, Any]) -> list[list[str]]:
    return [
        [words.get(each[name], each[name]), _figure(each["lines"]), _figure(each["emissions"])]
        for name, words in (("data_tier", DATA_TIERS), ("verified", VERIFIED))
        for each in quality.get(name, [])
    ]


def _line(each: Mapping[str, Any]) -> list[str]:
    tier, verified = DATA_TIERS.get(each["data_tier"], ""), VERIFIED.get(each["verified"], "")
    return [
        each["name"],
        each["category"].replace("_", " ").capitalize(),
        f"{tier}; {verified}",
        _figure(each["physical_emissions"]),
        _figure(each["adjusted_emissions"]),
    ]


def _acceptance(each: Mapping[str, Any]) -> list[str]:
    address = re.sub(r"([./])(?=\S)", "\\1\u200b", each["source"])  # a line may break here
    source = f"{address}; {each['confidence']}; {each['checked_on']}"
    return [f"{each['programme']}: {each['question']}", each["status"], each["basis"], source]


def _left(number: int, most: int, what: str) -> str:
    return f"And {number - most:,} more {what}: see the JSON or XLSX." if number > most else ""


def _figure(value: object) -> str:
    return formats.decimal_text(value, 6) or "–"
