"""The guided way, claims on spend and a statement's life, on a wide light and a narrow dark screen.

LOOK=folder keeps a picture of each page there.
"""

import os
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from accounts.models import User
from claims.accounting.programme import SourcingRecord
from claims.accounting.tree import Answer
from claims.accounting.wording import DISCLOSURE
from claims.models import Statement
from claims.services.paths import answer_question
from claims.services.pending import retire_and_claim
from claims.services.spending import claim_spend
from claims.services.statements import publish, publish_statement, submit_statement
from claims.services.stating import Words
from registry.models import CoolingOff
from registry.services.suspensions import Scope, approve_suspension, propose_suspension
from tests.cast import issue, key
from tests.claims.services import stage as act
from tests.claims.services.stage import DIRECT, NOW, Stage, claim, run, set_stage
from tests.claims.services.test_spending import INTERVENTION
from tests.claims.services.test_statement_life import draft, engaged, opinion, take
from tests.claims.web.test_browser import must_fit, sign_in
from tests.claims.web.test_spending import BARE
from tests.registry.services.acts import put

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_every_page_is_accessible_and_fits_the_screen(page: "Page") -> None:
    stage = set_stage()
    people = stage.people
    held = issue(people, tonnes=600, steel=True)
    put(held, people.auto_account)
    spend, bare = (act.line(people.carl, stage.inventory, **each) for each in (INTERVENTION, BARE))
    long = act.line(people.carl, stage.inventory, name="Rebar", category="scope_3_2",
                    product_type="long")  # fmt: skip
    claim(stage, 1, 300)
    claim_spend(units=[run(stage.steel, 301, 500)], line=spend, **given(stage))
    sign_in(page, people.carl.email)
    page.emulate_media(reduced_motion="reduce")

    walked(stage, "activity_data")
    look(page, "question", at(stage, "path/"))
    for name in ("same_product_type", "aligned_boundary", "reliable_factor", "primary_data"):
        walked(stage, name)
    look(page, "path", at(stage, "path/"))
    look(page, "plan", at(stage, "plan/"))
    for name, address in (
        ("inventory", ""),
        ("edit", f"lines/{long.pk}/edit/"),
        ("spend", "spend/"),
        ("spend-tonnes", f"spend/{bare.pk}/tonnes/"),
        ("spend-claim", f"spend/{spend.pk}/"),
    ):
        look(page, name, at(stage, address))
    look_at_a_pending_claim(page, stage, run(held, 1, 200))
    look_at_a_statements_life(page, stage)


def look_at_a_pending_claim(page: "Page", stage: Stage, units: Any) -> None:
    people = stage.people
    CoolingOff.objects.create(
        account=people.auto_account, minutes=600, set_at=NOW, set_by=people.carl
    )
    waiting: Any = retire_and_claim(
        account=people.auto_account, lines=[stage.line], units=[units], terms=DIRECT, **given(stage)
    )
    look(page, "pending", at(stage, f"claims/{waiting.code}/"))


def look_at_a_statements_life(page: "Page", stage: Stage) -> None:
    people = stage.people
    statement = draft(stage, Words(DISCLOSURE, sourcing=SourcingRecord("activity", "Slab")))
    own, public = f"/statements/{statement.code}/", f"/register/statements/{statement.code}/"
    look(page, "draft", own)
    look(page, "words", f"{own}edit/")
    take(submit_statement, stage, statement)
    look(page, "submitted", own)
    assurance = engaged(stage, statement)
    changed(page, people.vera)
    look(page, "assurance", f"/assurance/{assurance.pk}/")
    opinion(stage, assurance)
    changed(page, people.carl)
    look(page, "assured", own)
    take(publish, stage, statement)
    look(page, "published", public)
    look(page, "lines", f"{public}lines/")
    newer = publish_statement(
        by=people.carl, now=NOW + timedelta(seconds=1), key=key(), inventory=stage.inventory,
        text=DISCLOSURE,
    )  # fmt: skip
    suspended = propose_suspension(
        by=people.olga, now=NOW, key=key(), scope=Scope(issuance=stage.steel), reason="In doubt."
    )
    approve_suspension(by=people.oscar, now=NOW, key=key(), suspension=suspended)
    look(page, "superseded", public)
    look(page, "acceptance", "/register/acceptance/")
    look(page, "marked", f"/register/statements/{newer.code}/")
    assert page.get_by_text("Rests on units under suspension").is_visible()
    assert Statement.objects.get(pk=statement.pk).state == "superseded"


def look(page: "Page", name: str, address: str) -> None:
    """The page once, on two screens."""
    page.goto(address)
    for width, scheme in ((1280, "light"), (360, "dark")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        if folder := os.environ.get("LOOK"):
            page.screenshot(path=f"{folder}/{name}-{width}-{scheme}.png", full_page=True)
        must_fit(page, f"{name} at {width} px, {scheme}")


def changed(page: "Page", user: User) -> None:
    page.goto("/")
    page.get_by_role("button", name=re.compile("Sign out")).click()
    sign_in(page, user.email)


def at(stage: Stage, more: str) -> str:
    return f"/inventories/{stage.inventory.pk}/{more}"


def given(stage: Stage) -> dict[str, Any]:
    return {"by": stage.people.carl, "now": NOW, "key": key(), "inventory": stage.inventory}


def walked(stage: Stage, question: str) -> None:
    answer_question(answer=Answer(question, "yes", "supplier EPDs, verified"), **given(stage))
