"""One tonne from furnace to claim in a real browser: every role signs in and does its step."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from accounts.models import User
from claims.accounting.recompute import recompute
from claims.models import Statement
from registry.models import Holding, Issuance, Retirement, Transfer
from tests.cast import PASSWORD, Cast, baseline, cast, vintage
from tests.claims.web import steps
from tests.pictures import THE_JOURNEY, ledger_picture

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_one_tonne_from_the_furnace_to_its_claim(page: Page, tmp_path: Path) -> None:
    people = cast(is_demonstration=True)
    baseline(people, name="Nordic average")
    start, end = vintage(timezone.now())

    sign_in(page, people.alice)
    register_site(page)
    describe_technology(page)
    record_pathway(page)
    draft_production(page, start, end)
    measure(page, start, end)
    declare_additionality(page)
    attach_proof(page, tmp_path)
    mend_what_the_rules_refuse(page)
    submit(page, people)

    sign_in(page, people.vera)
    follow_the_first_need(page, "Verify the production of Nordmetall works")
    verify(page, tmp_path)

    sign_in(page, people.olga)
    follow_the_first_need(page, "Approve 1,000 t of Nordmetall Iron AB")
    press(page, "Approve", "Another operator gives the second")
    sign_in(page, people.oscar)
    follow_the_first_need(page, "Approve 1,000 t of Nordmetall Iron AB")
    press(page, "Approve and issue the units", "the units are issued")

    sign_in(page, people.alice)
    offer(page, people.broker_account.number, "600")
    sign_in(page, people.bob)
    follow_the_first_need(page, "Accept or decline 600 t from Nordmetall Iron AB")
    press(page, "Accept", "the units are in your account")
    offer(page, people.auto_account.number, "250")
    sign_in(page, people.carl)
    follow_the_first_need(page, "Accept or decline 250 t from Broker & Sons")
    press(page, "Accept", "the units are in your account")
    retire(page, "250")
    claim_and_publish(page, start, end)

    the_ledger_says_so(people)
    the_statement_says_so()


def sign_in(page: Page, user: User) -> None:
    """Out with whoever is in, then through the sign-in page."""
    page.goto("/")
    leave = page.get_by_role("button", name="Sign out")
    if leave.count():
        leave.click()
    page.goto("/auth/login/")
    page.get_by_label("Email").fill(user.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="What needs you now").wait_for()


def register_site(page: Page) -> None:
    go(page, "Sites", "Register a site")
    page.get_by_label("Name").fill("Nordmetall works")
    page.get_by_label("Code").fill("nmw1")
    page.get_by_label("Production route").select_option(label="direct reduction (DRI)")
    page.get_by_label("Start of operation").fill("2015-05-01")
    page.get_by_label("Country").select_option(label="Sweden")
    press(page, "Register the site", "Nordmetall works is registered.")


def describe_technology(page: Page) -> None:
    page.get_by_role("link", name="Describe its technology").click()
    page.get_by_label("Holds from").fill("2015-05-01")
    page.get_by_role("group", name="Is natural gas used?").get_by_label("No").check()
    page.get_by_label("Hydrogen, of the energy for reduction").fill("60")
    page.get_by_label("How renewables are supplied").fill("Power purchase agreement")
    page.get_by_label("Renewable hydrogen", exact=True).check()
    press(page, "Save the description", "The technology of Nordmetall works is described.")


def declare_additionality(page: Page) -> None:
    page.get_by_role("link", name="Additionality").click()
    page.get_by_label("We declare that no law alone asks for this production.").check()
    page.get_by_label("Why no obligation applies").fill("No carbon law applies here.")
    press(page, "Save the declaration", "Additionality is determined.")


def record_pathway(page: Page) -> None:
    """Ten years of data, and Principle 10 answered: Exhibit 9 asks no more of iron."""
    page.get_by_role("link", name="Pathway to certification").click()
    page.get_by_label("First day of verifiable data").fill("2016-01-01")
    page.get_by_label("Where the excerpts of Principle 10").fill("Annual report, chapters 3 to 5")
    press(page, "Record the pathway", "The pathway of the site is recorded.")


def draft_production(page: Page, start: date, end: date) -> None:
    """The report answers while the form is filled, before anything is saved."""
    page.get_by_role("link", name="Add a production").click()
    page.get_by_label("Product", exact=True).select_option(label="direct reduced iron (DRI)")
    page.get_by_label("First day of production").fill(start.isoformat())
    page.get_by_label("Last day of production").fill(end.isoformat())
    page.get_by_label("Delivered, with proof").fill("1,000")
    page.get_by_label("Last delivery").fill(end.isoformat())
    page.get_by_label("Units applied for").fill("1,000")
    page.get_by_label("Account that will hold the units").select_option(index=1)
    page.get_by_label("End use of the physical metal").fill("Car bodies")
    page.get_by_label("Metallic iron (Fe) content").fill("88")
    report = page.locator("#live")
    page.get_by_label("Total iron (Fe) content").fill("95")
    report.get_by_text("Metallic Fe 0.88").wait_for()
    page.get_by_label("Certification or method of measurement").fill("ISO 14404-3")
    page.get_by_label("Baseline", exact=True).select_option(label="Nordic average: 1.9 t CO2e/t")
    page.get_by_label("Why it is not the asset's own baseline").fill("A new works")
    page.get_by_label("Abatement technology").fill("Hydrogen direct reduction")
    page.get_by_label("Technical details").fill("Renewable hydrogen")
    page.get_by_label("Regulatory additionality").fill("No law asks for this technology.")
    press(page, "Save the draft", "The draft is saved.")


def measure(page: Page, start: date, end: date) -> None:
    """The figures follow from the rows while they are typed; nobody types them."""
    page.get_by_role("link", name="Measurement").click()
    page.get_by_label("Measured by").select_option(label="ResponsibleSteel (Criterion 10.4)")
    page.get_by_label("First day of the activity data").fill(start.isoformat())
    page.get_by_label("Last day of the activity data").fill(end.isoformat())
    page.get_by_label("Made by the site in that time").fill("1000")
    for box in page.get_by_role("checkbox").all():
        if box.get_attribute("name") == "covers":
            box.check()
    page.get_by_label("Counted by").select_option(label="location")
    page.get_by_label("Rows", exact=True).fill(
        "part,item,quantity\nscope_1,reductants,250.5\nscope_3,ore mining,149.5\n"
    )
    page.get_by_label("Made by the site in that time").press("Tab")
    page.get_by_label("Its label").click()
    page.locator("#live").get_by_text("0.4 t CO2e/t").first.wait_for()
    press(page, "Save the measurement", "The measurement is saved; its figures follow from it.")


def attach_proof(page: Page, folder: Path) -> None:
    proof = folder / "delivery.csv"
    proof.write_text("ticket,tonnes\n17,1000\n")
    page.get_by_label("What it proves").select_option(label="Proof of sale or delivery")
    page.get_by_label("File").set_input_files(proof)
    press(page, "Attach the file", "delivery.csv is attached.")


def mend_what_the_rules_refuse(page: Page) -> None:
    """Submitted too early: the page names the rule; the figure is mended."""
    page.get_by_label("Auditor").select_option(label="Veritas Audit")
    page.get_by_role("button", name="Submit the application").click()
    page.locator(".govuk-error-summary").get_by_text("R004, section 3.1").wait_for()
    assert page.get_by_label("Auditor").locator("option:checked").inner_text() == "Veritas Audit"
    page.get_by_role("link", name="Change the application").click()
    assert page.get_by_label("Metallic iron (Fe) content").input_value() == "88"
    page.get_by_label("Metallic iron (Fe) content").fill("92")
    press(page, "Save the draft", "Your changes are saved.")


def submit(page: Page, people: Cast) -> None:
    page.get_by_label("Auditor").select_option(label="Veritas Audit")
    press(page, "Submit the application", "The application is with Veritas Audit.")


def verify(page: Page, folder: Path) -> None:
    press(page, "Start the verification", "The verification has begun.")
    with page.expect_download() as started:
        page.get_by_role("link", name="delivery.csv").click()
    started.value.save_as(folder / "received.csv")
    assert (folder / "received.csv").read_text() == "ticket,tonnes\n17,1000\n"
    assert page.get_by_label("Verified as delivered").input_value() == "1000"
    page.get_by_label("Verified intensity of the product").fill("0.41")
    today = timezone.now().date().isoformat()
    for box in page.locator("#main input[type=checkbox]").all():
        box.check()
    page.get_by_label("Last day of the review").fill(today)
    page.get_by_label("Physical deliveries audited up to").fill(today)
    page.get_by_label("Statement").fill("Checked against meters and delivery tickets.")
    press(page, "Sign the verification", "Your statement is signed.")


def offer(page: Page, number: str, quantity: str) -> None:
    go(page, "Transfers", "Propose a transfer")
    page.get_by_label("To account").fill(number)
    page.get_by_label("Quantity", exact=True).fill(quantity)
    page.get_by_label("We give up our right to claim these units").check()
    press(page, "Propose the transfer", f"{quantity} t are reserved and proposed.")


def retire(page: Page, quantity: str) -> None:
    go(page, "Retirements", "Retire units")
    page.get_by_label("Quantity", exact=True).fill(quantity)
    page.get_by_label("Purpose").fill("Reporting year")
    page.get_by_label("I understand that retired units never move again").check()
    press(page, "Retire the units", f"{quantity} t are retired for ever.")
    assert re.search(r"BCU-FE-SE-NMW1-\d{4}-[0-9A-Z]{8}-1-250~", page.content())
    page.get_by_role("link", name="Its public record").click()
    page.get_by_role("heading", name="250 t retired by Auto Werke").wait_for()


def claim_and_publish(page: Page, start: date, end: date) -> None:
    """1,900 t CO2e become 1,900 − 250 × (1.9 − 0.41) = 1,527.5."""
    steps.start_inventory(page, "Iron and steel", start, end)
    steps.add_line(page, "Castings", material="Iron", tonnes="1000", factor="1.9")
    steps.open_claim(page, "Castings", "250 t of direct reduced", method="Direct substitution")
    steps.align(page)
    steps.show_claim(page)
    assert page.get_by_text("1,900 t CO2e → 1,527.5 t CO2e").is_visible()
    steps.make_claim(page, "250 t")
    steps.publish(page)
    assert page.get_by_role("region", name="Demonstration data").is_visible()


def the_statement_says_so() -> None:
    document = Statement.objects.get().document
    assert document["physical_inventory"]["total_emissions"] == "1900"
    assert document["adjusted_inventory"]["total_emissions"] == "1527.5"
    assert recompute(document) == []


def the_ledger_says_so(people: Cast) -> None:
    issuance = Issuance.objects.get()
    assert (issuance.quantity, issuance.site.code) == (1_000, "NMW1")
    held = Holding.objects.order_by("serials").values_list("account", "state", "serials")
    assert [(account, state, serials.lower) for account, state, serials in held] == [
        (people.auto_account.pk, "retired", 1),
        (people.broker_account.pk, "active", 251),
        (people.iron_account.pk, "active", 601),
    ]
    assert Retirement.objects.get().quantity == 250
    assert set(Transfer.objects.values_list("state", flat=True)) == {"accepted"}
    # The journey through the interface for programs ends in the same ledger.
    assert ledger_picture() == THE_JOURNEY


def go(page: Page, place: str, button: str) -> None:
    page.get_by_role("navigation", name="Menu").get_by_role("link", name=place, exact=True).click()
    page.get_by_role("link", name=button).click()


def follow_the_first_need(page: Page, title: str) -> None:
    page.get_by_role("link", name=title).click()


def press(page: Page, button: str, says: str) -> None:
    """Press a button; the next page says that it is done, and marks the demonstration."""
    page.get_by_role("button", name=button, exact=True).click()
    page.locator(".govuk-notification-banner--success").get_by_text(says).wait_for()
    assert page.get_by_role("region", name="Demonstration data").is_visible()
