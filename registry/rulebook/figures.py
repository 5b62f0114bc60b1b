"""The figures a production is judged by: declared by its producer, signed by its auditor.

Where both are given and differ, a rule takes the less favourable one, so that neither a figure
changed after the audit nor a slip in the statement lets anything through. Before the ex-post
audit of provisional units (R083) the figures expected ex-ante stand in for the signed ones.
"""

from decimal import Decimal

from registry.rulebook.facts import FunctionalUnit, IssuanceCase, Stage
from registry.rulebook.given import Unusable, decimal_given, share_given, whole_given, word_given

INTENSITY_UNIT = "t CO2e/t"


def functional_unit(case: IssuanceCase) -> FunctionalUnit:
    """What one unit is a tonne of (2.2). Raises Unusable when it is neither iron nor steel."""
    found = word_given("functional_unit", case.production.functional_unit)
    try:
        return FunctionalUnit(found)
    except ValueError as error:
        raise Unusable(
            "functional_unit",
            f"functional unit: {found}",
            "functional unit: iron or crude_steel",
            "Choose iron or crude steel.",
        ) from error


def site_intensity(case: IssuanceCase) -> Decimal:
    """The site's average in t CO2e/t, the higher of declared and verified. Raises Unusable."""
    signed = _audited(case, "site_intensity")
    figures = _declared_and(case.production.site_intensity, signed)
    return max(decimal_given("site_intensity", each, INTENSITY_UNIT) for each in figures)


def product_intensity(case: IssuanceCase) -> Decimal:
    """The product's intensity in t CO2e/t, the higher of the two. Raises Unusable."""
    signed = _audited(case, "intensity")
    figures = _declared_and(case.production.intensity, signed)
    return max(decimal_given("intensity", each, INTENSITY_UNIT) for each in figures)


def scrap_share(case: IssuanceCase) -> Decimal:
    """The scrap share of the metallic input, the higher of the two: it lowers every limit."""
    signed = _audited(case, "scrap_share")
    figures = _declared_and(case.production.scrap_share, signed)
    return max(share_given("scrap_share", each) for each in figures)


def delivered_tonnes(case: IssuanceCase) -> int:
    """Delivered tonnes, the lower of declared and verified; before issuance the declared will do.

    Raises Unusable: not given, or at issuance not verified.
    """
    declared = whole_given("delivered_tonnes", case.production.delivered_tonnes, "t")
    signed = case.verification.delivered_tonnes if case.verification else None
    if signed is not None:
        return min(declared, whole_given("delivered_tonnes", signed, "t"))
    if case.stage is Stage.ISSUANCE and not case.provisional:
        raise Unusable(
            "delivered_tonnes",
            "delivered tonnes: not verified",
            "delivered tonnes: as verified by the auditor",
            "Ask the auditor to state the delivered tonnes in the ex-post verification.",
        )
    return declared


def _audited(case: IssuanceCase, name: str) -> object:
    """The auditor's figure: signed, or expected ex-ante for provisional units; None if neither."""
    if case.verification is not None and not case.provisional:
        return getattr(case.verification, name)
    return getattr(case.ex_ante, name) if case.provisional and case.ex_ante else None


def _declared_and(declared: object, signed: object) -> list[object]:
    """The declared figure, missing or not, and the signed one where there is one."""
    return [declared] if signed is None else [declared, signed]
