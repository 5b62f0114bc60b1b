"""Two editions compared, and a case judged under another one as a dry run."""

from dataclasses import replace
from decimal import Decimal

from registry.rulebook.comparison import changes, differences
from tests.rulebook.cases import EDITION, FAIL, PASS, an_iron_case, outcome

STRICTER = replace(
    EDITION,
    id="fictitious-stricter",
    iron_limit_intensity=Decimal("0.50"),
    verification_due_months=12,
)


def test_an_edition_does_not_differ_from_itself() -> None:
    assert differences(EDITION, EDITION) == []


def test_every_parameter_that_differs_is_named_with_both_values_and_its_section() -> None:
    found = {each.parameter: each for each in differences(EDITION, STRICTER)}
    assert set(found) == {"iron_limit_intensity", "verification_due_months"}
    limit = found["iron_limit_intensity"]
    assert (limit.before, limit.after, limit.section) == (Decimal("1.00"), Decimal("0.50"), "3.1")


def test_a_case_is_judged_again_and_only_what_changes_is_shown() -> None:
    case = an_iron_case()
    found = {each.after.rule: each for each in changes(case, EDITION, STRICTER)}
    assert found["R020"].decides
    assert (found["R020"].before.outcome, found["R020"].after.outcome) == (PASS, FAIL)
    assert not found["R084"].decides
    assert "R001" not in found


def test_the_earlier_judgement_stands() -> None:
    case = an_iron_case()
    changes(case, EDITION, STRICTER)
    assert outcome("R020", case) is PASS
