"""What a statement reports and says (9.1): R113, R114."""

from decimal import Decimal

import pytest

from claims.accounting.facts import CategoryFigure, PurposeCase, StatementCase
from claims.accounting.rules import judge_statement
from claims.accounting.wording import DISCLOSURE, MARKET_BASED, NOT_TRANSFERABLE
from tests.accounting.facts import EDITION


def inventory(**emissions: str) -> tuple[CategoryFigure, ...]:
    return tuple(CategoryFigure(name, Decimal(value)) for name, value in emissions.items())


PHYSICAL = inventory(scope_3_1="100", scope_3_2="50")
ADJUSTED = inventory(scope_3_1="60", scope_3_2="50")


def outcome(rule: str, of: StatementCase) -> str:
    found = judge_statement(of, PurposeCase("corporate_inventory", of.text), EDITION)
    return next(str(each.outcome) for each in found if each.rule == rule)


@pytest.mark.rule("R113", "pass")
def test_two_inventories_of_the_same_categories_pass() -> None:
    categories = frozenset({"scope_3_1", "scope_3_2"})
    assert outcome("R113", StatementCase(PHYSICAL, ADJUSTED, "", categories)) == "pass"


@pytest.mark.rule("R113", "boundary")
@pytest.mark.parametrize(
    ("adjusted", "expected"),
    [("100", "pass"), ("100.000001", "fail"), ("0", "pass"), ("-0.000001", "fail")],
)
def test_adjusted_lies_between_zero_and_physical(adjusted: str, expected: str) -> None:
    of = StatementCase(inventory(scope_3_1="100"), inventory(scope_3_1=adjusted), "")
    assert outcome("R113", of) == expected


@pytest.mark.rule("R113", "fail")
@pytest.mark.parametrize(
    "of",
    [
        StatementCase(PHYSICAL, (), ""),
        StatementCase((), ADJUSTED, ""),
        StatementCase((), (), ""),
        StatementCase(PHYSICAL, ADJUSTED[:1], ""),
        StatementCase(PHYSICAL[:1], ADJUSTED, ""),
        StatementCase(PHYSICAL, ADJUSTED, "", frozenset({"scope_3_1", "scope_1"})),
        StatementCase(inventory(scope_3_16="1"), inventory(scope_3_16="1"), ""),
        StatementCase(inventory(steel="1"), inventory(steel="1"), ""),
        StatementCase(PHYSICAL * 2, ADJUSTED, ""),
        StatementCase(PHYSICAL, ADJUSTED, "", unmeasured=("L9",)),
    ],
)
def test_anything_less_is_refused(of: StatementCase) -> None:
    assert outcome("R113", of) == "fail"


@pytest.mark.rule("R114", "pass")
@pytest.mark.parametrize(
    "text",
    [
        DISCLOSURE,
        "Achieved through market-based mechanisms; they do not apply to any specific customers.",
        "A market based mechanism, which cannot apply to its customers.",
    ],
)
def test_a_text_that_says_both_passes(text: str) -> None:
    assert outcome("R114", StatementCase(PHYSICAL, ADJUSTED, text)) == "pass"


@pytest.mark.rule("R114", "boundary")
@pytest.mark.parametrize("text", [MARKET_BASED, NOT_TRANSFERABLE])
def test_one_of_the_two_is_not_enough(text: str) -> None:
    assert outcome("R114", StatementCase(PHYSICAL, ADJUSTED, text)) == "fail"


@pytest.mark.rule("R114", "fail")
def test_an_empty_text_fails_with_the_words_to_add() -> None:
    of = StatementCase(PHYSICAL, ADJUSTED, "  ")
    found = judge_statement(of, PurposeCase("corporate_inventory"), EDITION)
    action = next(each.action for each in found if each.rule == "R114")
    assert MARKET_BASED in action
    assert NOT_TRANSFERABLE in action
