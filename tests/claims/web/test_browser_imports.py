"""A table of lines brought in a real browser: preview, faults, progress, on any screen."""

from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from claims.models import Inventory, InventoryLine, Job, LineImport
from claims.services import imports
from claims.services.running import run_job
from tests.cast import cast
from tests.claims.services.tables import HEAD, ROW, csv_of, forty
from tests.claims.web.conftest import billets, inventory_of
from tests.claims.web.test_browser import must_fit, sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_table_is_brought_looked_at_and_taken_in(
    page: "Page", monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    people = cast()
    billets(people, 100)
    inventory = inventory_of(people)
    sign_in(page, people.carl.email)
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(f"/inventories/{inventory.pk}/")
    assert page.get_by_text("straddles the edge").is_visible()
    must_fit(page, "an inventory with its window")

    page.get_by_role("link", name="Bring a table of lines").click()
    must_fit(page, "the form")
    page.get_by_label("Or rows pasted").fill(f"{HEAD}\n{ROW}\nPlate,scope_3_1,steel,-3,2")
    page.get_by_role("button", name="Read it").click()
    page.get_by_text("Row 3, Tonnes").wait_for()
    must_fit(page, "a table with faults")

    page.get_by_role("link", name="Bring it again").click()
    page.get_by_label("A file").set_input_files(
        {"name": "Steel 2025.xlsx", "mimeType": "application/zip", "buffer": forty()}
    )
    page.get_by_role("button", name="Read it").click()
    page.get_by_text("40 lines are read").wait_for()
    must_fit(page, "a preview")
    page.get_by_role("button", name="Add these lines").click()
    page.get_by_text("40 lines are in the inventory.").wait_for()
    must_fit(page, "an inventory of two pages")
    assert InventoryLine.objects.count() == 40

    monkeypatch.setattr(imports, "SMALL_BYTES", 0)
    large = imports.bring_lines(
        by=people.carl,
        now=inventory.created_at,
        key="large",
        inventory=inventory,
        name="large.csv",
        content=csv_of(*[ROW] * 3),
        mode="append",
    )
    LineImport.objects.filter(pk=large.pk).update(state="reading", rows=2, attempt=1)
    page.goto(f"/inventories/{inventory.pk}/imports/{large.pk}/")
    page.get_by_text("2 of about 3 rows are read.").wait_for()
    must_fit(page, "progress")
    late = inventory.created_at + imports.SILENCE * 2
    imports.read_import(pk=large.pk, clock=lambda: late)
    page.get_by_text("3 lines are read").wait_for()
    settings.BILLET_MOST_AT_ONCE = 2
    _have_it_planned(page, inventory)


def _have_it_planned(page: "Page", inventory: Inventory) -> None:
    """A worker plans for what is large, and the page follows it to the end by itself."""
    page.goto(f"/inventories/{inventory.pk}/plan/?method=enhanced&functional_unit=crude_steel")
    must_fit(page, "the wish for a plan")
    page.get_by_role("button", name="Make the plan").click()
    page.get_by_text("Waiting for a worker.").wait_for()
    job = Job.objects.get()
    Job.objects.update(state="running", stage="choosing units", done=30, of=40, attempt=1)
    page.get_by_text("Choosing units: 30 of 40 lines.").wait_for()
    must_fit(page, "a plan being made")
    Job.objects.update(state="waiting")
    run_job(pk=job.pk, clock=timezone.now)
    page.get_by_role("button", name="Claim the whole plan").wait_for()
    must_fit(page, "a plan of a worker")
