"""The claims' records in the admin: shown, never changed."""

from typing import Any

import pytest
from django.contrib import admin
from django.db import models
from django.test import Client
from django.urls import reverse

from accounts.admin_rights import grant_operator_admin
from accounts.models import User
from claims.accounting.wording import DISCLOSURE
from claims.models import Claim, Inventory, ProgrammeAcceptance, Statement
from tests.cast import PASSWORD, Cast, cast, key
from tests.claims.web.conftest import billets, inventory_of, line
from tests.claims.web.test_claims import address as claim_address
from tests.claims.web.test_claims import confirmed, terms

pytestmark = pytest.mark.django_db

SHOWN = [
    model
    for model in admin.site._registry
    if model._meta.app_label == "claims" and model is not ProgrammeAcceptance
]


@pytest.fixture
def people() -> Cast:
    """Everybody, with an inventory, a claim on it and a statement of both."""
    everybody = cast()
    billets(everybody, 1_000)
    inventory = inventory_of(everybody)
    values = terms(everybody, [line(everybody, inventory)])
    carl = Client()
    carl.login(email=everybody.carl.email, password=PASSWORD)
    path = claim_address(inventory)
    carl.post(path, confirmed(carl.post(path, values), values))
    carl.post(
        f"/inventories/{inventory.pk}/statements/new/",
        {"claim_type": "corporate_inventory", "text": DISCLOSURE, "idempotency_key": key()},
    )
    return everybody


def test_every_record_has_its_place() -> None:
    assert set(SHOWN) == {Inventory, Claim, Statement}


@pytest.mark.parametrize("model", SHOWN, ids=lambda model: model._meta.model_name)
def test_the_operator_looks_and_nobody_changes(
    people: Cast, model: type[models.Model], django_assert_max_num_queries: Any
) -> None:
    grant_operator_admin(people.olga)
    User.objects.create_superuser("root@example.test", PASSWORD, name="Root")
    olga, root = Client(), Client()
    olga.login(email=people.olga.email, password=PASSWORD)
    root.login(email="root@example.test", password=PASSWORD)
    record: Any = model._default_manager.get()
    name = f"admin:claims_{model._meta.model_name}"

    with django_assert_max_num_queries(12):
        assert olga.get(reverse(f"{name}_changelist")).status_code == 200
    with django_assert_max_num_queries(24):
        assert olga.get(reverse(f"{name}_change", args=[record.pk])).status_code == 200
    assert root.post(reverse(f"{name}_add"), {}).status_code == 403
    assert root.post(reverse(f"{name}_change", args=[record.pk]), {}).status_code == 403
    assert root.post(reverse(f"{name}_delete", args=[record.pk]), {"post": 1}).status_code == 403


def test_the_operator_keeps_where_claims_are_accepted(db: None) -> None:
    everybody = cast()
    grant_operator_admin(everybody.olga)
    olga = Client()
    olga.login(email=everybody.olga.email, password=PASSWORD)
    row = ProgrammeAcceptance.objects.get(programme__contains="SteelZero")
    page = reverse("admin:claims_programmeacceptance_change", args=[row.pk])
    assert olga.get(page).status_code == 200
    values = {
        "programme": row.programme, "question": row.question, "status": "conditional",
        "basis": "Under review.", "confidence": "primary", "source": "its letter",
        "checked_on": "2027-01-15", "place": row.place,
    }  # fmt: skip
    assert olga.post(page, {**values, "checked_on": "soon"}).status_code == 200
    assert olga.post(page, values).status_code == 302
    row.refresh_from_db()
    assert (row.status, row.updated_by) == ("conditional", everybody.olga)
    delete = reverse("admin:claims_programmeacceptance_delete", args=[row.pk])
    assert olga.post(delete, {"post": 1}).status_code == 403
