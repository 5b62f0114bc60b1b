"""What the claimants publish: one statement at once, one with an auditor's opinion on it."""

from datetime import datetime

from claims.accounting.programme import SourcingRecord
from claims.accounting.wording import DISCLOSURE
from claims.demonstration.cast import Member
from claims.demonstration.producing import at
from claims.models import Inventory
from claims.services.assurance import engage_auditor, give_opinion
from claims.services.statements import (
    draft_statement,
    publish,
    publish_statement,
    submit_statement,
)
from claims.services.stating import Words


def publish_at_once(member: Member, key: str, inventory: Inventory, now: datetime) -> None:
    """Without assurance: the statement says so."""
    publish_statement(
        by=member.person, now=now, key=f"{key}-statement", inventory=inventory, text=DISCLOSURE
    )


def publish_assured(member: Member, key: str, inventory: Inventory, auditor: Member) -> None:
    """Drafted, submitted, assured with limited assurance, published (9.1)."""
    by = member.person
    words = Words(
        DISCLOSURE,
        jurisdictions=("US",),
        sourcing=SourcingRecord(
            tier="activity",
            sourcing_match="Demonstration: rebar of scrap-fed furnaces, as the buildings use.",
        ),
    )
    draft = draft_statement(
        by=by, now=at(4, 10), key=f"{key}-draft", inventory=inventory, words=words
    )
    submitted = submit_statement(by=by, now=at(4, 10), key=f"{key}-submit", statement=draft)
    engagement = engage_auditor(
        by=by,
        now=at(4, 11),
        key=f"{key}-engage",
        statement=submitted,
        auditor=auditor.organisation,
    )
    give_opinion(
        by=auditor.person,
        now=at(4, 14),
        key=f"{key}-opinion",
        assurance=engagement,
        opinion="limited",
        text="Demonstration: we recomputed the document, compared the tonnes with goods received "
        "and the factor with its EPDs. Nothing came to our attention.",
    )
    publish(by=by, now=at(4, 15), key=f"{key}-publish", statement=submitted)
