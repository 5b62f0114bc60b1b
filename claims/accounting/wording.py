"""The words of a claim (9.1): what every publication states, and what none may say.

Phrases are data, in `phrases.py`. Each offending one comes with the words allowed in its place.
"""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

from claims.accounting.phrases import CONSUMER, EVERYWHERE, LABELS, Phrase
from claims.accounting.phrases_abroad import CONSUMER_ABROAD, EVERYWHERE_ABROAD

PHYSICAL_TITLE = "Complete physical inventory"
ADJUSTED_TITLE = "Market-based inventory with BCUs applied"

MARKET_BASED = (
    "The emissions reported with BCUs applied are achieved through a market-based mechanism: "
    "book-and-claim units for iron and steel were retired and applied to this organisation's own "
    "corporate inventory."
)
NOT_TRANSFERABLE = (
    "They are not transferable to customers and do not apply to any specific customer, product, "
    "project or building."
)
SEPARATE = (
    "The complete physical inventory, with no BCUs applied, is reported separately beside it by "
    "the same categories."
)
DISCLOSURE = f"{MARKET_BASED} {NOT_TRANSFERABLE} {SEPARATE}"
NOT_ASSURED = "No auditor of the registry has given an opinion on this statement."

CLAIM_TYPES = {
    "corporate_inventory": "Corporate inventory of emissions",
    "climate_progress": "Corporate climate progress, under the programme's own rules",
}
REFUSED_CLAIM_TYPES = {
    "on_product": "on-product claim",
    "label": "label on a product",
    "epd": "environmental product declaration",
    "lca": "life-cycle assessment",
    "project": "emissions of a project",
    "building": "emissions of a building",
}

CORPORATE_REPORT = "corporate_report"
CONSUMER_ADVERTISING = "consumer_advertising"
AUDIENCES = {
    CORPORATE_REPORT: "Corporate reporting: annual and sustainability reports, investors",
    "business_customers": "Business customers: tenders, web pages, sales material",
    CONSUMER_ADVERTISING: "Consumers: advertising, packaging, shops",
}
# Where the words are published, and the law that a phrase for consumers is held against.
JURISDICTIONS = {
    "EU": "European Union: Directive (EU) 2024/825, applied from 27 September 2026",
    "UK": "United Kingdom: Green Claims Code of the Competition and Markets Authority",
    "US": "United States: Green Guides of the Federal Trade Commission, 16 CFR part 260",
    "other": "Elsewhere",
}

_ANYWHERE = EVERYWHERE + EVERYWHERE_ABROAD
_STATES_MARKET_BASED = re.compile(
    r"(?<!\bno )(?<!\bnot a )(?<!\bnot an )\bmarket[- ]based\s+mechanisms?\b", re.IGNORECASE
)
_STATES_NOT_TRANSFERABLE = re.compile(
    r"\b(?:not\s+|non-?)transferable\s+to\s+(?:(?:our|its|the|any)\s+)?customers?\b"
    r"|\b(?:cannot|can't|(?:can|may|must|shall)\s+not|do(?:es)?\s+not|don't)\s+(?:apply|be\s+(?:transferred|passed\s+on))\s+to"
    r"\s+(?:(?:our|its|the|any)\s+)?(?:specific\s+)?customers?\b",
    re.IGNORECASE,
)
# A sentence that denies a phrase does not use it: "BCUs are not offsets". "Not only" does not.
_DENIES = re.compile(
    r"\b(?:no|not|never|neither|nor|cannot|without|unlike|instead\s+of|rather\s+than|as\s+opposed\s+to"
    r"|(?:differs?|different|distinct)\s+from|\w+n't|nicht|keine?[mnrs]?|ohne|ne|pas|aucune?|sans"
    r"|ni|ninguna?|sin|non(?!-)|nessun[oa]?|senza|niet|geen|zonder|inte|ej|ingen|inga|utan)\b"
    r"(?!\s+(?:only|just|merely|longer|doubt|nur|seulement|solo|s[oó]lo|alleen|bara|enbart))",
    re.IGNORECASE,
)
_TURNS = re.compile(r"[.!?;:\n]|\b(?:but|however|yet|although|though|while|because|since)\b",
                    re.IGNORECASE)  # fmt: skip
