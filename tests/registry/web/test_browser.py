"""The portal's pages in a real browser: accessible, and no wider than a telephone."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from registry.models import Retirement, Site, Transfer, Verification
from registry.queries import Wanted
from registry.services.ex_ante import open_ex_ante
from registry.services.retirements import retire
from registry.services.transfers import accept_transfer, propose_transfer
from registry.services.verifications import start_verification
from tests.cast import Cast, agreement, cast, issue, key, production, submit, verify

if TYPE_CHECKING:
    from playwright.sync_api import Page

AXE = Path(__file__).parents[2] / "vendor" / "axe.min.js"
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Each width in one scheme: components are drawn in both on the style page.
VIEWS: tuple[tuple[int, Literal["light", "dark"]], ...] = ((1280, "light"), (360, "dark"))

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_every_page_is_accessible_and_fits_the_screen(page: "Page", live_server: Any) -> None:
    people = cast(is_demonstration=True)
    pages = _stage(people)

    for user, paths in pages.items():
        _sign_in(page, live_server.url, user)
        for path in paths:
            page.goto(path)
            for width, scheme in VIEWS:
                page.set_viewport_size({"width": width, "height": 900})
                page.emulate_media(color_scheme=scheme)
                assert _violations(page) == [], (path, width)
                beyond = page.evaluate("document.documentElement.scrollWidth - innerWidth")
                assert beyond <= 0, f"{path} is {beyond} px wider than {width} px"


def test_a_page_full_of_errors_is_accessible_and_leads_to_the_fields(
    page: "Page", live_server: Any
) -> None:
    people = cast()
    issue(people, tonnes=10)
    _sign_in(page, live_server.url, people.alice)
    page.goto("/transfers/new/")
    page.get_by_label("To account").fill(people.broker_account.number)
    page.get_by_label("Quantity", exact=True).fill("11")
    page.get_by_role("button", name="Propose the transfer").click()

    summary = page.locator(".govuk-error-summary")
    summary.get_by_text("R094, section 7.2").wait_for()
    assert _violations(page) == []
    summary.get_by_role("link").first.click()
    assert page.evaluate("document.activeElement.id") == "id_quantity"
    assert page.input_value("#id_quantity") == "11"


def test_the_way_chosen_shows_its_own_fields_only(page: "Page", live_server: Any) -> None:
    people = cast()
    issue(people, tonnes=10)
    _sign_in(page, live_server.url, people.alice)
    page.goto("/transfers/new/")

    assert page.get_by_label("Quantity", exact=True).is_visible()
    assert page.get_by_label("First serial").is_hidden()
    page.get_by_label("Units that you name by serial").check()
    assert page.get_by_label("First serial").is_visible()
    assert page.get_by_label("Quantity", exact=True).is_hidden()


def test_a_double_click_proposes_one_transfer(page: "Page", live_server: Any) -> None:
    people = cast()
    issue(people, tonnes=10)
    _sign_in(page, live_server.url, people.alice)
    page.goto("/transfers/new/")
    page.get_by_label("To account").fill(people.broker_account.number)
    page.get_by_label("Quantity", exact=True).fill("4")
    page.get_by_label("We give up our right to claim these units").check()
    page.get_by_role("button", name="Propose the transfer").dblclick()
    page.get_by_text("4 t are reserved and proposed.").wait_for()

    assert Transfer.objects.count() == 1


def _stage(people: Cast) -> dict[User, list[str]]:
    """Every page with something on it, by who looks at it."""
    issuance = issue(people, tonnes=1_000)
    draft = production(people, fe_metallic_share=None, additionality="")
    fresh = submit(people, production(people))
    begun = submit(people, production(people))
    start_verification(by=people.vera, now=timezone.now(), key=key(), verification=begun)
    verified = production(people)
    verify(people, submit(people, verified))
    offer, retirement = _trade(people)
    contract = agreement(people)
    asked = open_ex_ante(
        by=people.alice,
        now=timezone.now(),
        key=key(),
        site=draft.site,
        auditor=people.veritas,
        functional_unit="iron",
        recurrence="annual",
    )
    site = Site.objects.get(pk=draft.site_id).code
    return {
        people.alice: [
            *("/home/", "/sites/", "/sites/new/", f"/sites/{site}/", "/productions/"),
            *(f"/sites/{site}/{each}/" for each in ("pathway", "ex-ante", "elsewhere")),
            *(f"/sites/{site}/productions/new/", f"/productions/{draft.pk}/"),
            *(f"/productions/{draft.pk}/edit/", f"/productions/{issuance.production_id}/"),
            *(f"/productions/{draft.pk}/measurement/", f"/productions/{draft.pk}/green-iron/"),
            *("/baselines/", "/baselines/new/value/", "/baselines/new/scale/"),
            *("/agreements/", "/agreements/new/", f"/agreements/{contract.pk}/"),
            *("/accounts/", f"/accounts/{people.iron_account.number}/", "/organisation/"),
            *("/transfers/", "/transfers/new/", f"/transfers/{offer.pk}/"),
        ],
        people.vera: [
            "/engagements/",
            *(f"/engagements/{each.pk}/" for each in (fresh, begun)),
            *(f"/engagements/{begun.pk}/dialogue/", f"/ex-ante/{asked.pk}/"),
        ],
        people.olga: [
            *("/home/", "/applications/", f"/applications/{verified.pk}/"),
            *("/accreditations/", "/accreditations/new/", "/elsewhere/", "/elsewhere/list/"),
        ],
        people.bob: [f"/transfers/{offer.pk}/"],
        people.carl: ["/retirements/", "/retirements/new/", f"/retirements/{retirement.code}/"],
        people.anton: ["/sites/new/", f"/engagements/{_any_engagement()}/"],
    }


def _any_engagement() -> object:
    return Verification.objects.values_list("pk", flat=True)[0]


def _trade(people: Cast) -> tuple[Transfer, Retirement]:
    def offer(quantity: int, to: Any) -> Transfer:
        return propose_transfer(
            by=people.alice,
            now=timezone.now(),
            key=key(),
            from_account=people.iron_account,
            to_account=to,
            units=Wanted(quantity),
            surrendered=True,
        )

    sold = offer(100, people.auto_account)
    accept_transfer(by=people.carl, now=timezone.now(), key=key(), transfer=sold)
    retirement = retire(
        by=people.carl,
        now=timezone.now(),
        key=key(),
        account=people.auto_account,
        units=Wanted(40),
    )
    return offer(50, people.broker_account), retirement


def _sign_in(page: "Page", address: str, user: User) -> None:
    """The session alone: the sign-in page is the journey's."""
    client = Client()
    client.force_login(user)
    page.context.clear_cookies()
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": address}]
    )


def _violations(page: "Page") -> list[str]:
    page.evaluate(AXE.read_text())
    found: Iterator[str] = page.evaluate(
        "standards => axe.run(document, {runOnly: standards}).then(r => r.violations.map("
        "v => `${v.id}: ${v.nodes.map(n => n.html).join(' | ')}`))",
        STANDARDS,
    )
    return list(found)
