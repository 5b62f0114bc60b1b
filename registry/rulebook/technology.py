"""A site's technology as the rules of 3.2 and App. F read it: given, and one for the period."""

from registry.rulebook.edition import Edition
from registry.rulebook.facts import CapturedFraction, Destination, IssuanceCase, TechnologyFacts
from registry.rulebook.given import Unusable, share_given


def technology_given(case: IssuanceCase) -> TechnologyFacts:
    """The one description that holds over the whole period. Raises Unusable."""
    found = case.technology
    if found is None:
        raise Unusable(
            "technology",
            "technology of the site: not described for this period",
            "a description that holds from the first day of the period or before",
            "Describe the site's technology on the page of the site.",
        )
    if found.changed_on is not None:
        raise Unusable(
            "technology",
            f"the technology of the site changes on {found.changed_on}, inside the period",
            "one technology over the whole period",
            f"Make two productions: one that ends before {found.changed_on}, one that starts then.",
        )
    return found


def captured(technology: TechnologyFacts) -> tuple[CapturedFraction, ...]:
    """The fractions of captured CO2 that are more than nothing, empty where none is captured.

    Raises Unusable: capture points without a word on where the CO2 goes, or an odd share.
    """
    if technology.capture_points and not technology.captured:
        raise Unusable(
            "captured",
            f"{len(technology.capture_points)} capture point(s), no destination of the CO2",
            "every fraction of the captured CO2 with its destination",
            "Say where the captured CO2 goes and whether it lowers the intensity.",
        )
    return tuple(each for each in technology.captured if share_given("captured", each.share) > 0)


def lowering(technology: TechnologyFacts) -> tuple[CapturedFraction, ...]:
    """The fractions that the site's intensity counts as not emitted. Raises Unusable."""
    fractions = captured(technology)
    for each in fractions:
        if not isinstance(each.lowers_intensity, bool):
            raise Unusable(
                "captured",
                f"{destination(each)}: not said whether it lowers the intensity",
                "yes or no for every fraction",
                "Say whether the measured intensity counts this CO2 as not emitted.",
            )
    return tuple(each for each in fractions if each.lowers_intensity)


def is_stored(fraction: CapturedFraction, edition: Edition) -> bool:
    """Whether a fraction goes where 3.2 lets it go: dedicated geological storage."""
    if fraction.destination == Destination.USE:
        return edition.ccu_counts_as_storage
    return fraction.destination == Destination.GEOLOGICAL


def destination(fraction: CapturedFraction) -> str:
    """For a reader; a word that is no destination as it stands."""
    return _DESTINATIONS.get(fraction.destination, fraction.destination)


_DESTINATIONS: dict[str, str] = {
    Destination.GEOLOGICAL: "dedicated geological storage",
    Destination.OIL_PRODUCTION: "a reservoir with active oil production",
    Destination.USE: "use in a product or process (CCU)",
}