_REACH = 90
# Of trade: a phrase is the same with and without.
_MARKS = "™®©"
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—−"), "-")
_LETTERS = {**_DASHES, ord("’"): "'", ord("‘"): "'", ord("₂"): "2"}


@dataclass(frozen=True, slots=True)
class Offence:
    """A phrase that no claim may use: where it starts, and the words allowed in its place.

    why: the law or section it is held against.
    """

    phrase: str
    start: int
    allowed: str
    why: str = "section 9.1"


def offences(
    text: str, audience: str = CORPORATE_REPORT, jurisdictions: Collection[str] = ()
) -> tuple[Offence, ...]:
    """Every offending phrase in the order of the text, overlapping ones once (9.1, R112).

    What is addressed to consumers is also held against what their law calls generic claims.
    """
    plain, places = _plain(text)
    found = sorted(
        (_offence(text, places, hit, phrase, jurisdictions)
         for phrase in _phrases(audience, jurisdictions)
         for hit in phrase.pattern.finditer(plain)
         if not _is_harmless(plain, hit, phrase)),
        key=lambda offence: (offence.start, -len(offence.phrase)),
    )  # fmt: skip
    kept: list[Offence] = []
    for offence in found:
        if not kept or offence.start >= kept[-1].start + len(kept[-1].phrase):
            kept.append(offence)
    return tuple(kept)


def missing_disclosures(text: str) -> tuple[str, ...]:
    """The sentences of 9.1 that a public text lacks, in full, ready to be added (R114)."""
    missing = []
    plain, _ = _plain(text)
    if not _STATES_MARKET_BASED.search(plain):
        missing.append(MARKET_BASED)
    if not _STATES_NOT_TRANSFERABLE.search(plain):
        missing.append(NOT_TRANSFERABLE)
    return tuple(missing)


def _phrases(audience: str, jurisdictions: Collection[str]) -> tuple[Phrase, ...]:
    if audience != CONSUMER_ADVERTISING:
        return _ANYWHERE
    return _ANYWHERE + CONSUMER + CONSUMER_ABROAD + (LABELS if "EU" in jurisdictions else ())


def _offence(
    text: str,
    places: list[int],
    hit: re.Match[str],
    phrase: Phrase,
    jurisdictions: Collection[str],
) -> Offence:
    first, last = places[hit.start()], places[hit.end() - 1]
    law = "; ".join(JURISDICTIONS[each] for each in JURISDICTIONS if each in jurisdictions)
    why = "section 9.1" if phrase in _ANYWHERE else law or "section 9.1, towards consumers"
    return Offence(text[first : last + 1], first, phrase.allowed, why)


def _is_harmless(plain: str, hit: re.Match[str], phrase: Phrase) -> bool:
    before = plain[max(0, hit.start() - _REACH) : hit.start()]
    turn = max((each.end() for each in _TURNS.finditer(before)), default=0)
    if _DENIES.search(before, turn):
        return True
    if phrase.unless is None:
        return False
    end = re.compile(r"[.!?;\n]").search(plain, hit.end())
    sentence = before[turn:] + plain[hit.start() : end.start() if end else len(plain)]
    return phrase.unless.search(sentence) is not None


def _plain(text: str) -> tuple[str, list[int]]:
    """The text in plain letters and hyphens, and where each of them stands in the original.

    Invisible letters and look-alikes hide no phrase.
    """
    letters: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(text):
        if unicodedata.category(letter) == "Cf" or letter in _MARKS:
            continue
        same = unicodedata.normalize("NFKC", letter)
        letters.append(same if len(same) == 1 else letter)
        places.append(place)
    return "".join(letters).translate(_LETTERS), places
