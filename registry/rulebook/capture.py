"""Captured CO2 (3.2): how much, for ever, by what way, and what leaks. R033–R036.

R033 and R034 judge captured CO2 that lowers the site's intensity. R035 and R036 also judge CO2
that is stored without being counted: it is transported all the same.
"""

from registry.rulebook.edition import Edition
from registry.rulebook.engine import rule
from registry.rulebook.facts import CapturedFraction, CapturePoint, IssuanceCase, TechnologyFacts
from registry.rulebook.facts import Destination as To
from registry.rulebook.findings import Verdict, failed, not_applicable, passed
from registry.rulebook.given import EXACT, Unusable, date_given, decimal_given, share_given, shown
from registry.rulebook.technology import (
    captured,
    destination,
    is_stored,
    lowering,
    technology_given,
)


@rule(
    "R033",
    section="3.2",
    modality="must",
    subject=IssuanceCase,
    parameters=("capture_min_share",),
)
def most_is_captured_where_most_is_emitted(case: IssuanceCase, edition: Edition) -> Verdict:
    """R033 (3.2): Captured CO2 that lowers the intensity: enough of the largest source is captured.

    Of the capture point with the highest emissions; of several alike, the one that captures least.
    """
    technology = technology_given(case)
    if not lowering(technology):
        return not_applicable("no captured CO2 lowers the intensity")
    point = _largest(technology.capture_points)
    share = share_given("capture_points", point.captured_share)
    found = f"{shown(share)} captured at {point.name}, the point with the highest emissions"
    allowed = f"{shown(edition.capture_min_share)} or more there"
    numbers = {"captured_share": share, "limit": edition.capture_min_share}
    if share >= edition.capture_min_share:
        return passed(found, allowed, field="capture_points", **numbers)
    action = "Capture more there, or do not count captured CO2 in the intensity."
    return failed(found, allowed, action, field="capture_points", **numbers)


@rule(
    "R034",
    section="3.2",
    modality="must",
    subject=IssuanceCase,
    parameters=("ccu_counts_as_storage",),
)
def counted_co2_is_stored_for_ever(case: IssuanceCase, edition: Edition) -> Verdict:
    """R034 (3.2): Every fraction that lowers the intensity is in dedicated geological storage.

    Permanently, with monitoring (MRV) and liability on file. CO2 that is used, or stored where
    oil is produced, may earn a label (R088), not eligibility.
    """
    technology = technology_given(case)
    counted = lowering(technology)
    if not counted:
        return not_applicable("no captured CO2 lowers the intensity")
    whole = _whole(technology)
    allowed = "dedicated geological storage, with monitoring and liability on file, for all of it"
    for each in counted:
        share = share_given("captured", each.share)
        found = f"{shown(share)} of the captured CO2 goes to {destination(each)}"
        if not is_stored(each, edition):
            action = "Store it geologically, or do not count it in the intensity."
            return failed(found, allowed, action, field="captured", share=share)
        missing = _not_on_file(each)
        if missing:
            action = f"Give {missing}."
            return failed(f"{found}, {missing} not on file", allowed, action, field="captured")
    return passed(
        f"{len(counted)} of {whole} fraction(s) count, all stored for ever",
        allowed,
        field="captured",
    )


@rule("R035", section="3.2", modality="shall", subject=IssuanceCase)
def storage_is_secured(case: IssuanceCase, edition: Edition) -> Verdict:
    """R035 (3.2): CO2 transport and storage operate or are contracted on the date of issuance."""
    technology = technology_given(case)
    if not _moves_co2(technology):
        return not_applicable("no CO2 is captured for storage")
    days = {
        "operational": technology.storage_operational_on,
        "contracted": technology.storage_contracted_on,
    }
    given = {name: date_given("storage_contracted_on", day) for name, day in days.items() if day}
    said = ", ".join(f"{name} from {day}" for name, day in given.items())
    found = f"transport and storage {said or 'neither operational nor contracted'}"
    allowed = f"operational or contracted on {case.on}"
    numbers = {"on": case.on, **days}
    if any(day <= case.on for day in given.values()):
        return passed(found, allowed, field="storage_contracted_on", **numbers)
    action = "Give the day from which transport and storage operate, or of their contract."
    return failed(found, allowed, action, field="storage_contracted_on", **numbers)


@rule(
    "R036",
    section="3.2",
    modality="shall",
    subject=IssuanceCase,
    parameters=("co2_leakage_max_share",),
)
def little_co2_leaks(case: IssuanceCase, edition: Edition) -> Verdict:
    """R036 (3.2): Leaks of CO2 are looked for, and little of what is transported is lost."""
    technology = technology_given(case)
    if not _moves_co2(technology):
        return not_applicable("no CO2 is captured for storage")
    allowed = f"leak detection, and {shown(edition.co2_leakage_max_share)} or less lost"
    if not technology.leakage_detection.strip():
        return failed(
            "no leak detection described",
            allowed,
            "Describe how leaks are detected.",
            field="leakage_detection",
        )
    leaked = share_given("co2_leaked_share", technology.co2_leaked_share)
    found = f"{shown(leaked)} of the mass of CO2 transported leaks"
    numbers = {"leaked_share": leaked, "limit": edition.co2_leakage_max_share}
    if leaked <= edition.co2_leakage_max_share:
        return passed(found, allowed, field="co2_leaked_share", **numbers)
    action = "Mend the leaks; until then this site issues no units."
    return failed(found, allowed, action, field="co2_leaked_share", **numbers)


def _moves_co2(technology: TechnologyFacts) -> bool:
    """Whether captured CO2 is transported for storage, or counts as not emitted."""
    if lowering(technology):
        return True
    return any(each.destination != To.USE for each in captured(technology))


def _largest(points: tuple[CapturePoint, ...]) -> CapturePoint:
    """Raises Unusable: no point, or one without its emissions and share."""
    if not points:
        raise Unusable(
            "capture_points",
            "captured CO2 lowers the intensity, no capture point is named",
            "every capture point with its emissions and the share captured",
            "Name the capture points.",
        )
    return max(
        points,
        key=lambda each: (
            decimal_given("capture_points", each.emissions, "t CO2 a year"),
            -share_given("capture_points", each.captured_share),
        ),
    )


def _whole(technology: TechnologyFacts) -> int:
    """How many fractions there are; together they are all of it. Raises Unusable."""
    fractions = captured(technology)
    total = sum(
        (share_given("captured", each.share) for each in fractions), EXACT.create_decimal(0)
    )
    if total != 1:
        raise Unusable(
            "captured",
            f"the fractions of captured CO2 add up to {shown(total)}",
            "fractions that add up to 1: all of the captured CO2",
            "Say where the rest goes, or correct the fractions.",
        )
    return len(fractions)


def _not_on_file(fraction: CapturedFraction) -> str:
    files = {"monitoring (MRV)": fraction.monitoring, "liability": fraction.liability}
    return " and ".join(name for name, text in files.items() if not text.strip())
