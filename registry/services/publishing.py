"""What the public record says of technology, additionality and end use (6.2), in words."""

from registry.models import Production
from registry.models.additionality import OBLIGATION_NAMES, SURPLUS_NAMES
from registry.models.technology import LABEL_NAMES
from registry.rulebook.facts import (
    AdditionalityFacts,
    Label,
    Obligation,
    ObligationKind,
    Surplus,
    TechnologyFacts,
)

NO_LABEL = "none of the labelled technologies"


def abatement_text(production: Production, technology: TechnologyFacts | None) -> str:
    """The labels of App. F, then what the producer says of them. Empty while neither is there."""
    said = [text for text in (production.abatement, production.abatement_details) if text]
    if technology is None:
        return ": ".join(said)
    known = [LABEL_NAMES[Label(each)] for each in technology.labels if each in list(Label)]
    return ": ".join([", ".join(known) or NO_LABEL, *said])


def additionality_text(production: Production, facts: AdditionalityFacts | None) -> str:
    """The declaration with every obligation, then the producer's own words."""
    if facts is None or not facts.declared:
        return production.additionality
    parts = ["Declared: no law alone asks for this production."]
    parts += [_obligation(each) for each in facts.obligations]
    if facts.none_apply:
        parts.append(f"No obligation applies: {facts.none_apply}")
    if facts.financial:
        parts.append(f"Financial, attested by the producer: {facts.financial}")
    if facts.common_practice:
        parts.append(f"Common practice, attested by the producer: {facts.common_practice}")
    if facts.determined_on is not None:
        parts.append(f"Determined on {facts.determined_on}.")
    return "\n".join([*parts, production.additionality]).strip()


def end_use_text(production: Production) -> str:
    """The production's own where it names one, else its agreement's (9.3)."""
    if production.end_use.strip() or production.agreement is None:
        return production.end_use
    return production.agreement.end_use


def _obligation(each: Obligation) -> str:
    kind = OBLIGATION_NAMES.get(ObligationKind(each.kind), each.kind)
    surplus = (
        SURPLUS_NAMES[Surplus(each.surplus)] if each.surplus else "not said how it goes beyond"
    )
    return f"{each.name} ({kind}): {surplus}. {each.explanation} Evidence: {each.evidence}".strip()
