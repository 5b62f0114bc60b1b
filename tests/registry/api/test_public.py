"""What anybody reads without signing in."""

import pytest

from registry.models import Issuance
from registry.rulebook.edition import Edition, editions, every_edition
from tests.cast import Cast, issue
from tests.support.programs import Program


@pytest.fixture
def issuance(people: Cast) -> Issuance:
    return issue(people)


def test_an_issuance_shows_its_record_findings_and_edition(issuance: Issuance) -> None:
    (listed,) = Program().get("register/issuances/").body["results"]
    shown = Program().get(f"register/issuances/{issuance.code}/")
    assert shown.status == 200
    assert listed.items() <= shown.body.items()
    assert shown.body["record"]["producer"] == "Nordmetall Iron AB"
    assert shown.body["edition"] == editions()[-1].id
    assert {each["outcome"] for each in shown.body["findings"]} <= {
        "pass",
        "warn",
        "not applicable",
    }
    assert shown.body["baseline_intensity"] == "1.9"
    assert "account" not in shown.text


def test_issuances_can_be_narrowed(people: Cast, issuance: Issuance) -> None:
    steel = issue(people, steel=True)

    def found(**query: str) -> list[str]:
        return [
            row["code"] for row in Program().get("register/issuances/", **query).body["results"]
        ]

    assert found() == [steel.code, issuance.code]
    assert found(functional_unit="iron") == [issuance.code]
    assert found(country="US") == [steel.code]
    assert found(producer="nordmetall") == [issuance.code]
    assert found(site=steel.site.code) == [steel.code]


@pytest.mark.parametrize(
    "address",
    [
        "register/issuances/NOTTHERE/",
        "register/retirements/NOTTHERE/",
        "rulebook/editions/none/",
        "problems/none/",
        "register/issuances/?page=2",
        "no/such/address/",
        "sites",
    ],
)
def test_what_is_not_there_is_a_problem(db: None, address: str) -> None:
    missing = Program().get(address)
    assert missing.status == 404
    assert missing.headers["Content-Type"] == "application/problem+json"
    assert missing.body["detail"]


def test_a_unit_identifier_is_read_strictly(db: None) -> None:
    refused = Program().get("register/units/", identifier="BCU-FE-SE-nonsense")
    assert refused.status == 400
    assert list(refused.body["errors"]) == ["identifier"]
    assert Program().get("register/units/").status == 400


def test_an_edition_has_every_parameter_with_its_section(db: None) -> None:
    listed = {each["id"] for each in Program().get("rulebook/editions/").body}
    assert listed == {each.id for each in every_edition()}
    (in_force,) = editions()
    shown = Program().get(f"rulebook/editions/{in_force.id}/").body
    parameters = {each["name"]: each for each in shown["parameters"]}
    assert set(parameters) == Edition.parameter_names()
    assert parameters["iron_limit_intensity"]["section"] == "3.1"
    assert isinstance(parameters["iron_limit_intensity"]["value"], str)
    assert parameters["intermediary_may_retire"]["ambiguity"] == "AMB-2"


def test_the_type_of_a_problem_leads_to_its_meaning(db: None) -> None:
    problem = Program().get("me/").body
    meaning = Program().get(problem["type"]).body
    assert (meaning["title"], meaning["status"]) == (problem["title"], 401)


def test_an_account_is_nowhere_in_public(people: Cast, issuance: Issuance) -> None:
    for address in ("register/issuances/", "register/retirements/", "organisations/"):
        assert people.iron_account.number not in Program().get(address).text
