"""What the rules of claiming share: which figures cannot be used, and groups when all can."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from claims.accounting.facts import ClaimCase, Line, Match, Method
from claims.accounting.group import Group, case_groups, keys_of
from claims.accounting.iron import content_fault, iron_content, iron_factor
from claims.accounting.numbers import (
    EXACT,
    INTENSITY_PLACES,
    TONNES_PLACES,
    decimal_fault,
)
from registry.rulebook.facts import FunctionalUnit

UNUSABLE = "The claim's lines, units or method cannot be computed with; another rule says why."

_SHOWN = 3


def ready_groups(case: ClaimCase) -> tuple[Group, ...] | None:
    """The case's groups, or None where a figure is unusable, which some rule here reports.

    Worked out once: every rule of a claim asks for them, and they may be of 100,000 lines.
    """
    if "groups" not in case.worked_out:
        case.worked_out["groups"] = _groups(case)
    found: tuple[Group, ...] | None = case.worked_out["groups"]
    return found


def _groups(case: ClaimCase) -> tuple[Group, ...] | None:
    faults = (
        method_faults(case),
        tonnes_faults(case),
        factor_faults(case, case.matches),
        iron_faults(case),
        match_faults(case),
    )
    return None if any(faults) else case_groups(case)


def method_faults(case: ClaimCase) -> list[str]:
    """R120: methods that the accounting does not know."""
    unknown = {match.method for match in case.matches} - {str(each) for each in Method}
    return [f"method {each!r}" for each in sorted(unknown)]


def tonnes_faults(case: ClaimCase) -> list[str]:
    """R125: lines without tonnes to match."""
    if "tonnes" not in case.worked_out:
        case.worked_out["tonnes"] = list(_faults(case.lines, _tonnes_fault))
    return list(case.worked_out["tonnes"])


def factor_faults(case: ClaimCase, matches: Iterable[Match]) -> list[str]:
    """R122, R123: lines of these matches without a usable factor."""
    if "factors" not in case.worked_out:
        faults = {
            line.id: f"{line.label}: {why}" for line in case.lines if (why := _factor_fault(line))
        }
        case.worked_out["factors"] = faults
    known: dict[str, str] = case.worked_out["factors"]
    if not known:
        return []
    ids = {line.id for match in matches for line in match.lines}
    return [fault for id, fault in known.items() if id in ids]


def iron_faults(case: ClaimCase) -> list[str]:
    """R116: lines matched with iron, now or before, whose iron-related part is not known."""
    ids = {line.id for match in iron_matches(case) for line in match.lines}
    ids |= {share.line for share in case.earlier if share.functional_unit == FunctionalUnit.IRON}
    return list(_faults((line for line in case.lines if line.id in ids), _iron_fault))


def match_faults(case: ClaimCase) -> list[str]:
    """R124: what keeps the matches from being computed as groups."""
    if "matches" not in case.worked_out:
        case.worked_out["matches"] = _match_faults(case)
    return list(case.worked_out["matches"])


def _match_faults(case: ClaimCase) -> list[str]:
    if not case.matches:
        return ["nothing is matched"]
    faults = []
    seen: dict[str, object] = {}
    for match in case.matches:
        if not match.lines or not match.lots:
            faults.append("a match has no lines" if not match.lines else "a match has no units")
        elif not _factors_known(match):
            continue
        elif len(keys := keys_of(match)) > 1:
            products = ", ".join(sorted(key.label for key in keys))
            faults.append(f"one match holds lines or units of several kinds: {products}")
        else:
            (key,) = keys
            twice = [line.label for line in match.lines if seen.setdefault(line.id, key) != key]
            if twice:
                faults.append(f"lines matched in two ways in one claim: {several(twice)}")
    return faults


def iron_matches(case: ClaimCase) -> list[Match]:
    """The matches that apply iron units."""
    return [
        match
        for match in case.matches
        if any(lot.functional_unit == FunctionalUnit.IRON for lot in match.lots)
    ]


def several(items: Sequence[str]) -> str:
    """The first few of them, and how many more there are."""
    more = len(items) - _SHOWN
    return "; ".join(items[:_SHOWN]) + (f"; and {more} more" if more > 0 else "")


def numbered(names: Sequence[dict[str, object]]) -> dict[str, object]:
    """The figures of each group by name; with more than one group, "2_volume" for the second."""
    if len(names) == 1:
        return dict(names[0])
    return {
        f"{place}_{name}": value
        for place, figures in enumerate(names, start=1)
        for name, value in figures.items()
    }


def _faults(lines: Iterable[Line], fault_of: Callable[[Line], str]) -> Iterator[str]:
    for line in lines:
        fault = fault_of(line)
        if fault:
            yield f"{line.label}: {fault}"


def _tonnes_fault(line: Line) -> str:
    fault = decimal_fault(line.tonnes, places=TONNES_PLACES, positive=True)
    return f"tonnes {fault}" if fault else ""


def _factor_fault(line: Line) -> str:
    fault = decimal_fault(line.factor_intensity, places=INTENSITY_PLACES)
    return f"emission factor {fault}" if fault else ""


def _iron_fault(line: Line) -> str:
    fault = content_fault(line)
    if fault:
        return fault
    if line.iron_factor_intensity is not None:
        fault = decimal_fault(line.iron_factor_intensity, places=INTENSITY_PLACES)
        if fault:
            return f"factor of the iron {fault}"
    content, factor = iron_content(line), iron_factor(line)
    whole = line.factor_intensity
    if content is None or factor is None or whole is None or not whole.is_finite():
        return ""  # the factor itself is missing: R122 or R123 says so
    if EXACT.multiply(content.share, factor) > whole:
        return f"the iron-related part ({content.share} × {factor}) exceeds the factor {whole}"
    return ""


def _factors_known(match: Match) -> bool:
    """Those that its units make use of: a factor of the iron does not matter to crude steel."""
    is_iron = any(lot.functional_unit == FunctionalUnit.IRON for lot in match.lots)
    return not any(
        _factor_fault(line)
        or (
            is_iron
            and line.iron_factor_intensity is not None
            and not line.iron_factor_intensity.is_finite()
        )
        for line in match.lines
    )
