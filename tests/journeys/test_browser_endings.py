"""How units end and are held, in a real browser: accessible, and no wider than a telephone."""

from typing import TYPE_CHECKING, Any

import pytest

from tests.journeys.filled import begin, fill
from tests.registry.web.test_browser import VIEWS, _sign_in, _violations

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

_DESK = "/accounts/{on.people.broker_desk.number}/policy/"
PAGES: dict[str, tuple[str, ...]] = {
    "bob": (
        "/home/",
        "/notices/",
        "/retirements/",
        "/retirements/new/",
        "/retirements/{on.order.code}/",
        "/co-claims/{on.co_claim.code}/",
        _DESK,
    ),
    "bea": (_DESK,),
    "carl": ("/home/", "/co-claims/", "/co-claims/new/", "/co-claims/{on.asked.code}/"),
    "alice": ("/cancellations/", "/cancellations/new/", "/cancellations/{on.cancellation.code}/"),
    "olga": (
        "/cancellations/expired/",
        "/suspensions/",
        "/suspensions/new/",
        "/suspensions/{on.suspension.code}/",
        "/suspensions/{on.suspension.code}/end/",
        "/adjustments/new/",
        "/adjustments/{on.adjustment.code}/",
    ),
    "": (
        "/register/retirements/{on.retirement.code}/",
        "/register/certificates/?code={on.retirement.code}",
        "/register/cancellations/",
        "/register/cancellations/{on.cancellation.code}/",
        "/register/suspensions/",
        "/register/suspensions/{on.suspension.code}/",
        "/register/units/?identifier={on.units}",
        "/register/issuances/{on.iron.code}/",
        "/log/",
    ),
}


def test_every_page_of_endings_is_accessible_and_fits_the_screen(
    page: "Page", live_server: Any
) -> None:
    on = begin()
    fill(on, 2)

    for reader, paths in PAGES.items():
        if reader:
            _sign_in(page, live_server.url, getattr(on.people, reader))
        else:
            page.context.clear_cookies()
        for path in paths:
            response = page.goto(path.format(on=on))
            assert response is not None
            assert response.status == 200, path
            for width, scheme in VIEWS:
                page.set_viewport_size({"width": width, "height": 900})
                page.emulate_media(color_scheme=scheme)
                assert _violations(page) == [], (path, width)
                beyond = page.evaluate("document.documentElement.scrollWidth - innerWidth")
                assert beyond <= 0, f"{path} is {beyond} px wider than {width} px"


def test_the_code_of_a_certificate_is_drawn_under_our_own_policy(
    page: "Page", live_server: Any
) -> None:
    """`page` fails the test where the content security policy refuses anything."""
    on = begin()
    fill(on, 2)
    page.goto(f"/register/retirements/{on.retirement.code}/")
    code = page.locator(".app-certificate svg").bounding_box()
    assert code is not None
    assert min(code["width"], code["height"]) > 80
    dark = page.locator(".app-certificate svg path").last
    assert dark.evaluate("each => getComputedStyle(each).stroke") != "none"
