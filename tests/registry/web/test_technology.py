"""Forms with rows: a site's technology, and additionality."""

import pytest

from registry.models import Additionality, SiteTechnology
from tests.cast import Cast, additionality, agreement, production, site, submit
from tests.registry.web.conftest import As, queries_of, send, summary

TECHNOLOGY = {
    "valid_from": "2025-01-01",
    "natural_gas_used": "yes",
    "methane_leakage_share": "0.15",
    "labels": ["ccs"],
    "feedstocks-rows": "1",
    "capture_points-rows": "2",
    "capture_points-1-name": "Stove",
    "capture_points-1-emissions": "900000",
    "capture_points-1-captured_share": "95",
    "captured-rows": "1",
    "captured-0-destination": "geological",
    "captured-0-share": "100",
    "captured-0-lowers_intensity": "yes",
}


def test_a_description_is_saved_and_shown_with_its_rows(people: Cast, as_: As) -> None:
    works, client = site(people), as_(people.alice)

    response = send(client, f"/sites/{works.code}/technology/new/", TECHNOLOGY)

    assert response.status_code == 302, response.content
    made = SiteTechnology.objects.get(natural_gas_used=True)
    assert str(made.methane_leakage_share) == "0.001500"
    assert [str(each.captured_share) for each in made.capture_points.all()] == ["0.950000"]
    page = client.get(response.url).content.decode()
    assert "carbon capture and storage (CCS)" in page
    assert "at Stove" in page
    again = client.get(f"/sites/{works.code}/technology/new/").content.decode()
    assert 'value="Stove"' in again


def test_one_more_row_keeps_what_was_typed_and_saves_nothing(people: Cast, as_: As) -> None:
    works = site(people)
    data = {**TECHNOLOGY, "valid_from": "", "add": "feedstocks"}

    response = send(as_(people.alice), f"/sites/{works.code}/technology/new/", data)

    page = response.content.decode()
    assert response.status_code == 200
    assert "feedstocks-1-name" in page
    assert 'value="Stove"' in page
    assert "govuk-error-summary" not in page
    assert SiteTechnology.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("valid_from", ""),
        ("valid_from", "yesterday"),
        ("methane_leakage_share", "101"),
        ("methane_leakage_share", "-1"),
        ("methane_leakage_share", "0,2"),
        ("methane_leakage_share", "0.2 t"),
        ("natural_gas_used", "maybe"),
        ("labels", "green"),
        ("captured-0-destination", "sea"),
        ("captured-0-destination", ""),
        ("captured-0-share", ""),
        ("captured-0-share", "120"),
        ("capture_points-1-emissions", "-5"),
        ("capture_points-1-emissions", ""),
        ("capture_points-1-name", ""),
        ("capture_points-rows", "many"),
        ("storage_operational_on", "2024-13-01"),
    ],
)
def test_a_wrong_value_comes_back_beside_its_field(
    people: Cast, as_: As, field: str, value: str
) -> None:
    works = site(people)
    response = send(
        as_(people.alice), f"/sites/{works.code}/technology/new/", {**TECHNOLOGY, field: value}
    )
    assert response.status_code == 400
    assert field.endswith("-rows") or f'"#id_{field}' in summary(response)
    assert SiteTechnology.objects.count() == 1


def test_additionality_is_declared_on_a_production_and_an_agreement(people: Cast, as_: As) -> None:
    draft, contract, client = production(people), agreement(people), as_(people.alice)
    data = {
        "declared": "on",
        "obligations-rows": "1",
        "obligations-0-kind": "carbon_tax",
        "obligations-0-name": "Carbon tax",
        "obligations-0-surplus": "cost_premium",
        "obligations-0-explanation": "Twice the tax",
        "obligations-0-evidence": "Report",
    }
    assert send(client, f"/productions/{draft.pk}/additionality/", data).status_code == 302
    days = {**data, "determined_on": contract.executed_on.isoformat()}
    assert send(client, f"/agreements/{contract.pk}/additionality/", days).status_code == 302
    assert (
        sorted(each.obligations.get().name for each in Additionality.objects.all())
        == ["Carbon tax"] * 2
    )
    late = send(client, f"/agreements/{contract.pk}/additionality/", {**data, "determined_on": ""})
    assert late.status_code == 400
    assert "the day of signing" in summary(late)


def test_others_do_not_reach_the_forms(people: Cast, as_: As) -> None:
    works, draft = site(people), production(people)
    for path in (f"/sites/{works.code}/technology/new/", f"/productions/{draft.pk}/additionality/"):
        assert as_(people.erik).get(path).status_code == 404
        assert as_(people.anton).get(path).status_code == 403
        assert as_(people.carl).get(path).status_code == 403


def test_the_page_of_a_site_takes_a_bounded_number_of_queries(people: Cast, as_: As) -> None:
    works, client = site(people), as_(people.alice)
    few = queries_of(client, f"/sites/{works.code}/")
    for year in range(2001, 2005):
        send(
            client,
            f"/sites/{works.code}/technology/new/",
            {**TECHNOLOGY, "valid_from": f"{year}-01-01"},
        )
    assert queries_of(client, f"/sites/{works.code}/") == few


def test_the_auditor_reads_what_is_declared(people: Cast, as_: As) -> None:
    engagement = submit(people, production(people))
    page = as_(people.vera).get(f"/engagements/{engagement.pk}/").content.decode()
    assert "renewable hydrogen, renewable electricity" in page
    assert "Emissions trading (emissions trading): the production exceeds it" in page


def test_the_agreement_shows_its_additionality_and_what_buyers_ask(people: Cast, as_: As) -> None:
    contract = agreement(people)
    additionality(people, contract)
    client, path = as_(people.alice), f"/agreements/{contract.pk}/"

    sent = {"kind": "plan", "text": "A plan toward DPL4 by 2030"}
    assert send(client, f"{path}criteria/new/", sent).status_code == 302

    for reader in (people.alice, people.bob):
        page = as_(reader).get(path).content.decode()
        assert "A plan toward DPL4 by 2030" in page
        assert "60 % below the benchmark" in page


@pytest.mark.parametrize("wrong", [{"kind": ""}, {"kind": "price"}, {"text": " "}])
def test_a_criterion_needs_its_kind_and_words(people: Cast, as_: As, wrong: dict[str, str]) -> None:
    contract = agreement(people)
    sent = {"kind": "plan", "text": "A plan", **wrong}
    path = f"/agreements/{contract.pk}/criteria/new/"

    response = send(as_(people.alice), path, sent)

    assert response.status_code == 400
    assert set(response.context["form"].errors) == set(wrong)
    assert send(as_(people.bob), path, sent).status_code == 403
    assert as_(people.carl).get(path).status_code in (403, 404)
