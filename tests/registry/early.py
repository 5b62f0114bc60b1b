"""A production whose units may come before its ex-post audit (6.1)."""

from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from registry.models import ExAnteAudit, Issuance, Production, Site
from registry.services.early import ask_early
from registry.services.ex_ante import open_ex_ante, sign_ex_ante
from registry.services.verifications import Figures
from tests import cast as made
from tests.cast import Cast, key, vintage


def stage(people: Cast) -> Production:
    """500 of 1,000 t under a five-year offtake of half the output, handed to Veritas."""
    start, _ = vintage(timezone.now())
    contract = made.agreement(
        people,
        offtake_share=Decimal("0.5"),
        rights={
            "is_forward": True,
            "forward_from": start,
            "forward_until": start + timedelta(days=5 * 365),
        },
    )
    site = made.site(people)
    expect(people, site)
    draft = made.production(people, tonnes=500, delivered_tonnes=1_000, at=site, agreement=contract)
    made.submit(people, draft)
    return draft


def expect(people: Cast, site: Site) -> ExAnteAudit:
    """An ex-ante audit signed a day before production began."""
    now = timezone.now()
    start, _ = vintage(now)
    audit = open_ex_ante(
        by=people.alice,
        now=now,
        key=key(),
        site=site,
        auditor=people.veritas,
        functional_unit="iron",
        recurrence="annual",
    )
    before = now.replace(year=start.year, month=1, day=1) - timedelta(days=1)
    return sign_ex_ante(
        by=people.vera,
        now=before,
        key=key(),
        audit=audit,
        figures=Figures(0, Decimal("0.45"), Decimal("0.45"), None),
        statement="Expected on the design data.",
    )


def issue_early(people: Cast, production: Production) -> Issuance:
    """Asked for, and approved by both operators."""
    ask_early(by=people.alice, now=timezone.now(), key=key(), production=production)
    return made.approve(people, production)
