"""A claim in a real browser, from a workbook of forty lines to a statement anybody recomputes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from claims.models import Claim, InventoryLine, Statement
from registry.models import Holding
from tests.cast import cast, issue, vintage
from tests.claims.services.stage import NOW
from tests.claims.services.tables import forty
from tests.claims.web import steps
from tests.journeys.test_browser_journey import follow_the_first_need, press, sign_in
from tests.registry.services.acts import put

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ROOT = Path(__file__).resolve().parents[2]


def test_forty_lines_become_a_statement_that_a_visitor_recomputes(
    page: Page, tmp_path: Path
) -> None:
    """Sheet 20 × 100 t at 2, rebar 15 × 50 t at 1.5, tools 5 × 1.5 t CO2e: 5,132.5 in all.

    600 units at 0.4 take the place of 600 t of sheet: 600 × (2 − 0.4) = 960 less, 4,172.5.
    """
    people = cast(is_demonstration=True)
    put(issue(people, tonnes=600, steel=True), people.auto_account)

    sign_in(page, people.carl)
    steps.start_inventory(page, "Iron and steel", *vintage(NOW))
    bring_the_workbook(page)
    walk_the_tree(page)
    retire_and_claim(page)
    draft_and_submit(page)
    ask_an_auditor(page)
    sign_in(page, people.vera)
    give_an_opinion(page, tmp_path)
    sign_in(page, people.carl)
    publish(page)
    page.get_by_role("button", name="Sign out").click()
    file = download_as_a_visitor(page, tmp_path)

    the_records_say_so(people.auto_account.pk)
    the_file_says_so(file)


def bring_the_workbook(page: Page) -> None:
    page.get_by_role("link", name="Bring a table of lines").click()
    page.get_by_label("A file").set_input_files(
        {"name": "Steel.xlsx", "mimeType": "application/zip", "buffer": forty()}
    )
    page.get_by_role("button", name="Read it").click()
    page.get_by_text("40 lines are read").wait_for()
    press(page, "Add these lines", "40 lines are in the inventory.")
    page.get_by_role("cell", name="5,132.5 t CO2e").first.wait_for()


def walk_the_tree(page: Page) -> None:
    page.get_by_role("link", name="Claim step by step").click()
    for question, evidence in (
        ("activity-based inventory in tonnes", "Goods received, by weight"),
        ("same product type", "Sheet is flat, slab is rolled flat"),
        ("same boundary", "Cradle to gate, crude steel"),
        ("reliable and assured", "Verified EPDs"),
        ("primary data of your suppliers", "Their own mills"),
    ):
        group = page.get_by_role("group", name=question)
        group.get_by_label("Yes").check()
        page.locator("textarea").fill(evidence)
        page.get_by_role("button", name="Continue").click()
        group.wait_for(state="detached")
    page.get_by_role("heading", name="Direct substitution").wait_for()


def retire_and_claim(page: Page) -> None:
    """One confirmed step: the units are retired and claimed, or neither."""
    page.get_by_role("link", name="See which units suit the lines").click()
    page.get_by_text("600 t suggested").wait_for()
    page.get_by_role("button", name="Show what the claim would be").click()
    page.get_by_role("heading", name="What the claim would be").wait_for()
    page.get_by_text("4,000 t CO2e → 3,040 t CO2e").wait_for()
    press(page, "Make this claim", "is made.")
    page.get_by_role("heading", name="600 t claimed").wait_for()


def draft_and_submit(page: Page) -> None:
    page.get_by_role("link", name="Publish a statement").click()
    press(page, "Keep a draft", "is a draft.")
    press(page, "Submit it", "The statement is submitted.")


def ask_an_auditor(page: Page) -> None:
    page.get_by_label("Auditor").select_option(label="Veritas Audit")
    press(page, "Ask this auditor", "The auditor is asked")


def give_an_opinion(page: Page, folder: Path) -> None:
    """The auditor recomputes the document before the opinion is signed."""
    follow_the_first_need(page, "Auto Werke asks you to assure its statement")
    file = downloaded(page, "The whole document as JSON", folder / "to-assure.json")
    assert "no difference" in recomputed(file)
    page.get_by_label("Limited assurance").check()
    page.get_by_label("Your report").fill("Recomputed from the JSON; goods received compared.")
    press(page, "Sign the opinion", "Your opinion is signed.")


def publish(page: Page) -> None:
    page.get_by_role("link", name="Inventories", exact=True).click()
    page.get_by_role("main").get_by_role("link", name="Iron and steel").click()
    page.get_by_role("link", name=Statement.objects.get().code).click()
    press(page, "Publish it with the opinion", "The statement is published.")


def download_as_a_visitor(page: Page, folder: Path) -> Path:
    page.goto("/register/statements/")
    page.get_by_role("main").get_by_role("link", name=Statement.objects.get().code).click()
    page.get_by_role("heading", name="Auto Werke").wait_for()
    for words in (
        "Limited assurance by Veritas Audit",
        "Market-based inventory with BCUs applied",
        "5,132.5 t CO2e",
        "4,172.5 t CO2e",
    ):
        assert page.get_by_text(words).first.is_visible(), words
    return downloaded(page, "The document as JSON", folder / "statement.json")


def downloaded(page: Page, link: str, file: Path) -> Path:
    with page.expect_download() as started:
        page.get_by_role("link", name=link).click()
    started.value.save_as(file)
    return file


def recomputed(file: Path) -> str:
    """What the tool prints, started as a stranger would, without Django's settings."""
    command = [sys.executable, str(ROOT / "tools/recompute_claim.py"), str(file)]
    done = subprocess.run(
        command, capture_output=True, text=True, cwd=file.parent, env={}, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def the_records_say_so(account: object) -> None:
    claim = Claim.objects.get()
    assert (claim.volume, claim.method, claim.path.method) == (600, "direct", "direct")
    assert InventoryLine.objects.count() == 40
    assert set(Holding.objects.filter(account=account).values_list("state", flat=True)) == {
        "retired"
    }


def the_file_says_so(file: Path) -> None:
    """Figures worked out by hand, and the tool's own verdict."""
    document = json.loads(file.read_text())
    physical, adjusted = document["physical_inventory"], document["adjusted_inventory"]
    assert {each["category"]: each["emissions"] for each in physical["categories"]} == {
        "scope_3_1": "4000",
        "scope_3_2": "1125",
        "scope_3_4": "7.5",
    }
    assert {each["category"]: each["emissions"] for each in adjusted["categories"]} == {
        "scope_3_1": "3040",
        "scope_3_2": "1125",
        "scope_3_4": "7.5",
    }
    assert (physical["total_emissions"], adjusted["total_emissions"]) == ("5132.5", "4172.5")
    assert document["assurance"][0]["opinion"] == "limited"
    assert "no difference" in recomputed(file)
    wrong = file.with_name("wrong.json")
    wrong.write_text(file.read_text().replace('"3040"', '"3039"'))
    with pytest.raises(AssertionError, match="printed '3039', recomputed '3040'"):
        recomputed(wrong)
