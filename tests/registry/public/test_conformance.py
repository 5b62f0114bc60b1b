"""The conformance report that anybody may keep: JSON and PDF, by the edition that judged."""

import pytest
from django.test import Client

from registry.models import Issuance
from tests.cast import cast, issue

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def issuance(shared_database: None) -> Issuance:
    return issue(cast())


def test_the_json_carries_every_finding_and_every_parameter(issuance: Issuance) -> None:
    answer = Client().get(f"/register/issuances/{issuance.code}/conformance.json")
    report = answer.json()
    assert report["findings"] == issuance.findings
    assert report["edition"]["id"] == issuance.edition
    parameters = {each["name"]: each for each in report["edition"]["parameters"]}
    assert parameters["iron_fe_basis"]["ambiguity"] == "AMB-1"
    assert parameters["iron_fe_basis"]["note"]
    assert report["names"]["site_intensity"] == {
        "name": "Site's average intensity",
        "unit": "t CO2e/t",
    }
    assert Client().get(f"/api/v1/register/issuances/{issuance.code}/conformance/").json() == report


def test_the_pdf_is_tagged_and_the_same_each_time(issuance: Issuance) -> None:
    address = f"/register/issuances/{issuance.code}/conformance.pdf"
    answer = Client().get(address)
    assert answer["Content-Type"] == "application/pdf"
    assert b"/StructTreeRoot" in answer.content
    assert Client().get(address).content == answer.content
    program = Client().get(f"/api/v1/register/issuances/{issuance.code}/conformance.pdf")
    assert program.content == answer.content


@pytest.mark.parametrize("tail", ["conformance/", "conformance.pdf"])
def test_nor_for_programs(db: None, tail: str) -> None:
    assert Client().get(f"/api/v1/register/issuances/NONE/{tail}").status_code == 404


@pytest.mark.parametrize("form", ["pdf", "json"])
def test_there_is_none_of_what_was_never_issued(db: None, form: str) -> None:
    assert Client().get(f"/register/issuances/NONE/conformance.{form}").status_code == 404
