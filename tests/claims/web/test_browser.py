"""The claim part of the journey in a real browser, and what it looks like to everybody."""

from typing import TYPE_CHECKING

import pytest

from claims.models import Claim, Inventory, Statement
from tests.cast import PASSWORD, cast
from tests.claims.web import steps
from tests.claims.web.conftest import billets, inventory_of, line, period
from tests.registry.public.test_browser import violations

if TYPE_CHECKING:
    from playwright.sync_api import Page

REBAR = "Rebar in owned office buildings"

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def sign_in(page: "Page", email: str) -> None:
    page.goto("/auth/login/")
    page.get_by_label("mail").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.locator("main button[type=submit]").click()
    page.wait_for_url("**/home/")


def claim_and_publish(page: "Page") -> None:
    """The worked example of enhanced substitution, from an empty list of inventories to the
    statement. First one unit too many, which the cap refuses; then what it allows."""
    steps.start_inventory(page, "Iron and steel last year", *period())
    steps.add_line(page, REBAR, category="scope_3_2", product_type="Long: bar", tonnes="50000",
                   factor="1.5")  # fmt: skip
    steps.open_claim(page, REBAR, "50,000 t of billet", method="Enhanced substitution")
    page.get_by_label("How many of them").fill("41667")
    page.get_by_role("button", name="Show what the claim would be").click()
    page.get_by_role("heading", name="There is a problem").wait_for()
    assert page.get_by_text("the BCU-baseline cap is 41666").first.is_visible()
    assert page.get_by_label("How many of them").input_value() == "41667"
    page.get_by_label("How many of them").fill("41666")
    steps.show_claim(page)
    assert page.get_by_text("41,666 whole units (exact: 41,666.666667 t)").first.is_visible()
    steps.make_claim(page, "41,666 t")
    steps.publish(page)


def test_a_claimant_goes_from_inventory_to_public_statement(page: "Page") -> None:
    people = cast()
    billets(people, 50_000)
    sign_in(page, people.carl.email)

    claim_and_publish(page)

    assert page.get_by_text("8,334.4 t CO2e").first.is_visible()
    statement = Statement.objects.get()
    assert statement.document["adjusted_inventory"]["total_emissions"] == "8334.4"
    assert Claim.objects.get().volume == 41_666


def test_every_page_of_a_claim_is_accessible_and_fits_the_screen(page: "Page") -> None:
    people = cast()
    billets(people, 50_000)
    sign_in(page, people.carl.email)
    claim_and_publish(page)
    done = Inventory.objects.get()
    fresh = inventory_of(people, "Next")
    line(people, fresh)

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
        must_fit_both(page, path)
    page.get_by_role("button", name="Show what the claim would be").click()
    page.get_by_role("heading", name="There is a problem").wait_for()
    must_fit_both(page, "a claim with nothing chosen")
    page.get_by_label("Rebar in owned").check()
    page.get_by_label("8,334 t of billet").check()
    page.get_by_label("Enhanced substitution").check()
    page.get_by_role("button", name="Show what the claim would be").click()
    page.get_by_role("heading", name="What the claim would be").wait_for()
    must_fit_both(page, "a preview")


def must_fit_both(page: "Page", what: str) -> None:
    """On a wide screen and a narrow one."""
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        must_fit(page, f"{what} at {width} px")


def must_fit(page: "Page", what: str) -> None:
    assert violations(page) == [], what
    beyond = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert beyond <= 0, f"{what} is {beyond} px wider than the screen"
