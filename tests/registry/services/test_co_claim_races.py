"""Two people want the same units at once, with real commits: one of them gets them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from accounts.models import OrganisationRole
from accounts.roles import Role
from registry import ledger
from registry.errors import NotNow, RulesBroken
from registry.ledger import Line, NotThere
from registry.models import Holding
from registry.services.transfers import propose_transfer
from tests.cast import cast, key
from tests.registry.ledger.invariants import assert_sound
from tests.registry.services.sharing import Sharing, confirm, consent, propose, sharing

pytestmark = pytest.mark.django_db(transaction=True)


def together(*acts: Callable[[], Any]) -> list[str]:
    """What became of each: done, or gone."""

    def run(act: Callable[[], Any]) -> str:
        try:
            act()
            return "done"
        except (NotNow, NotThere, RulesBroken):
            return "gone"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(run, acts))


def ready(scene: Sharing) -> Any:
    co_claim = propose(scene, [Line(scene.issuance.pk, 1, 1, 600)])
    consent(scene, co_claim)
    return co_claim


@pytest.fixture
def barrier(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both have judged the units before either takes them."""
    both_have_looked = Barrier(2, timeout=20)
    for name in ("reserve", "co_claim"):
        act = getattr(ledger, name)

        def at_once(act: Any = act, **values: Any) -> Any:
            both_have_looked.wait()
            return act(**values)

        monkeypatch.setattr(ledger, name, at_once)


def test_of_two_executions_one_wins() -> None:
    scene = sharing(cast(), tonnes=1_000)
    first, second = ready(scene), ready(scene)
    outcome = together(lambda: confirm(scene, first), lambda: confirm(scene, second))
    assert outcome == ["done", "gone"]
    assert Holding.objects.filter(copy=2).count() == 1
    assert_sound()


def test_of_a_transfer_and_a_co_claim_one_wins(request: pytest.FixtureRequest) -> None:
    scene = sharing(cast(), tonnes=1_000)
    people = scene.people
    OrganisationRole.objects.create(organisation=people.auto_werke, role=Role.INTERMEDIARY.value)
    co_claim = ready(scene)
    request.getfixturevalue("barrier")

    def sell() -> None:
        propose_transfer(
            by=people.carl,
            now=timezone.now(),
            key=key(),
            from_account=people.auto_account,
            to_account=people.broker_account,
            units=[Line(scene.issuance.pk, 1, 401, 1_000)],
            surrendered=True,
        )

    assert together(sell, lambda: confirm(scene, co_claim)) == ["done", "gone"]
    assert_sound()
