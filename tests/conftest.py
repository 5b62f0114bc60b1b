"""Every test runs on real Postgres and Redis; browser tests drive the system's Chromium."""

from __future__ import annotations

import os
from typing import Any

import hypothesis
import pytest
from django.conf import settings
from django.db import connection

from config import services
from tests.support.slot import take_slot
from tests.support.template import template_database
from tools.chromium import find_chromium

pytest_plugins = [
    "tests.support.as_the_web",
    "tests.support.browser",
    "tests.support.checkout",
    "tests.support.flush",
    "tests.support.shared",
    "tests.support.worker",
]

hypothesis.settings.register_profile("billet", deadline=None, print_blob=True)
hypothesis.settings.load_profile("billet")


def pytest_configure(config: pytest.Config) -> None:
    try:
        services.ensure()
        take_slot()
    except services.ServiceError as error:
        pytest.exit(str(error), returncode=3)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Copy a migrated database, and under a name that no other run of the tests uses."""
    ours = settings.DATABASES["default"].setdefault("TEST", {})
    ours["TEMPLATE"] = connection.settings_dict["TEST"]["TEMPLATE"] = template_database()
    name = f"test_billet_{take_slot()}_{os.environ.get('PYTEST_XDIST_WORKER', 'one')}"
    ours["NAME"] = connection.settings_dict["TEST"]["NAME"] = name


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave browser tests out where there is no browser, unless BILLET_BROWSER=required."""
    if find_chromium() is not None or os.environ.get("BILLET_BROWSER") == "required":
        return
    left_out = [item for item in items if item.get_closest_marker("browser")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def pytest_terminal_summary(terminalreporter: Any) -> None:
    if find_chromium() is None:
        terminalreporter.write_line(
            "Left out: the browser tests, as there is no Chromium that runs "
            "(on Debian: apt-get install chromium libatomic1)."
        )
