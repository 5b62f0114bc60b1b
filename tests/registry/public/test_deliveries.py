"""Looking up a delivery, the library, and what an issuance says of its metal: for everybody."""

import csv
from io import StringIO
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from registry.models import DeliveryNotice, Issuance
from registry.services.library import load_library
from registry.services.recipients import send_notice, withdraw_notice
from tests.cast import Cast, issue, key


@pytest.fixture
def notice(people: Cast) -> DeliveryNotice:
    return _send(people, issue(people, delivered_tonnes=1_000, tonnes=900), "DN-42")


def _send(people: Cast, issuance: Issuance, reference: str) -> DeliveryNotice:
    steel = issuance.functional_unit == "crude_steel"
    return send_notice(
        by=people.erik if steel else people.alice,
        now=timezone.now(),
        key=key(),
        issuance=issuance,
        values={
            "recipient_name": "Rolling Mill AB",
            "delivery_reference": reference,
            "tonnes": 77,
            "delivered_on": issuance.vintage_end,
        },
    )


def test_a_buyer_learns_the_factor_and_nothing_of_others(
    client: Client, notice: DeliveryNotice
) -> None:
    response = client.get("/register/deliveries/", {"reference": " DN-42 "})
    page = response.content.decode()
    assert response.status_code == 200
    assert "Yes: its attributes were sold" in page
    assert "1.9 t CO2e/t" in page
    assert "Rolling Mill" not in page
    assert "77" not in page
    assert "max-age" in response["Cache-Control"]


@pytest.mark.parametrize("reference", ["DN-4", "dn-42", "DN-42%", "DN", "x" * 61, "\x00", "'--"])
def test_only_the_exact_reference_is_found(
    client: Client, notice: DeliveryNotice, reference: str
) -> None:
    for path in ("/register/deliveries/", "/api/v1/register/deliveries/"):
        assert client.get(path, {"reference": reference}).status_code in (400, 404)


def test_a_withdrawn_notice_is_not_found(
    client: Client, people: Cast, notice: DeliveryNotice
) -> None:
    withdraw_notice(by=people.alice, now=timezone.now(), key=key(), notice=notice)
    assert client.get("/register/deliveries/?reference=DN-42").status_code == 404
    assert client.get("/api/v1/register/deliveries/?reference=DN-42").status_code == 404


def test_two_producers_of_one_reference_are_both_told(
    client: Client, people: Cast, notice: DeliveryNotice, django_assert_num_queries: Any
) -> None:
    _send(people, issue(people, steel=True), "DN-42")
    with django_assert_num_queries(1):
        found = client.get("/api/v1/register/deliveries/?reference=DN-42").json()
    assert {each["producer"] for each in found} == {"Nordmetall Iron AB", "Elektra Steel"}
    assert set(found[0]) == {
        "attributes_sold",
        "default_factor",
        "default_factor_source",
        "producer",
        "product",
        "issuance",
        "notice",
        "is_demonstration",
    }


def test_the_form_alone_is_a_page(client: Client, db: None) -> None:
    assert client.get("/register/deliveries/").status_code == 200
    assert client.get("/api/v1/register/deliveries/").status_code == 400


def test_an_issuance_says_what_its_metal_counts_as(client: Client, notice: DeliveryNotice) -> None:
    page = client.get(f"/register/issuances/{notice.issuance.code}/").content.decode()
    assert "Default emission factor: 1.9 t CO2e/t" in page
    assert "delivered less issued: 100 t" in page
    assert "R142" in page
    assert "DN-42" not in page


def test_the_library_is_open_filtered_and_exported(client: Client, db: None) -> None:
    load_library()
    page = client.get("/register/baselines/", {"country": "BR", "cn_code": "7203"})
    assert "1.325" in page.content.decode()
    assert "prevailing reading" in page.content.decode()
    whole = client.get("/register/baselines.csv?kind=cbam")
    rows = list(csv.DictReader(StringIO(b"".join(whole.streaming_content).decode())))
    assert len(rows) == 1452
    answer = client.get("/register/baselines.json?use=baseline&functional_unit=crude_steel")
    assert b"sliding-scale-default" in b"".join(answer.streaming_content)
    listed = client.get("/api/v1/register/baselines/?kind=reference&page_size=500").json()
    assert listed["count"] == 30
    assert client.get("/register/baselines/?cn_code=9999").status_code == 200
    assert client.get("/api/v1/register/baselines/?cn_code=9999").status_code == 400


def test_a_producers_own_baseline_is_not_in_the_public_library(
    client: Client, notice: DeliveryNotice
) -> None:
    assert client.get("/api/v1/register/baselines/").json()["count"] == 0
