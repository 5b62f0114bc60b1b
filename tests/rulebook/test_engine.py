"""The engine: registration, the order of judgement, facts that cannot be used."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import pytest

from registry.rulebook import engine
from registry.rulebook.edition import Edition
from registry.rulebook.facts import IssuanceCase, RetirementCase, TransferCase
from registry.rulebook.findings import Finding, Outcome, Verdict, failures, passed
from registry.rulebook.given import (
    Unusable,
    date_given,
    decimal_given,
    share_given,
    shown,
    whole_given,
    word_given,
)
from tests.rulebook.cases import EDITION, a_case, a_retirement, a_transfer


@dataclass(frozen=True)
class Sample:
    value: object


@pytest.fixture(autouse=True)
def rules_of_the_test_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "_RULES", dict(engine._RULES))
    monkeypatch.setattr(engine, "_JUDGING", {})


def test_a_case_is_judged_by_every_rule_of_its_kind_in_order() -> None:
    for case in (a_case(), a_transfer(), a_retirement()):
        judged = [each.rule for each in engine.judge(case, EDITION)]
        assert judged == [each.id for each in engine.rules(type(case))]
        assert judged == sorted(judged)


def test_the_journeys_rules_are_all_registered() -> None:
    expected = {
        IssuanceCase: "R001 R002 R003 R004 R005 R020 R021 R022 R023 R024 R052 R056 "
        "R080 R081 R084 R085 R087",
        TransferCase: "R090 R091 R092 R093 R094 R095",
        RetirementCase: "R103 R104",
    }
    for subject, ids in expected.items():
        assert set(ids.split()) <= {each.id for each in engine.rules(subject)}


def test_judgement_does_not_stop_at_the_first_failure() -> None:
    found = engine.judge(a_case(tonnes=0, product="coil", measured_site=""), EDITION)
    assert {"R001", "R003", "R005"} <= {each.rule for each in failures(found)}


def test_a_fact_that_cannot_be_used_fails_the_rule_and_names_itself() -> None:
    @engine.rule("T001", section="0", modality="shall", subject=Sample)
    def sample(case: Sample, edition: Edition) -> Verdict:
        """T001 (0): A sample has a value."""
        return passed(shown(decimal_given("value", case.value, "t")), "any")

    found = engine.judge(Sample(None), EDITION)[0]
    assert (found.outcome, found.field) == (Outcome.FAIL, "value")
    assert found.found == "Value: not given"
    assert found.action == "Give value."
    assert sample(Sample(1.5), EDITION).outcome is Outcome.FAIL
    assert sample(Sample(Decimal(1)), EDITION).outcome is Outcome.PASS


def test_a_rule_is_registered_once() -> None:
    with pytest.raises(ValueError, match="registered twice"):

        @engine.rule("R020", section="0", modality="shall", subject=Sample)
        def again(case: Sample, edition: Edition) -> Verdict:
            """R020 (0): Again."""
            return passed("", "")


def test_a_rule_names_only_parameters_that_editions_have() -> None:
    with pytest.raises(ValueError, match="no edition has"):

        @engine.rule("T002", section="0", modality="may", subject=Sample, parameters=("x",))
        def unknown(case: Sample, edition: Edition) -> Verdict:
            """T002 (0): Unknown."""
            return passed("", "")


def test_a_rules_docstring_opens_with_its_id_and_section() -> None:
    with pytest.raises(ValueError, match="must open with"):

        @engine.rule("T003", section="0", modality="may", subject=Sample)
        def untitled(case: Sample, edition: Edition) -> Verdict:
            """A rule without its name."""
            return passed("", "")


def test_a_finding_is_json_ready_in_the_order_of_its_fields() -> None:
    found = engine.judge(a_case(), EDITION)[0]
    written = found.as_dict()
    assert list(written) == list(Finding.__slots__)
    assert written["outcome"] == "pass"
    assert written["rule"] == "R001"


@pytest.mark.parametrize(
    "value", ["0", "1E-30", "999999999999999", "0.333333333333333333333333333333"]
)
def test_a_decimal_of_any_sensible_size_is_used(value: str) -> None:
    assert decimal_given("value", Decimal(value), "t") == Decimal(value)


@pytest.mark.parametrize(
    "value", ["1E-31", "1E+15", "1E+999999", "-0.1", "NaN", "sNaN", "Infinity"]
)
def test_a_decimal_of_no_sensible_size_is_not(value: str) -> None:
    with pytest.raises(Unusable):
        decimal_given("value", Decimal(value), "t")


def test_the_ends_of_a_share_are_shares() -> None:
    assert share_given("share", Decimal(0)) == 0
    assert share_given("share", Decimal("1.000")) == 1
    with pytest.raises(Unusable, match="share"):
        share_given("share", Decimal("1.0000001"))


def test_a_whole_number_is_an_integer_of_the_least_or_more() -> None:
    assert whole_given("n", 3, "t", least=3) == 3
    for value in (2, True, 3.0, Decimal(3), None):
        with pytest.raises(Unusable):
            whole_given("n", value, "t", least=3)


def test_a_moment_is_no_date_and_blanks_are_no_word() -> None:
    assert date_given("on", date(2026, 1, 1)) == date(2026, 1, 1)
    for value in (datetime(2026, 1, 1), "2026-01-01", None):  # noqa: DTZ001
        with pytest.raises(Unusable):
            date_given("on", value)
    for word in ("", "  ", None, 7):
        with pytest.raises(Unusable):
            word_given("entity", word)


def test_an_overlong_value_is_cut_in_the_message() -> None:
    with pytest.raises(Unusable) as refused:
        word_given("entity", [1] * 1_000)
    assert len(refused.value.found) < 90


def test_decimals_are_shown_without_an_exponent() -> None:
    assert shown(Decimal("1E+3")) == "1000"
    assert shown(Decimal("1.00")) == "1.00"
