"""The claim part of the journey in a real browser, and what it looks like to everybody."""

from typing import TYPE_CHECKING

import pytest

from claims.models import Claim, Inventory, Statement
from tests.cast import PASSWORD, cast
from tests.claims.web.conftest import billets, inventory_of, line
from tests.registry.public.test_browser import violations

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def sign_in(page: "Page", email: str) -> None:
    page.goto("/auth/login/")
    page.get_by_label("mail").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.locator("main button[type=submit]").click()
    page.wait_for_url("**/home/")


def claim_and_publish(page: "Page", name: str) -> None:
    """From an empty list of inventories to the public statement; the claimant is signed in and
    has retired 50,000 t of billet at 0.2 against 1.8 t CO2e/t, produced last year."""
    page.get_by_role("link", name="Inventories").click()
    page.get_by_role("link", name="Start an inventory").click()
    start_inventory(page, name)
    page.get_by_role("link", name="Add a line").click()
    add_rebar(page)
    page.get_by_role("link", name="Make a claim").click()
    claim_rebar(page)
    page.get_by_role("link", name="Publish a statement").click()
    page.get_by_role("button", name="Publish the statement").click()
    page.wait_for_url("**/register/statements/*/")


def start_inventory(page: "Page", name: str) -> None:
    year = page.evaluate("new Date().getFullYear() - 1")
    page.get_by_label("Name").fill(name)
    page.get_by_label("First day of the reporting period").fill(f"{year}-01-01")
    page.get_by_label("Last day of the reporting period").fill(f"{year}-12-31")
    page.get_by_role("button", name="Start it").click()
    page.get_by_role("heading", name=name).wait_for()


def add_rebar(page: "Page") -> None:
    page.get_by_label("Name").fill("Rebar in owned office buildings")
    page.get_by_label("Category").select_option("scope_3_2")
    page.get_by_label("Steel", exact=True).check()
    page.get_by_label("Long: bar").check()
    page.get_by_label("Physical tonnes").fill("50000")
    page.get_by_label("Emission factor").fill("1.5")
    page.get_by_label("Source of the factor").fill("supplier EPDs")
    page.get_by_role("button", name="Add the line").click()
    page.get_by_text("75,000 t CO2e").first.wait_for()


def claim_rebar(page: "Page") -> None:
    """First one unit too many, which the cap refuses; then what it allows."""
    page.get_by_label("Rebar in owned office buildings").check()
    page.get_by_label("50,000 t of billet").check()
    page.get_by_label("How many of them").fill("41667")
    page.get_by_label("Enhanced substitution").check()
    show = page.get_by_role("button", name="Show what the claim would be")
    show.click()
    page.get_by_role("heading", name="There is a problem").wait_for()
    assert page.get_by_text("the BCU-baseline cap is 41666").first.is_visible()
    assert page.get_by_label("How many of them").input_value() == "41667"
    page.get_by_label("How many of them").fill("41666")
    show.click()
    page.get_by_role("heading", name="What the claim would be").wait_for()
    assert page.get_by_text("41,666 whole units (exact: 41,666.666667 t)").first.is_visible()
    page.get_by_role("button", name="Make this claim").click()
    page.get_by_role("heading", name="41,666 t claimed").wait_for()


def test_a_claimant_goes_from_inventory_to_public_statement(page: "Page") -> None:
    people = cast()
    billets(people, 50_000)
    sign_in(page, people.carl.email)

    claim_and_publish(page, "Iron and steel last year")

    assert page.get_by_text("8,334.4 t CO2e").first.is_visible()
    statement = Statement.objects.get()
    assert statement.document["adjusted_inventory"]["total_emissions"] == "8334.4"
    assert Claim.objects.get().volume == 41_666


def test_every_page_of_a_claim_is_accessible_and_fits_the_screen(page: "Page") -> None:
    people = cast()
    billets(people, 50_000)
    sign_in(page, people.carl.email)
    claim_and_publish(page, "Iron and steel last year")
    done = Inventory.objects.get()
    fresh = inventory_of(people, "Next")
    line(people, fresh)

    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        for path in (
            "/inventories/",
            "/inventories/new/",
            f"/inventories/{done.pk}/",
            f"/inventories/{fresh.pk}/",
            f"/inventories/{fresh.pk}/lines/new/",
            f"/inventories/{done.pk}/claims/{Claim.objects.get().code}/",
            f"/inventories/{done.pk}/statements/new/",
            "/register/statements/",
            f"/register/statements/{Statement.objects.get().code}/",
            f"/inventories/{fresh.pk}/claims/new/",
        ):
            page.goto(path)
            must_fit(page, path)
        page.get_by_role("button", name="Show what the claim would be").click()
        page.get_by_role("heading", name="There is a problem").wait_for()
        must_fit(page, "a claim with nothing chosen")
        page.get_by_label("Rebar in owned").check()
        page.get_by_label("8,334 t of billet").check()
        page.get_by_label("Enhanced substitution").check()
        page.get_by_role("button", name="Show what the claim would be").click()
        page.get_by_role("heading", name="What the claim would be").wait_for()
        must_fit(page, "a preview")


def must_fit(page: "Page", what: str) -> None:
    assert violations(page) == [], what
    beyond = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert beyond <= 0, f"{what} is {beyond} px wider than the screen"
