"""Wrong inputs to verification and issuance: each its field or rule, none an error of ours."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from accounts.roles import Role
from accounts.services import register_organisation
from registry.models import Issuance, Production, Verification
from tests.cast import Cast, accredit, cast, checklist, production, submit
from tests.support.programs import Answer, Program

pytestmark = pytest.mark.django_db

SIGNED: dict[str, Any] = {
    "delivered_tonnes": 1_000,
    "site_intensity": "0.4",
    "intensity": "0.4",
    "scrap_share": None,
    **checklist(),
    "statement": "Checked.",
}
TODAY = timezone.now().date()
TOMORROW = date(TODAY.year + 1, 1, 1).isoformat()
# What is changed in a good signature, the status, and the field or rule that the answer names.
SIGNATURES: list[tuple[dict[str, Any], int, str]] = [
    ({"delivered_tonnes": -1}, 400, "delivered_tonnes"),
    ({"delivered_tonnes": 0}, 400, "delivered_tonnes"),
    ({"delivered_tonnes": "1000"}, 400, "delivered_tonnes"),
    ({"delivered_tonnes": 1000.5}, 400, "delivered_tonnes"),
    ({"delivered_tonnes": None}, 400, "delivered_tonnes"),
    ({"delivered_tonnes": 10**18}, 400, "delivered_tonnes"),
    ({"site_intensity": "-0.4"}, 400, "site_intensity"),
    ({"site_intensity": "low"}, 400, "site_intensity"),
    ({"site_intensity": 0.4}, 400, "site_intensity"),
    ({"site_intensity": None}, 400, "site_intensity"),
    ({"intensity": "0,4"}, 400, "intensity"),
    ({"intensity": "1e-1"}, 400, "intensity"),
    ({"intensity": "NaN"}, 400, "intensity"),
    ({"intensity": "0.12345678901234"}, 400, "intensity"),
    ({"scrap_share": "0.5"}, 400, "scrap_share"),
    ({"scrap_share": "1.1"}, 400, "scrap_share"),
    ({"statement": ""}, 400, "statement"),
    ({"statement": "  "}, 400, "statement"),
    ({"statement": 7}, 400, "statement"),
    ({"reviewed_on": "yesterday"}, 400, "reviewed_on"),
    ({"reviewed_on": "2026-02-30"}, 400, "reviewed_on"),
    ({"deliveries_until": "31.12.2025"}, 400, "deliveries_until"),
    ({"deliveries_until": None}, 400, "deliveries_until"),
    ({"confirms_route": "yes"}, 400, "confirms_route"),
    ({"signed_on": "2026-01-01"}, 400, "signed_on"),
    ({"confirms_threshold": False}, 422, "R067"),
    ({"confirms_route": False}, 422, "R067"),
    ({"confirms_additionality": False}, 422, "R067"),
    ({"reviewed_self_assessment": False}, 422, "R073"),
    ({"reviewed_evidence": False}, 422, "R073"),
    ({"reviewed_on": TOMORROW}, 422, "R073"),
    ({"covers_transactions": False}, 422, "R145"),
    ({"deliveries_until": "2000-01-01"}, 422, "R145"),
]
# Accreditations of an auditor who is asked all the same.
ACCREDITATIONS: list[tuple[dict[str, Any], str]] = [
    ({"valid_until": date(TODAY.year - 1, 12, 31)}, "R067"),
    ({"valid_from": date(TODAY.year + 1, 1, 1)}, "R067"),
    ({"scopes": ["crude_steel"]}, "R067"),
    ({"scopes": ["additionality"]}, "R067"),
]


@pytest.fixture(scope="module")
def people(shared_database: None) -> Cast:
    return cast()


@pytest.fixture(scope="module")
def engagement(people: Cast) -> Verification:
    opened = submit(people, production(people))
    Program.of(people.vera).post(f"verifications/{opened.pk}/start/")
    return opened


def named(answer: Answer, what: str) -> bool:
    rules = answer.findings if answer.status == 422 else []
    return what in rules or any(what in name for name in answer.body.get("errors", {}))


def test_there_are_forty_of_them() -> None:
    assert len(SIGNATURES) + len(ACCREDITATIONS) + len(ORDERS) >= 40


@pytest.mark.parametrize(("change", "status", "what"), SIGNATURES)
def test_a_wrong_signature(
    people: Cast, engagement: Verification, change: dict[str, Any], status: int, what: str
) -> None:
    url = f"verifications/{engagement.pk}/sign/"
    answer = Program.of(people.vera).post(url, SIGNED | change)
    assert (answer.status, named(answer, what)) == (status, True), answer.text[:500]
    engagement.refresh_from_db()
    assert engagement.state == "open"


@pytest.mark.parametrize(("values", "rule"), ACCREDITATIONS)
def test_an_auditor_who_may_not(people: Cast, values: dict[str, Any], rule: str) -> None:
    rival = register_organisation(name="Rival Audit", country="NO", roles={Role.AUDITOR})
    accredit(people.olga, rival, **values)
    draft = production(people)
    given = {"auditor": str(rival.pk)}
    answer = Program.of(people.alice).post(f"productions/{draft.pk}/submit/", given)
    assert (answer.status, named(answer, rule)) == (422, True), answer.text[:500]


def _unresolved(people: Cast, engagement: Verification) -> Answer:
    vera = Program.of(people.vera)
    vera.post(f"verifications/{engagement.pk}/findings/", {"text": "A ticket misses."})
    return vera.post(f"verifications/{engagement.pk}/sign/", SIGNED)


def _unanswered(people: Cast, engagement: Verification) -> Answer:
    vera = Program.of(people.vera)
    vera.post(f"verifications/{engagement.pk}/requests/", {"text": "The log?"})
    return vera.post(f"verifications/{engagement.pk}/sign/", SIGNED)


def _signed_twice(people: Cast, engagement: Verification) -> Answer:
    vera = Program.of(people.vera)
    assert vera.post(f"verifications/{engagement.pk}/sign/", SIGNED).status == 200
    return vera.post(f"verifications/{engagement.pk}/sign/", SIGNED)


def _too_early(people: Cast, engagement: Verification) -> Answer:
    opened = submit(people, production(people))
    return Program.of(people.vera).post(f"verifications/{opened.pk}/sign/", SIGNED)


def _approved_unsigned(people: Cast, engagement: Verification) -> Answer:
    return Program.of(people.olga).post(f"approvals/{engagement.production_id}/approve/")


def _approved_twice_by_one(people: Cast, engagement: Verification) -> Answer:
    Program.of(people.vera).post(f"verifications/{engagement.pk}/sign/", SIGNED)
    olga, url = Program.of(people.olga), f"approvals/{engagement.production_id}/approve/"
    assert olga.post(url).status == 200
    return olga.post(url)


ORDERS: list[tuple[Callable[[Cast, Verification], Answer], int]] = [
    (_unresolved, 409),
    (_unanswered, 409),
    (_signed_twice, 409),
    (_too_early, 409),
    (_approved_unsigned, 404),
    (_approved_twice_by_one, 409),
]


@pytest.mark.parametrize(("act", "status"), ORDERS, ids=lambda each: getattr(each, "__name__", ""))
def test_a_step_out_of_order(
    people: Cast, engagement: Verification, act: Callable[..., Answer], status: int
) -> None:
    answer = act(people, engagement)
    assert answer.status == status, answer.text[:500]
    assert answer.body["detail"]
    assert not Issuance.objects.exists()


def test_serials_are_public_after_issuance_only(people: Cast, engagement: Verification) -> None:
    """Verified and once approved, an application is on no public list, export or look-up."""
    Program.of(people.vera).post(f"verifications/{engagement.pk}/sign/", SIGNED)
    Program.of(people.olga).post(f"approvals/{engagement.production_id}/approve/")
    production_ = Production.objects.get(pk=engagement.production_id)
    anybody = Program()
    for address in (
        "register/issuances/",
        "/register/issuances/",
        "/register/issuances.csv",
        "/register/issuances.json",
        "register/retirements/",
        f"register/deliveries/?reference={production_.pk}",
        "register/log/",
        "/register/",
    ):
        answer = anybody.get(address)
        assert answer.status in (200, 404), address
        for secret in (str(production_.pk), production_.site.code, production_.site.name):
            assert secret not in str(answer.body), (address, secret)
