"""The words of a claim (9.1): what every publication states, and what none may say.

Phrases are data. Each offending one comes with the words that are allowed in its place.
"""

import re
from dataclasses import dataclass

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

_GREEN = (
    r"(?:green(?:er)?|clean(?:er)?|low(?:er)?[- ](?:carbon|emissions?|co2)|fossil[- ]free|"
    r"(?:carbon|climate|co2)[- ](?:neutral|free)|(?:near|net)[- ]zero|zero[- ](?:carbon|emissions?)"
    r"|decarboni[sz]ed|sustainable)"
)
_THINGS = (
    r"(?:products?|cars?|vehicles?|trucks?|buildings?|projects?|bridges?|houses?|homes?|beams?|"
    r"rebars?|coils?|frames?|appliances?|machines?|components?|turbines?|towers?)"
)
_ABOUT_INVENTORY = (
    "we retired book-and-claim units and applied them to our corporate inventory; the effect is "
    "shown in the market-based inventory with BCUs applied"
)
_ABOUT_METAL = (
    "the book-and-claim units stand for low-emissions production elsewhere; the physical metal "
    "is reported in the complete physical inventory"
)
_ABOUT_ADJUSTED = "emissions in our market-based inventory with BCUs applied"

# What is looked for -> what to write instead. In the order in which they are shown.
_REFUSED: tuple[tuple[str, str], ...] = (
    (rf"\b(?:made|built|produced|manufactured|constructed)\s+(?:with|from|of|using)\s+{_GREEN}"
     r"[\w\s,-]{0,20}?\b(?:iron|steel)\b", _ABOUT_METAL),
    (rf"\bcontain(?:s|ing)?\s+{_GREEN}[\w\s,-]{{0,20}}?\b(?:iron|steel)\b", _ABOUT_METAL),
    (rf"\b{_GREEN}\s+(?:steel\s+|iron\s+)?{_THINGS}\b", _ABOUT_INVENTORY),
    (rf"\b(?:this|these|our|your|the)\s+{_THINGS}\s+(?:is|are)\s+{_GREEN}\b", _ABOUT_INVENTORY),
    (r"\b(?:carbon|climate|co2)[- ]neutral(?:ity)?\b", _ABOUT_INVENTORY),
    (rf"\b(?:carbon\s+)?(?:footprint|intensity|emissions)\s+of\s+(?:this|these|our|your|the|each)"
     rf"\s+{_THINGS}\b", _ABOUT_INVENTORY),
    (rf"\b{_THINGS}(?:'s)?\s+(?:carbon\s+)?footprint\b", _ABOUT_INVENTORY),
    (r"\bembodied\s+(?:carbon|emissions)\b", _ABOUT_INVENTORY),
    (r"\b(?:adjusted|updated|improved|lower(?:ed)?|reduced|better)\s+(?:epds?|lcas?|"
     r"environmental\s+product\s+declarations?|life[- ]cycle\s+assessments?)\b", _ABOUT_INVENTORY),
    (r"\b(?:our\s+)?customers?\s+(?:can|may|will)\s+(?:claim|report|count)\b",
     "our customers cannot report these reductions; co-claims are agreed in the registry"),
    (r"\b(?:your|our\s+customers['’]?)\s+(?:scope\s*3|emissions|footprint)\b", _ABOUT_INVENTORY),
    (r"\b(?:our|total|reported)\s+scope\s*3\s+emissions\s+(?:fell|fall|dropped|decreased|declined|"
     r"were\s+(?:cut|reduced|lowered)|are\s+(?:now\s+)?(?:lower|down))\b", _ABOUT_ADJUSTED),
    (r"\btarget\s+progress\b|\bprogress\s+(?:towards?|against|on)\s+(?:our|the|its)\s+[\w\s-]{0,20}?"
     r"targets?\b", _ABOUT_ADJUSTED),
    (r"\b(?:carbon\s+)?offset(?:s|ting)?\b|\bcarbon\s+credits?\b",
     "book-and-claim units"),
)  # fmt: skip

_PATTERNS = tuple((re.compile(pattern, re.IGNORECASE), instead) for pattern, instead in _REFUSED)

_STATES_MARKET_BASED = re.compile(r"\bmarket[- ]based\s+mechanisms?\b", re.IGNORECASE)
_STATES_NOT_TRANSFERABLE = re.compile(
    r"\bnot\s+transferable\s+to\s+(?:(?:our|its|the|any)\s+)?customers?\b"
    r"|\b(?:cannot|can\s+not|do(?:es)?\s+not|don't)\s+(?:apply|be\s+(?:transferred|passed\s+on))\s+to"
    r"\s+(?:(?:our|its|the|any)\s+)?(?:specific\s+)?customers?\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Offence:
    """A phrase that no claim may use: where it starts, and the words allowed in its place."""

    phrase: str
    start: int
    allowed: str


def offences(text: str) -> tuple[Offence, ...]:
    """Every offending phrase in the order of the text, overlapping ones once (9.1, R112)."""
    found = sorted(
        (Offence(hit.group(), hit.start(), instead) for pattern, instead in _PATTERNS
         for hit in pattern.finditer(text)),
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
    if not _STATES_MARKET_BASED.search(text):
        missing.append(MARKET_BASED)
    if not _STATES_NOT_TRANSFERABLE.search(text):
        missing.append(NOT_TRANSFERABLE)
    return tuple(missing)
