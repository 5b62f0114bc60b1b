"""Phrases that a claim may not use, each with the words to write instead (9.1, R112)."""

import re
from dataclasses import dataclass

_METALS = r"(?:iron|steel|metal)"
_CLEAN = (
    r"(?:green(?:er)?|clean(?:er)?|(?:ultra-)?low(?:er)?[- ](?:carbon|emissions?|co2)"
    r"|fossil[- ]free"
    r"|(?:carbon|climate|co2)[- ]?(?:neutral|free|friendly|positive)|emissions?[- ]?free"
    r"|(?:near|net)[- ]zero(?:[- ](?:carbon|emissions?))?|zero[- ](?:carbon|emissions?)"
    r"|(?:co2|carbon|emissions?)[- ]reduced|reduced[- ](?:carbon|co2|emissions?)"
    r"|decarboni[sz]ed|sustainable|eco[- ]friendly|environmentally[- ]friendly)"
)
_THINGS = (
    r"(?:products?|cars?|vehicles?|trucks?|buildings?|projects?|bridges?|houses?|homes?|beams?"
    r"|rebars?|coils?|frames?|appliances?|machines?|machinery|components?|turbines?|towers?|models?"
    r"|chassis|ships?|wagons?|trains?|packaging|cans?|bicycles?|bikes?|tools?|offices?|factory"
    r"|warehouses?|stadiums?|hospitals?|parts?)"
)
_THESE = r"(?:this|these|our|your|the|its|every|each|all)"
_MAKES = (
    r"(?:made|built|produced|manufactured|constructed|forged|fabricated|crafted)"
    r"\s+(?:with|from|of|using|out\s+of)"
)
_LESS = r"(?:lower|smaller|reduced|less|halved?|zero|near-zero)"
_DECLARED = (
    r"(?:epds?|lcas?|pcfs?|environmental\s+product\s+declarations?|life[- ]cycle\s+assessments?)"
)
_SCOPE_3 = r"(?:scope\s*3|value[- ]chain)(?:\s+category\s+\d+)?(?:\s+emissions)?"
_BUYERS = r"(?:our\s+|the\s+|any\s+)?(?:customers?|buyers?|clients?)"
_CUT = r"(?:cut|cuts|reduced?|reduces|lowered|lowers|halved|slashed|decreased|shrunk)"

ABOUT_INVENTORY = (
    "we retired book-and-claim units and applied them to our corporate inventory; the effect is "
    "shown in the market-based inventory with BCUs applied"
)
ABOUT_METAL = (
    "the book-and-claim units stand for low-emissions production elsewhere; the physical metal "
    "is reported in the complete physical inventory"
)
ABOUT_ADJUSTED = "emissions in our market-based inventory with BCUs applied"
ABOUT_CUSTOMERS = (
    "our customers cannot report these reductions; co-claims are agreed in the registry"
)
ABOUT_LABEL = "a link to this statement in the registry, with no mark or seal of our own"

# Names and aims of a whole company, of laws and of councils are no claims on products.
_NAMES = r"\b(?:councils?|initiative|regulation|directive|act|ministerial|bonds?|finance|policy)\b"
_AIMS = (
    r"\b(?:aims?|goals?|targets?|ambitions?|commit(?:s|ted|ments?)?|plans?|strategy|by\s+20\d\d"
    rf"|intends?)\b(?!.*\b{_THINGS}\b)"
)
_OWN = r"\b(?:their\s+own|physical|default|baseline)\b"


@dataclass(frozen=True, slots=True)
class Phrase:
    """What is looked for, what to write instead, and what in its sentence makes it harmless."""

    pattern: re.Pattern[str]
    allowed: str
    unless: re.Pattern[str] | None = None


def phrase(pattern: str, allowed: str, unless: str = "") -> Phrase:
    """One entry of the tables, whatever the case of its letters."""
    return Phrase(
        re.compile(pattern, re.IGNORECASE),
        allowed,
        re.compile(unless, re.IGNORECASE) if unless else None,
    )


