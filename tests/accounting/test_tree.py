"""The decision tree of Exhibit 11 (9.2): nodes A to D in our reading."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.accounting.tree import QUESTIONS, Answer, Proposal, Walk, alignment, fault, walk

ALIGNED = {
    "activity_data": "yes",
    "same_product_type": "yes",
    "aligned_boundary": "yes",
    "reliable_factor": "yes",
}


def said(**values: str) -> Walk:
    return walk(Answer(name, value, "supplier's EPD") for name, value in values.items())


def proposed(**values: str) -> Proposal:
    path = said(**values)
    assert path.proposal is not None, path.asked
    return path.proposal


def test_the_first_question_is_whether_there_are_tonnes() -> None:
    path = walk([])
    assert path.asked is QUESTIONS["activity_data"]
    assert (path.steps, path.proposal) == ((), None)


def test_without_tonnes_spend_is_proposed_with_its_warning() -> None:
    """A: no."""
    proposal = proposed(activity_data="no", estimation="unit_cost")
    assert (proposal.method, proposal.estimation) == ("spend", "unit_cost")
    assert "weaker basis" in proposal.reasons[0]


def test_all_three_conditions_with_primary_data_give_direct_substitution() -> None:
    """B: three times yes, C: primary data."""
    assert proposed(**ALIGNED, primary_data="yes").method == "direct"


@pytest.mark.parametrize("doubt", ["same_product_type", "aligned_boundary", "reliable_factor"])
def test_any_condition_not_met_gives_enhanced_substitution(doubt: str) -> None:
    """B: one no is enough, and primary data is not asked for any more."""
    path = said(**{**ALIGNED, doubt: "no"}, baseline_above="no")
    assert path.proposal is not None
    assert (path.proposal.method, path.proposal.cap) == ("enhanced", "baseline")
    assert "primary_data" not in {question.name for question, _ in path.steps}


def test_without_primary_data_enhanced_substitution_is_proposed() -> None:
    """C: no."""
    assert proposed(**ALIGNED, primary_data="no", baseline_above="no").method == "enhanced"


@pytest.mark.parametrize("cap", ["baseline", "total"])
def test_a_baseline_above_the_factor_asks_for_the_cap(cap: str) -> None:
    """D: the BCU-baseline cap is preferred, the other needs a reason."""
    proposal = proposed(**ALIGNED, primary_data="no", baseline_above="yes", cap=cap)
    assert (proposal.method, proposal.cap) == ("enhanced", cap)
    assert ("preferred" in proposal.reasons[-1]) == (cap == "baseline")


def test_an_answer_off_the_path_is_kept_out_of_it() -> None:
    """Going back and answering otherwise loses nothing and mixes nothing in."""
    path = said(**ALIGNED, primary_data="yes", baseline_above="yes", cap="total")
    assert [question.name for question, _ in path.steps] == [*ALIGNED, "primary_data"]
    assert path.proposal is not None
    assert path.proposal.cap == ""


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (Answer("colour", "yes"), "no question"),
        (Answer("activity_data", "maybe"), "yes or no"),
        (Answer("activity_data", "yes"), "rests on"),
        (Answer("activity_data", "yes", "  "), "rests on"),
        (Answer("cap", "total"), "rests on"),
        (Answer("cap", "baseline", "x" * 2_001), "2001 characters"),
    ],
)
def test_an_answer_that_does_not_stand_is_asked_again(answer: Answer, says: str) -> None:
    assert says in fault(answer)
    assert answer.question not in {question.name for question, _ in walk([answer]).steps}


def test_the_answers_are_what_direct_substitution_asks() -> None:
    path = said(**{**ALIGNED, "aligned_boundary": "no"}, baseline_above="no")
    found = alignment(path, "as agreed")
    assert (found.same_product_type, found.aligned_boundary) == (True, False)
    assert (found.reliable_factor, found.reason) == (True, "as agreed")


def test_every_set_of_answers_ends_in_a_proposal() -> None:
    names = list(QUESTIONS)
    for values in product(*(QUESTIONS[name].answers for name in names)):
        path = said(**dict(zip(names, values, strict=True)))
        assert path.asked is None
        assert path.proposal is not None
        direct = all(answer.value == "yes" for _, answer in path.steps)
        assert (path.proposal.method == "direct") == direct


@given(data=st.data())
def test_answering_what_is_asked_always_ends(data: st.DataObject) -> None:
    answers: list[Answer] = []
    while (asked := walk(answers).asked) is not None:
        assert asked.name not in {each.question for each in answers}
        value = data.draw(st.sampled_from(sorted(asked.answers)))
        answers.append(Answer(asked.name, value, "known"))
        assert len(walk(answers).steps) == len(answers)
    assert walk(reversed(answers)) == walk(answers)
