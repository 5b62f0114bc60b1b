"""The registry's records in the admin: every one is shown, none can be changed."""

from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import models
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.admin_rights import grant_operator_admin
from accounts.models import User
from registry.models import Issuance
from registry.services.elsewhere import record_alias, record_list
from tests.cast import PASSWORD, Cast, agreement, cast, issue, key
from tests.registry.public.conftest import sell, withdraw_from_use

pytestmark = pytest.mark.django_db

SHOWN = [model for model in admin.site._registry if model._meta.app_label == "registry"]
# Shown with the record that they belong to.
BELONGING = {
    "AgreementConfirmation",
    "AgreementCriterion",
    "AgreementParty",
    "AgreementRights",
    "AgreementSeat",
    "Allocation",
    "Approval",
    "AuditFinding",
    "AuditReview",
    "BaselineChoice",
    "CancellationLine",
    "CapturePoint",
    "CapturedFraction",
    "CoClaimLine",
    "CoClaimSeat",
    "Confirmation",
    "CriterionAnswer",
    "DeliveryNotice",
    "Disclosure",
    "EarlyRefusal",
    "EarlyRequest",
    "EpdDuty",
    "EvidenceRequest",
    "ExAnteAudit",
    "Feedstock",
    "IronLot",
    "JudgedCase",
    "Measurement",
    "Obligation",
    "ProductionGroupObjectPermission",
    "ProductionStep",
    "ProductionTechnology",
    "ProductionUserObjectPermission",
    "RetirementLine",
    "RetirementOrderLine",
    "SiteCertificate",
    "SiteGroupObjectPermission",
    "SitePathway",
    "SiteUserObjectPermission",
    "SuspendedRange",
    "TransferDelay",
    "TransferLine",
    "WriteRequest",
}
# On pages of their own in the portal and the register, with what can be done about them.
ELSEWHERE = {
    "Accreditation",
    "Adjustment",
    "Cancellation",
    "CoClaim",
    "CoolingOff",
    "LogCheckpoint",
    "LogLeaf",
    "Notice",
    "PolicyChange",
    "RetirementOrder",
    "Suspension",
}
# Between the parties alone (9.3), or what the log must not tell.
PRIVATE = {
    "CommercialTerms",
    "LogPending",
    "LogSalt",
}


@pytest.fixture
def people() -> Cast:
    """Everybody, and a record of every kind."""
    everybody = cast()
    units = issue(everybody, agreement=agreement(everybody))
    sell(everybody, units, 300)
    withdraw_from_use(everybody, units, 100)
    name_elsewhere(everybody, units)
    return everybody


def name_elsewhere(people: Cast, units: Issuance) -> None:
    """An alias of the site, and a line of another registry's list."""
    common: dict[str, Any] = {"by": people.olga, "now": timezone.now()}
    record_alias(**common, key=key(), site=units.site, identifier="GEM-1")
    line = {
        "reference": "X-1",
        "site": "GEM-1",
        "functional_unit": "iron",
        "period_start": date(2020, 1, 1),
        "period_end": date(2020, 12, 31),
        "units": 10,
    }
    record_list(**common, key=key(), registry="Another", lines=[line])


@pytest.fixture
def olga(people: Cast) -> Client:
    grant_operator_admin(people.olga)
    client = Client()
    assert client.login(email=people.olga.email, password=PASSWORD)
    return client


@pytest.fixture
def root(people: Cast) -> Client:
    """The most powerful account there is."""
    User.objects.create_superuser("root@example.test", PASSWORD, name="Root")
    client = Client()
    assert client.login(email="root@example.test", password=PASSWORD)
    return client


def address(model: type[models.Model], page: str, *args: object) -> str:
    return reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_{page}", args=args)


def first(model: type[models.Model]) -> Any:
    record = model._default_manager.first()
    assert record is not None, model
    return record


def test_every_record_has_its_place() -> None:
    """History tables of pghistory aside."""
    ours = {
        model.__name__
        for model in apps.get_app_config("registry").get_models()
        if not model.__name__.endswith("Event")
    }

    shown = {model.__name__ for model in SHOWN}
    assert shown == ours - BELONGING - ELSEWHERE - PRIVATE
    assert ours >= BELONGING | ELSEWHERE | PRIVATE


def test_the_operator_looks_at_every_record(
    olga: Client, django_assert_max_num_queries: Any
) -> None:
    for model in SHOWN:
        with django_assert_max_num_queries(12, info=model.__name__):
            assert olga.get(address(model, "changelist")).status_code == 200, model
        with django_assert_max_num_queries(24, info=model.__name__):
            path = address(model, "change", first(model).pk)
            assert olga.get(path).status_code == 200, model


def test_nobody_adds_changes_or_deletes_a_record(root: Client) -> None:
    for model in SHOWN:
        record = first(model)
        before = model._default_manager.filter(pk=record.pk).values().get()

        assert root.get(address(model, "add")).status_code == 403, model
        assert root.post(address(model, "add"), {}).status_code == 403, model
        change = root.post(address(model, "change", record.pk), {"code": "X"})
        assert change.status_code == 403, model
        delete = root.post(address(model, "delete", record.pk), {"post": "yes"})
        assert delete.status_code == 403, model
        action = {"action": "delete_selected", "_selected_action": [str(record.pk)]}
        root.post(address(model, "changelist"), action)

        assert model._default_manager.filter(pk=record.pk).values().get() == before, model


def test_pages_cost_the_same_queries_whatever_they_show(
    olga: Client, people: Cast, django_assert_max_num_queries: Any
) -> None:
    for _ in range(2):
        units = issue(people)
        sell(people, units, 10)
        withdraw_from_use(people, units, 5)

    for model in SHOWN:
        with django_assert_max_num_queries(12, info=model.__name__):
            olga.get(address(model, "changelist"))


def test_a_search_finds_an_issuance_by_its_code(olga: Client) -> None:
    issuance = Issuance.objects.get()

    html = olga.get(address(Issuance, "changelist"), {"q": issuance.code}).content.decode()

    assert f'href="/register/issuances/{issuance.code}/"' in html
