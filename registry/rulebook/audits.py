"""Audits before and after production, and issuance between them (6.1). R082, R083."""

from registry.rulebook.edition import Edition
from registry.rulebook.engine import rule
from registry.rulebook.facts import IssuanceCase, OfftakeFacts, Recurrence, Stage
from registry.rulebook.findings import Verdict, failed, not_applicable, passed, warned
from registry.rulebook.given import Unusable, date_given
from registry.rulebook.issuance import due_date, period
from registry.rulebook.vintage import add_months

# What the words mean, not thresholds: a quarter has three months, a year twelve.
_MONTHS = {Recurrence.QUARTERLY: 3, Recurrence.ANNUAL: 12}


@rule("R082", section="6.1", modality="should/shall", subject=IssuanceCase, boundary=False)
def production_is_audited_before_and_after(case: IssuanceCase, edition: Edition) -> Verdict:
    """R082 (6.1): Production should be audited ex-ante and shall be audited ex-post."""
    allowed = "audited ex-post; ex-ante too, where it can be"
    ex_ante = f"ex-ante on {case.ex_ante.signed_on}" if case.ex_ante else "not audited ex-ante"
    if case.stage is Stage.APPLICATION:
        return not_applicable(f"So far {ex_ante}; the ex-post audit follows.")
    if case.provisional:
        return not_applicable(f"So far {ex_ante}; R083 asks for the ex-post audit later.")
    signed = case.verification.signed_on if case.verification else None
    if signed is None:
        return failed(
            f"{ex_ante}, not audited ex-post",
            allowed,
            "Have the period audited after its end.",
            field="signed_on",
        )
    found = f"{ex_ante}, ex-post on {date_given('signed_on', signed)}"
    if case.ex_ante is None:
        action = "Nothing to do now; an ex-ante audit eases the next period."
        return warned(found, allowed, action, field="signed_on")
    return passed(found, allowed, field="signed_on")


@rule(
    "R083",
    section="6.1",
    modality="may",
    subject=IssuanceCase,
    parameters=("provisional_issuance", "verification_due_months"),
)
def units_may_come_before_the_ex_post_audit(case: IssuanceCase, edition: Edition) -> Verdict:
    """R083 (6.1): Under a long-term offtake, units may be issued before the ex-post audit.

    After an ex-ante audit and production, within the contract's term and its share, and while
    the recurring verification is kept up: the oldest period not confirmed ended less than a
    year, or a quarter, ago. Such units are provisional until they are confirmed.
    """
    if not case.provisional:
        return not_applicable("Units wait for the ex-post audit.")
    if edition.provisional_issuance == "never":
        return failed(
            "issuance before the ex-post audit",
            "units only after the ex-post audit",
            "Wait for the ex-post audit.",
            field="agreement",
        )
    start, end = period(case)
    offtake = _offtake(case)
    if case.ex_ante is None or date_given("signed_on", case.ex_ante.signed_on) > start:
        signed = case.ex_ante.signed_on if case.ex_ante else "none"
        return failed(
            f"ex-ante audit: {signed}; production began on {start}",
            f"an ex-ante audit signed by {start}",
            "Wait for the ex-post audit; have the next period audited ex-ante.",
            field="ex_ante",
            period_start=start,
        )
    if not (offtake.starts_on <= start and end <= offtake.ends_on):
        return failed(
            f"production from {start} to {end}",
            f"within the contract's term, {offtake.starts_on} to {offtake.ends_on}",
            "Wait for the ex-post audit, or choose the agreement of this period.",
            field="agreement",
            period_start=start,
            period_end=end,
        )
    return _recurring(case, offtake, due_date(end, edition.verification_due_months))


def _recurring(case: IssuanceCase, offtake: OfftakeFacts, due: object) -> Verdict:
    """Whether the recurring verification keeps up with what was issued before."""
    allowed = f"{offtake.recurrence} verification kept up; confirmed by {due}"
    if offtake.unconfirmed_end is None:
        return passed("nothing issued before waits for confirmation", allowed, due=due)
    oldest = date_given("unconfirmed_end", offtake.unconfirmed_end)
    latest = add_months(oldest, _MONTHS[Recurrence(offtake.recurrence)])
    found = f"the oldest period not confirmed ended on {oldest}"
    numbers = {"unconfirmed_end": oldest, "due": due, "recurring_due": latest}
    if case.on <= latest:
        return passed(found, allowed, field="agreement", **numbers)
    return failed(
        f"{found}; its verification was due by {latest}",
        allowed,
        "Have that period verified and confirmed first.",
        field="agreement",
        **numbers,
    )


def _offtake(case: IssuanceCase) -> OfftakeFacts:
    """The long-term offtake, with the share that R085 takes as ceiling. Raises Unusable."""
    has_share = case.agreement is not None and case.agreement.offtake_share is not None
    if case.offtake is None or not has_share:
        raise Unusable(
            "agreement",
            "no long-term offtake with a contracted share",
            "an agreement that names its share, term and recurring verification",
            "Wait for the ex-post audit, or name the long-term agreement.",
        )
    for name in ("starts_on", "ends_on"):
        date_given(name, getattr(case.offtake, name))
    if case.offtake.recurrence not in list(Recurrence):
        raise Unusable(
            "recurrence",
            f"recurring verification: {case.offtake.recurrence!r}",
            f"one of {', '.join(Recurrence)}",
            "Say how often the offtake is verified.",
        )
    return case.offtake