EVERYWHERE = (
    # The metal in a product.
    phrase(rf"\b{_MAKES}\s+(?:\d+\s*(?:%|percent)\s+)?{_CLEAN}[\w\s,-]{{0,20}}?\b{_METALS}\b",
            ABOUT_METAL),
    phrase(rf"\bcontain(?:s|ing)?\s+(?:\w+\s+|\d+\s*%\s+){{0,2}}?{_CLEAN}[\w\s,-]{{0,20}}?\b{_METALS}\b",
            ABOUT_METAL),
    phrase(rf"\b{_THESE}\s+(?:\w+\s+)?{_THINGS}\s+(?:used?|uses|have|has|feature|features|include|includes|come"
            rf"|comes\s+with)\s+(?:\w+\s+){{0,2}}?{_CLEAN}[\w\s,-]{{0,20}}?\b{_METALS}\b",
            ABOUT_METAL),
    phrase(rf"\b{_CLEAN}\s+{_METALS}\s+(?:inside|in|for)\s+{_THESE}\s+{_THINGS}\b", ABOUT_METAL),
    phrase(rf"\b{_CLEAN}[\s-]*{_METALS}\s+inside\b", ABOUT_METAL),
    phrase(rf"\b(?:the|our)\s+{_METALS}\s+(?:in|of|for)\s+{_THESE}\s+{_THINGS}\s+(?:is|are)\s+"
            rf"(?!not\b|no\b|never\b)(?:\w+\s+)?{_CLEAN}", ABOUT_METAL),
    phrase(rf"\b(?:the|our|this|all)\s+{_METALS}\s+(?:(?:that\s+)?we\s+\w+\s+)?(?:is|was)\s+"
            rf"(?!not\b|no\b|never\b)(?:\w+\s+)?{_CLEAN}\b", ABOUT_METAL),
    # The product itself.
    phrase(rf"\b{_CLEAN}[,]?\s+(?:{_METALS}\s+)?{_THINGS}\b", ABOUT_INVENTORY, _NAMES),
    phrase(rf"\b{_THESE}\s+(?:\w+\s+)?{_THINGS}\s+(?:is|are|was|were|becomes?|goes|go)\s+"
            rf"(?:now\s+|fully\s+|100\s*%\s+)?{_CLEAN}\b", ABOUT_INVENTORY),
    phrase(r"\b(?:carbon|climate|co2)[- ]?neutral(?:ity)?\b(?!\s+(?:act|law|pact|mission)\b)",
            ABOUT_INVENTORY, _AIMS),
    # Figures of a product, project or building.
    phrase(rf"\b(?:carbon\s+)?(?:footprint|intensity|emissions)\s+(?:of|per|for)\s+(?:{_THESE}\s+)?"
            rf"{_THINGS}\b", ABOUT_INVENTORY, r"\b(?:physical|unchanged)\b"),
    phrase(rf"\b{_THINGS}(?:'s|s')?\s+emissions\s+(?:fell|dropped|(?:is|are|was|were|have\s+been)\s+"
            r"(?:\w+\s+)?(?:cut|reduced|lower(?:ed)?|halved|down))\b", ABOUT_INVENTORY,
            r"\bphysical\b"),
    phrase(rf"\b{_THESE}\s+(?:\w+\s+)?{_THINGS}\s+(?:has|have)\s+(?:an?|the)\s+(?:\w+\s+){{0,2}}?"
            r"(?:intensity|footprint)\b", ABOUT_INVENTORY, r"\bphysical\b"),
    phrase(rf"\b{_THINGS}(?:'s|s')?\s+(?:carbon\s+)?(?:footprint|emissions?\s+intensity"
            r"|carbon\s+intensity)\b", ABOUT_INVENTORY),
    phrase(rf"\b{_THINGS}\s+(?:with|has|have|having)\s+(?:a\s+|an\s+)?(?:\d+\s*%\s+)?{_LESS}\s+"
            r"(?:carbon|co2e?|emissions?|footprint|climate)\b", ABOUT_INVENTORY),
    phrase(rf"\b(?:every|each|per)\s+{_THINGS}\s+(?:saves?|avoids?|emits?)\b", ABOUT_INVENTORY),
    phrase(r"\bembodied\s+(?:carbon|emissions)\b", ABOUT_INVENTORY),
    phrase(r"\b(?:adjusted|updated|improved|lower(?:ed)?|reduced|better|new)\s+(?:epds?|lcas?|pcfs?"
            r"|environmental\s+product\s+declarations?|life[- ]cycle\s+assessments?)\b",
            ABOUT_INVENTORY),
    phrase(rf"\b{_CUT}\s+(?:\w+\s+){{0,3}}?(?:epds?|lcas?|pcfs?)\b", ABOUT_INVENTORY),
    phrase(rf"\b{_DECLARED}\b[^.!?;\n]{{0,60}}?\b(?:lower(?:ed)?|improved|reduced|fell|adjusted)\b",
            ABOUT_INVENTORY, r"\b(?:suppliers?'?s?|physical)\b"),
    phrase(rf"\b(?:updated?|adjust(?:ed|s)?|improved?|revised?|corrected)\s+(?:our|the|its|all)\s+"
            rf"(?:\w+\s+)?{_DECLARED}\b", ABOUT_INVENTORY, r"\bphysical\b"),
    # Customers.
    phrase(r"\b(?:our\s+)?customers?\s+(?:can|may|will|could)\s+(?:also\s+|now\s+)?"
            r"(?:claim|report|count|use|book)\b", ABOUT_CUSTOMERS, _OWN),
    phrase(r"\b(?:your|(?:our\s+)?customers['s]{1,2})\s+(?:own\s+)?(?:scope\s*3|emissions|footprint)"
            r"\b", ABOUT_INVENTORY),
    phrase(rf"\b(?:pass(?:ed|es)?|transfer(?:red|s)?)\s+(?:\w+\s+){{0,4}}?(?:on\s+)?to\s+{_BUYERS}\b",
            ABOUT_CUSTOMERS),
    phrase(rf"\b{_BUYERS}\s+(?:benefit|profit|gain)s?\s+from\s+(?:\w+\s+){{0,3}}?(?:scope\s*3"
            r"|emissions|footprint|reductions)\b", ABOUT_CUSTOMERS, _OWN),
    # The two inventories kept apart.
    phrase(rf"\b(?:(?:our|total|reported|the)\s+)?{_SCOPE_3}\s+(?:fell|fall|dropped|decreased|declined|shrank|went\s+down"
            r"|(?:were|are|is|was|have\s+been|has\s+been)\s+(?:now\s+)?(?:cut|reduced|lowered|lower"
            r"|down|halved))\b", ABOUT_ADJUSTED, r"\bphysical\b"),
    phrase(rf"\b{_CUT}\s+(?:our|the|its|total|reported)?\s*(?:total\s+)?{_SCOPE_3}\b",
            ABOUT_ADJUSTED, r"\bphysical\b"),
    phrase(r"\b(?:adjusted|market[- ]based|net|remaining)\s+scope\s*3\b", ABOUT_ADJUSTED),
    phrase(r"\bscope\s*3(?:\s+category\s+\d+)?(?:\s+emissions)?\s*,?\s+(?:after|with|net\s+of"
            r"|less|including)\s+(?:\w+\s+){0,3}?(?:bcus?|book[- ]and[- ]claim|units)\b",
            ABOUT_ADJUSTED),
    phrase(r"\btarget\s+progress\b|\bprogress\s+(?:towards?|against|on|to)\s+(?:our|the|its)\s+"
            r"[\w\s-]{0,30}?targets?\b", ABOUT_ADJUSTED),
    phrase(r"\b(?:met|meets?|achieved|reached|closer\s+to|on\s+track\s+(?:for|to|with))\s+(?:our|the|its)\s+"
            r"[\w\s-]{0,30}?targets?\b", ABOUT_ADJUSTED),
    phrase(r"\b(?:carbon\s+)?offset(?:s|ting)?\b|\bcarbon\s+credits?\b|\bcompensat(?:e|ed|es|ing)\s+"
            r"(?:\w+\s+){0,2}?emissions\b|\bemissions\s+(?:\w+\s+){0,2}?compensated\b",
            "book-and-claim units"),
)  # fmt: skip

