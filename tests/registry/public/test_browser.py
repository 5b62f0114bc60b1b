"""The public register in a real browser: nothing an assistive technology stumbles over."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from registry.public.units import unit_range
from tests.cast import cast, issue
from tests.registry.public.conftest import sell, withdraw_from_use

if TYPE_CHECKING:
    from playwright.sync_api import Page

AXE = Path(__file__).parents[2] / "vendor" / "axe.min.js"
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def violations(page: "Page") -> list[str]:
    """What axe finds, with the markup it means. The engine is added to the page by script."""
    page.evaluate(AXE.read_text())
    found = page.evaluate(
        "standards => axe.run(document, {runOnly: standards}).then(r => r.violations.map("
        "v => `${v.id}: ${v.nodes.map(n => n.html).join(' | ')}`))",
        STANDARDS,
    )
    return list(found)


def test_every_public_page_is_accessible_and_fits_the_screen(page: "Page") -> None:
    people = cast(is_demonstration=True)
    units = issue(people)
    sell(people, units, 300)
    retirement = withdraw_from_use(people, units, 100)
    identifier = unit_range(units, 1, 1_000)

    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        for path in (
            "/",
            "/register/issuances/",
            "/register/issuances/?country=XX",
            "/register/issuances/?state=expired",
            f"/register/issuances/{units.code}/",
            "/register/retirements/",
            f"/register/retirements/{retirement.code}/",
            f"/register/units/?identifier={identifier}",
            "/register/units/?identifier=BCU",
        ):
            page.goto(path)
            assert violations(page) == [], path
            beyond = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert beyond <= 0, f"{path} is {beyond} px wider than the screen"


def test_a_visitor_narrows_the_list_and_follows_it_to_the_record(page: "Page") -> None:
    people = cast()
    iron, _ = issue(people), issue(people, steel=True)

    page.goto("/")
    page.get_by_role("link", name="Issuances").first.click()
    assert page.get_by_text("2 issuances").is_visible()
    page.get_by_label("Product").select_option("dri")
    page.get_by_role("button", name="Filter").click()
    page.get_by_text("1 issuance", exact=True).wait_for()
    page.get_by_role("link", name=iron.code).click()

    assert "direct reduced iron" in page.get_by_role("heading", level=1).inner_text()
