"""A real browser: `page` opens the live server in a fresh profile of the system's Chromium."""

from __future__ import annotations

import os
import re
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings

from tools.chromium import find_chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ARGUMENTS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, started once for each test process."""
    from playwright.sync_api import sync_playwright

    executable = find_chromium()
    if executable is None:
        pytest.fail("No Chromium runs here, and BILLET_BROWSER=required asks for it.")
    # Playwright's synchronous interface runs an event loop in this thread, which Django
    # would take for asynchronous code and refuse queries in the test itself.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=executable, args=ARGUMENTS, headless=True
        )
        yield chromium
        chromium.close()


@pytest.fixture
def page(request: pytest.FixtureRequest, browser: Browser, live_server: Any) -> Iterator[Page]:
    """A page of a fresh profile; a failure leaves a picture in .run/screens.

    A script's error, or anything our content security policy refuses, fails the test.
    """
    context = browser.new_context(base_url=live_server.url, reduced_motion="reduce")
    page = context.new_page()
    page.set_default_timeout(10_000)
    refused: list[str] = []
    page.on("pageerror", lambda error: refused.append(str(error)))
    page.on(
        "console",
        lambda message: (
            refused.append(message.text) if "Content Security Policy" in message.text else None
        ),
    )
    yield page
    report = request.node.stash.get(CALL_REPORT, None)
    if report is None or report.failed or refused:
        _keep_picture(page, request.node.nodeid)
    context.close()
    assert not refused, f"The browser complained: {refused}"


CALL_REPORT = pytest.StashKey[pytest.TestReport]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "call":
        item.stash[CALL_REPORT] = report
    return report


def _keep_picture(page: Page, name: str) -> None:
    folder = Path(settings.RUN_DIR) / "screens"
    folder.mkdir(exist_ok=True)
    plain = re.sub(r"[^\w.-]+", "-", name)
    page.screenshot(path=folder / f"{plain}.png", full_page=True)