# What consumer law calls generic environmental claims, and claims of the future without a plan.
CONSUMER = (
    phrase(r"\b(?:environmentally|climate|eco|nature|planet|earth|ecologically)[- ]"
            r"(?:friendly|safe|correct|conscious)\b", ABOUT_INVENTORY),
    phrase(r"\b(?:good|better|best|gentle|kind(?:er)?)\s+(?:for|to|on)\s+(?:the\s+)?(?:climate|planet"
            r"|environment|nature|earth)\b", ABOUT_INVENTORY),
    phrase(rf"\b{_CLEAN}\s+{_METALS}\b", ABOUT_METAL),
    phrase(r"\b(?:sustainable|sustainably|green|eco)\b(?=\s+(?:choice|option|living|future|brand"
            r"|company|driving|mobility|construction|sourced|made|produced|steel|iron))",
            ABOUT_INVENTORY),
    phrase(r"\b(?:we|our\s+\w+)\s+(?:will|shall)\s+be\s+(?:carbon|climate|net)[- ]"
            r"(?:neutral|zero)\b", ABOUT_INVENTORY),
    phrase(r"\bnet[- ]zero\b|\bzero\s+(?:carbon|emissions?)\b", ABOUT_INVENTORY),
    phrase(r"\b(?:you|buyers?|drivers?|owners?)\s+(?:save|avoid|cut|reduce)s?\b[\w\s]{0,30}"
            r"\b(?:co2e?|carbon|emissions)\b", ABOUT_INVENTORY),
)  # fmt: skip
LABELS = (
    phrase(r"\b(?:our|a|the|own|with)\s+(?:\w+\s+)?(?:eco[- ]?labels?"
            r"|green\s+(?:labels?|seals?|badges?|marks?|stamps?)|climate\s+(?:labels?|seals?|badges?)|sustainability\s+(?:labels?|seals?"
            r"|badges?|marks?))\b", ABOUT_LABEL),
)  # fmt: skip
