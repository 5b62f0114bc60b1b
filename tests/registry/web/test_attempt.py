"""attempt(): every refusal of a service lands in the form, with the right status."""

from collections.abc import Callable
from typing import Any, NoReturn
from uuid import uuid4

import pytest
from django import forms
from django.http import QueryDict

from accounts.errors import NotVisible, Refused
from accounts.ui.forms import PortalForm
from registry.errors import BadInput, KeyReused, NotNow, RulesBroken
from registry.ledger import CoClaimed, NotThere
from registry.rulebook.findings import Finding, Outcome
from registry.web.attempt import Attempt, attempt


class TonnageForm(PortalForm):
    tonnes = forms.IntegerField()


def bound(tonnes: str = "600", key: str | None = None) -> TonnageForm:
    data = QueryDict(mutable=True)
    data.update({"tonnes": tonnes, "idempotency_key": key or str(uuid4())})
    return TonnageForm(data)


def finding(rule: str, outcome: Outcome, field: str | None = None) -> Finding:
    return Finding(
        rule, "7.1", "shall", "Title", outcome, "600", "at most 500", "Less.", field, False, {}
    )


def refusing(error: Exception) -> Callable[[str], NoReturn]:
    def act(key: str) -> NoReturn:
        raise error

    return act


def test_a_service_that_agrees_hands_back_its_result_and_got_the_forms_key() -> None:
    key = str(uuid4())

    tried: Attempt[str] = attempt(bound(key=key), lambda key: f"did {key}")

    assert tried == Attempt(status=200, result=f"did {key}", done=True)


def test_a_form_of_the_wrong_shape_reaches_no_service() -> None:
    form = bound(tonnes="many")

    tried = attempt(form, refusing(AssertionError("called")))

    assert (tried.status, tried.done) == (400, False)
    assert "tonnes" in form.errors


def test_a_form_without_a_key_reaches_no_service() -> None:
    assert attempt(TonnageForm({"tonnes": "1"}), refusing(AssertionError())).status == 400


def test_broken_rules_give_422_with_all_findings_beside_the_renamed_field() -> None:
    form = bound()
    broken = RulesBroken(
        [
            finding("R090", Outcome.FAIL, "units"),
            finding("R091", Outcome.PASS),
            finding("R092", Outcome.FAIL, "elsewhere"),
        ]
    )

    tried = attempt(form, refusing(broken), fields={"units": "tonnes"})

    assert tried.status == 422
    assert [each.rule for each in form.findings] == ["R090", "R091", "R092"]
    assert "R090" in str(form.errors["tonnes"])
    assert [item.source for item in form.error_summary] == [
        "R090, section 7.1",
        "R092, section 7.1",
    ]
    assert form["tonnes"].value() == "600"


def test_bad_input_stands_beside_its_field_or_at_the_top_with_its_name() -> None:
    form = bound()

    tried = attempt(
        form,
        refusing(BadInput({"units": ["Too many."], "end_use": ["Say it."], "__all__": ["No."]})),
        fields={"units": "tonnes"},
    )

    assert tried.status == 400
    assert form.errors["tonnes"] == ["Too many."]
    assert form.non_field_errors() == ["End use: Say it.", "No."]


def test_a_refusal_gives_403_with_rule_and_way_out() -> None:
    form = bound()
    refused = Refused("end user: transfer", "May hold.", "Ask.", "R013", "2.3, 9.3")

    tried = attempt(form, refusing(refused))

    assert tried.status == 403
    assert form.non_field_errors() == ["end user: transfer May hold. Ask. (R013, section 2.3, 9.3)"]


def test_a_state_that_does_not_allow_it_gives_409_in_one_sentence() -> None:
    form = bound()

    tried = attempt(form, refusing(NotNow("It is signed.", "Nothing more.", "Reload.")))

    assert tried.status == 409
    assert form.non_field_errors() == ["It is signed. Nothing more. Reload."]


def test_units_co_claimed_in_the_same_instant_give_409_and_the_rule() -> None:
    form = bound()

    tried = attempt(form, refusing(CoClaimed()))

    assert tried.status == 409
    assert "R092" in form.non_field_errors()[0]


def test_units_that_are_gone_give_409_and_what_is_left() -> None:
    form = bound()

    tried = attempt(form, refusing(NotThere(wanted=600, left=())))

    assert tried.status == 409
    assert "600 t were wanted" in form.non_field_errors()[0]
    assert "0 t are left" in form.non_field_errors()[0]


def test_a_spent_key_gives_409_and_a_new_key_to_send_again() -> None:
    key = str(uuid4())
    form = bound(key=key)

    tried = attempt(form, refusing(KeyReused(key)))

    assert tried.status == 409
    assert form["idempotency_key"].value() != key
    assert form["tonnes"].value() == "600"


@pytest.mark.parametrize("error", [NotVisible("x"), RuntimeError("x")])
def test_what_is_no_answer_to_a_form_passes_through(error: Any) -> None:
    with pytest.raises(type(error)):
        attempt(bound(), refusing(error))
