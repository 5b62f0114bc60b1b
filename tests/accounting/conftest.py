"""Marks of the accounting's tests."""

import pytest


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", 'rule(id, kind): tests a rule; kind is "pass", "fail" or "boundary"'
    )
