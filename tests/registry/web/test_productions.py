"""Productions through their pages: draft, live report, evidence, submission."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from registry.models import Evidence, Production, Verification
from tests.cast import (
    Cast,
    agreement,
    baseline,
    key,
    production,
    production_values,
    site,
    submit,
    vintage,
)
from tests.registry.web.conftest import As, queries_of, send, summary, writes


def form_values(people: Cast, **changes: Any) -> dict[str, str]:
    """What a browser sends for a production that passes every rule but that of evidence."""
    values = production_values(people, 1_000)
    typed = {name: str(value) for name, value in values.items() if name != "account"}
    shares = {name: f"{values[name] * 100:f}" for name in ("fe_metallic_share", "fe_total_share")}
    own = {
        "account": str(people.iron_account.pk),
        "baseline": str(baseline(people).pk),
        "measured_site": site(people).code,
    }
    return {**typed, **shares, **own, **changes}


def proof(name: str = "delivery.csv", content: bytes = b"ticket,tonnes\n1,1000\n") -> Any:
    return SimpleUploadedFile(name, content, "application/x-whatever")


def test_a_draft_is_saved_from_the_form_with_exact_figures(people: Cast, as_: As) -> None:
    values = form_values(people, delivered_tonnes="1,000", fe_metallic_share="92.25")
    where = values["measured_site"]

    response = send(as_(people.alice), f"/sites/{where}/productions/new/", values)

    found = Production.objects.get()
    assert response.url == f"/productions/{found.pk}/"
    assert (found.producer, found.account) == (people.nordmetall, people.iron_account)
    assert (found.delivered_tonnes, found.tonnes) == (1_000, 1_000)
    assert found.fe_metallic_share == Decimal("0.9225")
    assert (found.period_start, found.period_end) == vintage(timezone.now())


def test_an_empty_draft_may_be_saved_and_its_page_says_what_is_missing(
    people: Cast, as_: As
) -> None:
    where, client = site(people), as_(people.alice)

    response = send(client, f"/sites/{where.code}/productions/new/")

    page = client.get(response.url)
    assert page.status_code == 200
    assert "findings-R001" in page.content.decode()
    assert any(finding.failed for finding in page.context["findings"])


def test_the_same_draft_sent_twice_is_one_production(people: Cast, as_: As) -> None:
    values, once, client = form_values(people), key(), as_(people.alice)
    url = f"/sites/{values['measured_site']}/productions/new/"

    first, second = send(client, url, values, once), send(client, url, values, once)

    assert first.url == second.url
    assert Production.objects.count() == 1


def test_an_iron_producer_is_offered_iron_and_a_steel_producer_steel(people: Cast, as_: As) -> None:
    iron, steel = site(people), site(people, steel=True)

    of_iron = as_(people.alice).get(f"/sites/{iron.code}/productions/new/").context["form"]
    of_steel = as_(people.erik).get(f"/sites/{steel.code}/productions/new/").context["form"]

    assert [value for value, _ in of_iron.fields["product"].choices] == [
        *("", "pig_iron", "dri", "hbi", "cast_iron", "electrolytic_iron")
    ]
    assert [value for value, _ in of_steel.fields["product"].choices] == [
        *("", "bloom", "billet", "slab")
    ]
    assert "scrap_share" not in of_iron.fields
    assert "fe_metallic_share" not in of_steel.fields


def test_a_form_of_the_wrong_shape_comes_back_with_all_that_was_typed(
    people: Cast, as_: As
) -> None:
    values = form_values(
        people,
        tonnes="a thousand",
        period_end="2020-01-01",
        fe_total_share="0,4",
        methodology="Kept",
    )

    response = send(as_(people.alice), f"/sites/{values['measured_site']}/productions/new/", values)

    assert response.status_code == 400
    form = response.context["form"]
    assert {"tonnes", "period_end", "fe_total_share"} <= set(form.errors)
    assert [form[name].value() for name in ("tonnes", "fe_total_share", "methodology")] == [
        *("a thousand", "0,4", "Kept")
    ]
    assert Production.objects.count() == 0


def test_the_live_report_judges_what_is_typed_and_writes_nothing(people: Cast, as_: As) -> None:
    values = form_values(people, fe_metallic_share="88", tonnes="2000")
    where, before = values["measured_site"], writes()

    response = send(as_(people.alice), f"/sites/{where}/productions/new/findings/", values)

    failing = {each.rule for each in response.context["findings"] if each.failed}
    # Additionality and measurement belong to a draft that is saved.
    assert {"R004", "R080", "R085", "R087"} <= failing
    assert "Request 1000 units or fewer." in response.content.decode()
    assert (Production.objects.count(), writes()) == (0, before)


def test_the_live_report_over_a_saved_draft_counts_its_evidence(people: Cast, as_: As) -> None:
    draft = production(people)
    values = form_values(people, measured_site=draft.site.code, fe_metallic_share="88")

    response = send(as_(people.alice), f"/productions/{draft.pk}/findings/", values)

    assert {each.rule for each in response.context["findings"] if each.failed} == {"R004"}
    draft.refresh_from_db()
    assert draft.fe_metallic_share == Decimal("0.92")


def test_a_draft_is_changed_and_a_submitted_one_is_not(people: Cast, as_: As) -> None:
    draft, client = production(people), as_(people.alice)
    values = form_values(people, measured_site=draft.site.code, methodology="ISO 20915")

    assert send(client, f"/productions/{draft.pk}/edit/", values).status_code == 302
    submit(people, draft)
    refused = send(client, f"/productions/{draft.pk}/edit/", {**values, "methodology": "Other"})

    assert refused.status_code == 409
    assert "The application is submitted" in summary(refused)
    assert refused.context["form"]["methodology"].value() == "Other"
    draft.refresh_from_db()
    assert draft.methodology == "ISO 20915"


def test_only_the_sites_own_baselines_accounts_and_agreements_are_offered(
    people: Cast, as_: As
) -> None:
    theirs = baseline(people, steel=True), agreement(people, steel=True)
    values = form_values(people, baseline=str(theirs[0].pk), agreement=str(theirs[1].pk))
    values["account"] = str(people.broker_account.pk)

    response = send(as_(people.alice), f"/sites/{values['measured_site']}/productions/new/", values)

    assert response.status_code == 400
    assert set(response.context["form"].errors) == {"baseline", "agreement", "account"}


def test_evidence_is_attached_once_however_often_it_is_sent(people: Cast, as_: As) -> None:
    draft, client, once = production(people), as_(people.alice), key()
    url = f"/productions/{draft.pk}/evidence/"

    for _ in range(2):
        response = send(client, url, {"kind": "measurement", "file": proof("meter.csv")}, once)
        assert response.status_code == 302

    found = draft.evidence.get(name="meter.csv")
    assert (found.kind, found.media_type) == ("measurement", "text/csv")


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("invoice.pdf", b"MZ not a pdf", "not what its name says"),
        ("empty.csv", b"", "empty"),
        ("virus.exe", b"MZ", "not what its name says"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused_beside_its_field(
    people: Cast, as_: As, name: str, content: bytes, words: str
) -> None:
    draft = production(people)

    response = send(
        as_(people.alice),
        f"/productions/{draft.pk}/evidence/",
        {"kind": "delivery", "file": proof(name, content)},
    )

    assert response.status_code == 400
    assert words in summary(response)
    assert draft.evidence.count() == 1


def test_submitting_opens_the_production_to_the_auditor_once(people: Cast, as_: As) -> None:
    draft, client, once = production(people), as_(people.alice), key()
    url, data = f"/productions/{draft.pk}/submit/", {"auditor": str(people.veritas.pk)}

    first, second = send(client, url, data, once), send(client, url, data, once)

    assert first.status_code == second.status_code == 302
    assert Verification.objects.get().auditor == people.veritas
    page = client.get(f"/productions/{draft.pk}/").content.decode()
    assert "Submitted" in page
    assert "Submit the application" not in page


def test_submitting_what_breaks_rules_shows_every_failing_finding_and_writes_nothing(
    people: Cast, as_: As
) -> None:
    draft = production(
        people, fe_metallic_share=Decimal("0.88"), tonnes=2_000, delivered_tonnes=1_000
    )
    before = writes()

    response = send(
        as_(people.alice),
        f"/productions/{draft.pk}/submit/",
        {"auditor": str(people.veritas.pk)},
    )

    assert response.status_code == 422
    said = summary(response)
    assert "R004, section 3.1" in said
    assert "R085, section 6.1 ex." in said
    assert "Request 1000 units or fewer." in said
    form = response.context["submit_form"]
    assert form["auditor"].value() == str(people.veritas.pk)
    assert {each.rule for each in form.findings} >= {"R001", "R004", "R085", "R087"}
    draft.refresh_from_db()
    assert (draft.state, writes()) == ("draft", before)


def test_a_member_without_the_right_sees_the_production_and_cannot_change_it(
    people: Cast, as_: As
) -> None:
    draft, client = production(people), as_(people.anton)

    page = client.get(f"/productions/{draft.pk}/")

    assert page.status_code == 200
    assert "Submit the application" not in page.content.decode()
    assert client.get(f"/productions/{draft.pk}/edit/").status_code == 403
    refused = send(client, f"/productions/{draft.pk}/submit/", {"auditor": str(people.veritas.pk)})
    assert refused.status_code == 403
    assert "You may not start actions" in summary(refused)


@pytest.mark.parametrize("tail", ["", "edit/", "submit/", "evidence/", "findings/"])
def test_another_producers_production_is_not_there(people: Cast, as_: As, tail: str) -> None:
    draft, client = production(people), as_(people.erik)
    url = f"/productions/{draft.pk}/{tail}"

    if tail:
        assert send(client, url).status_code == 404
    if tail != "findings/":
        assert client.get(url).status_code == 404


def test_the_pages_own_addresses_of_buttons_lead_back_to_the_page(people: Cast, as_: As) -> None:
    draft, client = production(people), as_(people.alice)

    for tail in ("submit/", "evidence/"):
        assert client.get(f"/productions/{draft.pk}/{tail}").url == f"/productions/{draft.pk}/"


def test_a_production_page_takes_a_bounded_number_of_queries(people: Cast, as_: As) -> None:
    draft, client = production(people), as_(people.alice)
    url = f"/productions/{draft.pk}/"
    few = queries_of(client, url)
    Evidence.objects.bulk_create(
        Evidence(
            production=draft,
            kind="other",
            file="x",
            name=f"{number}.csv",
            media_type="text/csv",
            size=1,
            sha256=str(number),
            uploaded_at=timezone.now(),
            uploaded_by=people.alice,
        )
        for number in range(20)
    )

    assert queries_of(client, url) == few <= 35


def test_dates_may_be_typed_as_the_registry_prints_them(people: Cast, as_: As) -> None:
    year = timezone.now().year - 1
    values = form_values(people, period_start=f"1 January {year}")

    send(as_(people.alice), f"/sites/{values['measured_site']}/productions/new/", values)

    assert Production.objects.get().period_start == date(year, 1, 1)
