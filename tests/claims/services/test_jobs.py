"""Plans, claims and documents that a worker makes: asked for once, followed, ended, put away."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from celery import current_app
from django.db import connection
from kombu.exceptions import OperationalError

from accounts.errors import NotVisible, Refused
from claims import scope
from claims.accounting.wording import DISCLOSURE
from claims.models import Claim, Job, PendingClaim, PlannedUnits, Statement
from claims.services import jobs, running
from claims.services.planned import ask_to_claim
from claims.services.planning import Wish, suggest_units
from claims.services.plans import ask_for_plan
from claims.services.statements import (
    discard_statement,
    draft_statement,
    publish,
    publish_statement,
    revise_statement,
    submit_statement,
)
from claims.services.stating import Words
from claims.transitions import JOB_STEPS
from registry.errors import BadInput, NotNow
from registry.models import CoolingOff
from tests.cast import key
from tests.claims.services import stage as act
from tests.claims.services.stage import NOW, Stage, claim, set_stage
from tests.registry.services.acts import put
from tests.support.refusals import refused

pytestmark = pytest.mark.django_db
WORDS = Words(DISCLOSURE)
WISH = Wish(method="direct")


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(scope="module")
def stage(shared_database: None) -> Stage:
    return set_stage()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def everything_is_large(settings: Any) -> None:
    settings.BILLET_MOST_AT_ONCE = 0


def plan(stage: Stage, wish: Wish = WISH, **more: Any) -> Job:
    given: dict[str, Any] = {"by": stage.people.carl, "now": NOW, "key": key()}
    return ask_for_plan(**given | {"inventory": stage.inventory, "wish": wish} | more)


def run(job: Job, clock: Any = lambda: NOW) -> Job:
    running.run_job(pk=job.pk, clock=clock)
    job.refresh_from_db()
    return job


def drafted(stage: Stage, words: Words = WORDS) -> Statement:
    return draft_statement(
        by=stage.people.carl, now=NOW, key=key(), inventory=stage.inventory, words=words
    )


def submit(stage: Stage, statement: Statement) -> Job:
    submit_statement(by=stage.people.carl, now=NOW, key=key(), statement=statement)
    return Job.objects.get(statement=statement, state="waiting")


def test_a_worker_plans_what_planning_at_once_gives(stage: Stage) -> None:
    at_once = suggest_units(by=stage.people.carl, now=NOW, inventory=stage.inventory, wish=WISH)
    job = run(plan(stage))

    assert (job.state, job.result["volume"], job.result["suggestions"]) == ("done", 1_000, 1)
    rows = PlannedUnits.objects.filter(job=job).select_related("group").order_by("place")
    assert [
        (row.issuance_id, row.first, row.last, tuple(row.reasons), row.group.label) for row in rows
    ] == [
        (stage.steel.pk, each.lot.first, each.lot.last, each.reasons, each.group.key.label)
        for each in at_once.plan.suggestions
    ]
    assert rows[0].group.lines == [stage.line.pk]


def test_two_clicks_are_one_job_and_another_wish_is_another(stage: Stage) -> None:
    first = plan(stage, key="K")
    assert plan(stage, key="K").pk == plan(stage).pk == first.pk
    assert plan(stage, Wish(method="enhanced")).pk != first.pk
    run(first)
    assert plan(stage).pk != first.pk


def test_without_redis_the_request_succeeds_and_the_sweep_does_it(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    def away(*_: Any, **__: Any) -> None:
        raise OperationalError("Connection refused")

    monkeypatch.setattr(current_app, "send_task", away)
    with django_capture_on_commit_callbacks(execute=True):
        job = plan(stage)
    assert running.run_waiting(clock=lambda: NOW) == 1
    job.refresh_from_db()
    assert job.state == "done"


def test_a_worker_is_told_after_the_commit(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    told: list[Any] = []
    monkeypatch.setattr(current_app, "send_task", lambda name, args: told.append((name, args)))
    with django_capture_on_commit_callbacks(execute=True):
        job = plan(stage)
    assert told == [("claims.tasks.run_job", [str(job.pk)])]


def test_progress_is_told_stage_by_stage(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[str, int, int | None]] = []
    write = jobs.Progress._write

    def watched(self: jobs.Progress, now: datetime) -> None:
        write(self, now)
        row = Job.objects.get(pk=self.job.pk)
        seen.append((row.stage, row.done, row.of))

    monkeypatch.setattr(jobs.Progress, "_write", watched)
    monkeypatch.setattr(jobs, "_EVERY", timedelta(0))
    run(plan(stage))
    assert seen == [
        ("reading units", 0, None),
        ("reading lines", 0, None),
        ("choosing units", 0, 1),
        ("choosing units", 1, 1),
        ("keeping the plan", 0, None),
    ]


def test_a_silent_worker_is_followed_by_another_and_then_changes_nothing(
    stage: Stage, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = plan(stage)
    stage_of = jobs.Progress.stage

    def while_it_slept(self: jobs.Progress, words: str, of: int | None = None) -> None:
        monkeypatch.setattr(jobs.Progress, "stage", stage_of)
        clock.now += timedelta(minutes=1)
        assert running.run_waiting(clock=clock) == 0
        clock.now += timedelta(minutes=3)
        assert running.run_waiting(clock=clock) == 1
        stage_of(self, words, of)

    monkeypatch.setattr(jobs.Progress, "stage", while_it_slept)
    assert not running.run_job(pk=job.pk, clock=clock)
    job.refresh_from_db()
    assert (job.state, job.attempt, job.units.count()) == ("done", 2, 1)


def test_a_job_that_kills_its_workers_is_given_up_with_a_word(
    stage: Stage, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def die(job: Job, progress: jobs.Progress, **_: Any) -> None:
        progress.stage("choosing units")
        raise Killed

    monkeypatch.setitem(running._DOERS, "plan", die)
    job = plan(stage)
    for _ in range(3):
        with pytest.raises(Killed):
            running.run_job(pk=job.pk, clock=clock)
        clock.now += timedelta(minutes=3)
    assert running.run_waiting(clock=clock) == 0
    job.refresh_from_db()
    assert job.state == "failed"
    assert "begun 3 times" in job.refusal["texts"][0]
    assert "“choosing units”" in job.refusal["texts"][0]


def test_what_came_of_it_is_put_away_after_a_week(stage: Stage) -> None:
    job = run(plan(stage))
    assert jobs.expire(now=NOW + timedelta(days=6)) == 0
    assert jobs.expire(now=NOW + timedelta(days=7)) == 1
    job.refresh_from_db()
    assert (job.state, job.result, job.units.count(), job.groups.count()) == ("expired", None, 0, 0)


def test_a_job_is_its_askers_alone(stage: Stage) -> None:
    job = plan(stage)
    assert scope.job(stage.people.carl, stage.inventory.pk, job.pk) == job
    for other in (act.colleague(stage), stage.people.erik):
        with pytest.raises(NotVisible):
            scope.job(other, stage.inventory.pk, job.pk)


def test_who_may_not_plan_may_not_have_it_planned(stage: Stage) -> None:
    colleague = act.colleague(stage)
    with refused(NotVisible):
        plan(stage, by=stage.people.erik)
    with refused(Refused):
        plan(stage, by=colleague)
    with refused(BadInput, match="method"):
        plan(stage, Wish(method="spend"))


def test_every_state_of_a_job_has_a_way_on_but_the_last(stage: Stage) -> None:
    ends = {each.after for each in JOB_STEPS} - {each.before for each in JOB_STEPS}
    assert ends == {"expired"}


# Claims of a whole plan


def ask(stage: Stage, job: Job, **more: Any) -> Job:
    given: dict[str, Any] = {"by": stage.people.carl, "now": NOW, "key": key(), "plan": job}
    return ask_to_claim(**given | {"terms": act.DIRECT} | more)


def test_a_worker_claims_a_plan_as_a_whole_and_once(stage: Stage) -> None:
    planned = run(plan(stage))
    job = run(ask(stage, planned))

    made = Claim.objects.get()
    assert (job.state, job.result) == ("done", {"code": made.code, "is_pending": False})
    assert (made.volume, made.method) == (1_000, "direct")
    with refused(NotNow, match=f"claimed already: {made.code}"):
        ask(stage, planned)


def test_a_worker_that_died_after_its_claim_makes_no_other(
    stage: Stage, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def die(*_: Any, **__: Any) -> None:
        raise Killed

    job = ask(stage, run(plan(stage)))
    with monkeypatch.context() as patched:
        patched.setattr(jobs, "finish", die)
        with pytest.raises(Killed):
            running.run_job(pk=job.pk, clock=clock)
    assert Claim.objects.count() == 1
    clock.now += timedelta(minutes=3)
    assert running.run_waiting(clock=clock) == 1
    job.refresh_from_db()
    assert (job.state, job.result["code"]) == ("done", Claim.objects.get().code)


def test_units_held_are_retired_with_the_claim_which_waits_for_its_retirement(stage: Stage) -> None:
    people = stage.people
    put(act.made.issue(people, tonnes=300, steel=True), people.auto_account)
    CoolingOff.objects.create(
        account=people.auto_account, minutes=60, set_at=NOW, set_by=people.carl
    )
    planned = run(plan(stage, Wish(method="direct", account=people.auto_account)))
    job = run(ask(stage, planned))

    waiting = PendingClaim.objects.get()
    assert job.result == {"code": waiting.code, "is_pending": True}
    assert waiting.volume == 300


def test_a_refused_claim_says_every_rule_and_retires_nothing(stage: Stage) -> None:
    terms = replace(act.DIRECT, claim_type="on_product")
    job = run(ask(stage, run(plan(stage)), terms=terms))
    assert (job.state, job.refusal["status"]) == ("refused", 422)
    failed = {each["rule"] for each in job.refusal["findings"] if each["outcome"] == "fail"}
    assert failed == {"R112"}
    assert not Claim.objects.exists()


def test_a_plan_is_claimed_while_it_is_kept(stage: Stage) -> None:
    waiting = plan(stage)
    with refused(NotNow, match="waiting"):
        ask(stage, waiting)
    run(waiting)
    jobs.expire(now=NOW + timedelta(days=7))
    waiting.refresh_from_db()
    with pytest.raises(NotNow, match="expired"):
        ask(stage, waiting)


# Documents of large statements


@pytest.mark.usefixtures("everything_is_large")
def test_a_large_statement_is_submitted_by_a_worker(stage: Stage, settings: Any) -> None:
    claim(stage, 1, 500)
    statement = drafted(stage)
    job = submit(stage, statement)
    statement.refresh_from_db()
    assert statement.state == "draft"
    assert submit(stage, statement).pk == job.pk

    run(job)
    statement.refresh_from_db()
    assert (job.state, job.result) == ("done", {"statement": statement.code})
    assert (statement.state, statement.summary["line_count"]) == ("submitted", 1)
    step = statement.steps.get(to_state="submitted")
    assert step.by == stage.people.carl


@pytest.mark.usefixtures("everything_is_large")
def test_a_large_statement_is_published_in_one_step_by_a_worker(stage: Stage) -> None:
    statement = publish_statement(
        by=stage.people.carl, now=NOW, key=key(), inventory=stage.inventory, text=DISCLOSURE
    )
    assert statement.state == "draft"
    run(Job.objects.get(statement=statement))
    statement.refresh_from_db()
    assert (statement.state, statement.published_by) == ("published", stage.people.carl)


@pytest.mark.usefixtures("everything_is_large")
def test_words_that_a_rule_refuses_leave_the_draft_with_its_findings(stage: Stage) -> None:
    statement = drafted(stage, Words("Our cars are made of green steel."))
    job = run(submit(stage, statement))
    statement.refresh_from_db()
    assert (job.state, job.refusal["status"], statement.state) == ("refused", 422, "draft")
    assert "R114" in {each["rule"] for each in job.refusal["findings"]}


@pytest.mark.usefixtures("everything_is_large")
def test_what_changed_while_the_document_was_made_is_in_it(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    statement = drafted(stage)
    job = submit(stage, statement)
    stages: list[str] = []
    stage_of = jobs.Progress.stage

    def then_a_line(self: jobs.Progress, words: str, of: int | None = None) -> None:
        stage_of(self, words, of)
        stages.append(words)
        if stages == ["reading lines and claims", "computing the claims", "writing the document"]:
            act.line(stage.people.carl, stage.inventory, name="Late")

    monkeypatch.setattr(jobs.Progress, "stage", then_a_line)
    run(job)
    statement.refresh_from_db()
    assert statement.summary["line_count"] == 2
    assert len(stages) == 6


@pytest.mark.usefixtures("everything_is_large")
def test_an_inventory_that_never_stands_still_is_refused(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    statement = drafted(stage)
    job = submit(stage, statement)
    stage_of = jobs.Progress.stage

    def and_a_line(self: jobs.Progress, words: str, of: int | None = None) -> None:
        stage_of(self, words, of)
        act.line(stage.people.carl, stage.inventory, name=f"Late {words}")

    monkeypatch.setattr(jobs.Progress, "stage", and_a_line)
    run(job)
    assert (job.state, job.refusal["status"]) == ("refused", 409)
    assert "changed 3 times" in job.refusal["texts"][0]


@pytest.mark.usefixtures("everything_is_large")
def test_a_draft_discarded_or_reworded_meanwhile_is_taken_as_it_stands(stage: Stage) -> None:
    statement = drafted(stage)
    job = submit(stage, statement)
    words = Words(DISCLOSURE + " And more.")
    revise_statement(by=stage.people.carl, now=NOW, key=key(), statement=statement, words=words)
    run(job)
    statement.refresh_from_db()
    assert statement.document["words"]["text"] == words.text

    publish(by=stage.people.carl, now=NOW, key=key(), statement=statement)
    other = drafted(stage)
    job = submit(stage, other)
    discard_statement(by=stage.people.carl, now=NOW, key=key(), statement=other)
    assert run(job).state == "refused"


def test_a_line_replaced_after_submission_is_caught_at_publication(stage: Stage) -> None:
    statement = drafted(stage)
    submit_statement(by=stage.people.carl, now=NOW, key=key(), statement=statement)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE claims_inventoryline SET tonnes = tonnes + 1")
    with refused(NotNow, match="lines changed after"):
        publish(by=stage.people.carl, now=NOW, key=key(), statement=statement)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE claims_inventoryline SET tonnes = tonnes - 1")
    publish(by=stage.people.carl, now=NOW, key=key(), statement=statement)
