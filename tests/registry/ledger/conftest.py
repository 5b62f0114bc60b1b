"""One world for the tests of a module that asks for `acts`: 1,000 t of steel in Erik's account."""

import pytest

from tests.cast import cast, issue
from tests.registry.ledger.acts import Acts


@pytest.fixture(scope="module")
def world(shared_database: None) -> Acts:
    people = cast()
    return Acts(people, issue(people, tonnes=1_000, steel=True))


@pytest.fixture
def acts(world: Acts, db: None) -> Acts:
    return world
