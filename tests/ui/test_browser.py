"""In a real browser: accessible, nothing wider than the window, and kind to a double click."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

AXE = Path(__file__).parents[1] / "vendor" / "axe.min.js"
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _style_page(settings: Any) -> None:
    settings.DEBUG = True


@pytest.mark.parametrize("path", ["/style/", "/auth/login/", "/nothing-here/"])
def test_a_page_is_accessible_and_fits_at_both_widths_in_both_schemes(
    page: Page, path: str, settings: Any
) -> None:
    # Django's own page of a missing address, for developers, is not ours.
    settings.DEBUG = path == "/style/"
    page.goto(path)
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        for width in (360, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            assert violations(page) == [], (scheme, width)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width


def test_a_form_in_error_is_accessible_and_takes_the_reader_to_the_field(page: Page) -> None:
    page.goto("/style/")
    page.fill("#id_tonnes", "12.345,6")
    page.get_by_role("button", name="Submit for verification").click()
    summary = page.locator(".govuk-error-summary")
    summary.wait_for()
    assert page.evaluate("document.activeElement.classList.contains('govuk-error-summary')")
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        assert violations(page) == [], scheme
    summary.get_by_role("link", name="Delivered tonnage").click()
    assert page.evaluate("document.activeElement.id") == "id_tonnes"
    assert page.input_value("#id_tonnes") == "12.345,6"


def test_a_double_click_sends_a_form_once(page: Page) -> None:
    page.goto("/style/")
    # Stands in for a slow server: the page stays, and the second click could come through.
    page.evaluate(
        "document.addEventListener('submit', event => {"
        " event.preventDefault(); window.sent = (window.sent || 0) + 1 })"
    )
    page.get_by_role("button", name="Submit for verification").dblclick()
    assert page.evaluate("window.sent") == 1
    assert page.get_by_role("button", name="Working…").get_attribute("aria-disabled") == "true"


def test_the_skip_link_is_the_first_stop(page: Page) -> None:
    page.goto("/auth/login/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to main content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def violations(page: Page) -> list[str]:
    page.evaluate(AXE.read_text())
    result = page.evaluate(
        "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", STANDARDS
    )
    assert result["passes"], "axe found nothing to look at"
    return [
        f"{violation['id']}: {node['html'][:200]}"
        for violation in result["violations"]
        for node in violation["nodes"]
    ]
