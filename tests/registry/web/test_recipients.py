"""The pages of physical recipients: sent, received, undertaken; and the chooser's consequence."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from registry.models import Baseline, DeliveryNotice, Disclosure, Issuance
from registry.services.library import load_library
from tests.cast import Cast, baseline, issue, production, site
from tests.registry.web.conftest import As, queries_of, send, summary


@pytest.fixture
def issuance(people: Cast) -> Issuance:
    return issue(people, delivered_tonnes=1_000, tonnes=800, epd="EPD-1", epd_verifier="Veritas")


def notice(client: Client, issuance: Issuance, **values: Any) -> Any:
    given = {
        "recipient_name": "Rolling Mill AB",
        "delivery_reference": f"DN-{DeliveryNotice.objects.count() + 1}",
        "tonnes": "100",
        "delivered_on": issuance.vintage_end.isoformat(),
    }
    path = f"/productions/{issuance.production_id}/recipients/notice/"
    return send(client, path, given | values)


def test_a_producer_sends_files_and_sees_what_is_left(
    people: Cast, as_: As, issuance: Issuance
) -> None:
    client = as_(people.alice)
    assert notice(client, issuance).status_code == 302
    sent = DeliveryNotice.objects.get()
    page = client.get(f"/deliveries/{sent.pk}/").content.decode()
    assert "1.9 t CO2e/t" in page
    upload = {"file": SimpleUploadedFile("signed.pdf", b"%PDF-1.7 signed")}
    assert send(client, f"/deliveries/{sent.pk}/file/", upload).status_code == 302
    path = f"/productions/{issuance.production_id}/"
    assert "200 t" in client.get(path).content.decode()
    page = client.get(f"{path}recipients/").content.decode()
    assert "Residual tonnage" in page
    assert "R143" in page
    got = client.get(f"/deliveries/{sent.pk}/undertaking/")
    assert b"".join(got.streaming_content) == b"%PDF-1.7 signed"


def test_a_recipient_reads_undertakes_and_takes_the_notice_along(
    people: Cast, as_: As, issuance: Issuance
) -> None:
    notice(as_(people.alice), issuance, recipient=str(people.auto_werke.pk), recipient_name="")
    sent = DeliveryNotice.objects.get()
    client = as_(people.carl)
    assert "DN-1" in client.get("/deliveries/").content.decode()
    assert send(client, f"/deliveries/{sent.pk}/undertake/").status_code == 302
    document = client.get(f"/deliveries/{sent.pk}/notice.json").json()
    assert (document["default_factor"], document["tonnes"]) == ("1.9", 100)
    assert document["undertaken_at"]
    pdf = client.get(f"/deliveries/{sent.pk}/notice.pdf")
    assert pdf.content.startswith(b"%PDF-")
    assert client.get(f"/deliveries/{sent.pk}/undertaking/").status_code == 404


def test_home_names_the_epd_and_the_undertaking_that_wait(
    people: Cast, as_: As, issuance: Issuance
) -> None:
    client = as_(people.alice)
    assert "Update EPD-1 to the baseline factor" in client.get("/home/").content.decode()
    path = f"/productions/{issuance.production_id}/recipients/statement/"
    told = {"kind": "epd", "reference": "EPD-1", "intensity": "1.9", "says_sold": "on"}
    send(client, path, told | {"made_on": issuance.issued_on.isoformat()})
    assert "Update EPD-1" not in client.get("/home/").content.decode()
    notice(client, issuance, recipient=str(people.auto_werke.pk))
    home = as_(people.carl).get("/home/").content.decode()
    assert "Give the undertaking for delivery DN-1" in home


def test_others_see_no_notice_and_a_withdrawn_one_is_gone_for_its_recipient(
    people: Cast, as_: As, issuance: Issuance
) -> None:
    notice(as_(people.alice), issuance, recipient=str(people.auto_werke.pk))
    sent = DeliveryNotice.objects.get()
    path = f"/deliveries/{sent.pk}/"
    assert as_(people.bob).get(path).status_code == 404
    assert (
        as_(people.erik).get(f"/productions/{issuance.production_id}/recipients/").status_code
        == 404
    )
    assert notice(as_(people.anton), issuance).status_code == 403
    assert send(as_(people.anton), f"{path}withdraw/").status_code == 403
    assert send(as_(people.carl), f"{path}withdraw/").status_code == 404
    assert send(as_(people.alice), f"{path}withdraw/").status_code == 302
    assert as_(people.carl).get(path).status_code == 404
    assert send(as_(people.alice), f"{path}withdraw/").status_code == 409


@pytest.mark.parametrize(
    "wrong",
    [
        {"tonnes": "1,5"},
        {"tonnes": "100 kg"},
        {"tonnes": "-5"},
        {"tonnes": "1001"},
        {"tonnes": ""},
        {"delivered_on": "31.12.2025"},
        {"delivered_on": "2999-01-01"},
        {"delivery_reference": ""},
        {"delivery_reference": "x" * 61},
        {"recipient": "nobody"},
        {"recipient_name": ""},
    ],
)
def test_a_wrong_notice_comes_back_with_what_is_wrong(
    people: Cast, as_: As, issuance: Issuance, wrong: dict[str, str]
) -> None:
    response = notice(as_(people.alice), issuance, **wrong)
    assert response.status_code == 400
    (field,) = wrong
    assert f"#id_{field}" in summary(response)
    assert not DeliveryNotice.objects.exists()


def test_a_public_statement_is_recorded_and_judged(
    people: Cast, as_: As, issuance: Issuance
) -> None:
    client = as_(people.alice)
    path = f"/productions/{issuance.production_id}/recipients/statement/"
    values = {"kind": "website", "reference": "example.test", "made_on": "2999-01-01"}
    assert send(client, path, values).status_code == 400
    values |= {"made_on": issuance.issued_on.isoformat(), "intensity": "0.4"}
    assert send(client, path, values).status_code == 302
    assert Disclosure.objects.get().says_sold is False
    page = client.get(f"/productions/{issuance.production_id}/recipients/").content.decode()
    assert "an intensity without the notice" in page


def test_lists_cost_the_same_queries_whatever_they_show(
    people: Cast, as_: As, issuance: Issuance
) -> None:
    client = as_(people.alice)
    paths = ("/deliveries/", f"/productions/{issuance.production_id}/recipients/")
    counts = []
    for number in (1, 4):
        for _ in range(number):
            notice(client, issuance, tonnes="10")
        counts.append([queries_of(client, path) for path in paths])
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 22


def consequence(client: Client, code: str, **values: str) -> str:
    response = send(client, f"/sites/{code}/productions/new/findings/", values)
    assert response.status_code == 200
    return str(response.content.decode())


def test_the_form_says_at_once_what_a_baseline_means(people: Cast, as_: As) -> None:
    load_library()
    where = site(people, country="BR")
    client = as_(people.alice)
    assert "Choose a baseline" in consequence(client, where.code)
    fallback = Baseline.objects.get(code="cbam-2026-1740-7203-BR")
    values = {"functional_unit": "iron", "product": "dri", "baseline": str(fallback.pk)}
    page = consequence(client, where.code, **values, tonnes="1000")
    assert "Baseline 1.325 t CO2e/t" in page
    assert "Give the product&#x27;s intensity" in page
    assert "prevailing reading" in page
    measured = production(people, at=where)
    page = send(client, f"/productions/{measured.pk}/findings/", values | {"tonnes": "1000"})
    assert "Reduction 0.925 t CO2e/t" in page.content.decode()
    assert "925 t CO2e over 1,000 t" in page.content.decode()
    low = baseline(people, value_intensity="0.3")
    page = send(client, f"/productions/{measured.pk}/findings/", values | {"baseline": str(low.pk)})
    assert "No reduction" in page.content.decode()


def test_a_site_in_the_eu_is_offered_no_cbam_value_and_no_reference(people: Cast, as_: As) -> None:
    load_library()
    page = as_(people.alice).get(f"/sites/{site(people).code}/productions/new/").content.decode()
    assert "CBAM default" not in page
    assert "worldsteel" not in page


def test_the_reason_stays_in_the_form_and_its_fields_are_irons(people: Cast, as_: As) -> None:
    draft = production(people)
    page = as_(people.alice).get(f"/productions/{draft.pk}/edit/").content.decode()
    assert "A new works: no figures from before the change." in page
    mill = site(people, steel=True)
    page = as_(people.erik).get(f"/sites/{mill.code}/productions/new/").content.decode()
    assert "baseline_reason" not in page
