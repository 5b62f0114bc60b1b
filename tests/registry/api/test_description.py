"""The OpenAPI description: complete, without a warning, and its examples are taken."""

from typing import Any

import pytest
from django.core.management import call_command
from django.urls import URLPattern, URLResolver, get_resolver
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

from accounts.access import Access, Declared
from accounts.rest.endpoints import Endpoint
from registry.api.writing import WritingEndpoint

WRITES = ("post", "patch", "put", "delete")


@pytest.fixture(scope="module")
def description() -> dict[str, Any]:
    return SchemaGenerator().get_schema(request=None, public=True)


def endpoints() -> list[Any]:
    """Every endpoint class under /api/v1/, the description's own excepted."""

    def walk(resolver: URLResolver) -> Any:
        for each in resolver.url_patterns:
            if isinstance(each, URLResolver):
                yield from walk(each)
            elif isinstance(each, URLPattern) and hasattr(each.callback, "cls"):
                yield each.callback.cls

    (api,) = [
        each
        for each in get_resolver().url_patterns
        if isinstance(each, URLResolver) and str(each.pattern) == "api/v1/"
    ]
    return [cls for cls in walk(api) if not cls.__module__.startswith("drf_spectacular")]


def handlers() -> list[tuple[str, Any]]:
    return [
        (f"{cls.__name__}.{method}", getattr(cls, method))
        for cls in endpoints()
        for method in ("get", *WRITES)
        if hasattr(cls, method)
    ]


def test_the_description_is_made_without_a_warning(tmp_path: Any) -> None:
    file = str(tmp_path / "openapi.yaml")
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", file)


def test_it_is_openapi_3_1(description: dict[str, Any]) -> None:
    validate_schema(description)
    assert description["openapi"].startswith("3.1")


def test_every_endpoint_declares_its_access_and_speaks_problems() -> None:
    assert len(endpoints()) > 30
    for cls in endpoints():
        assert issubclass(cls, Endpoint), cls
        assert isinstance(cls.access, Access), cls
        assert Declared in cls.permission_classes, cls


def test_whatever_changes_something_asks_for_a_key(description: dict[str, Any]) -> None:
    for cls in endpoints():
        if any(hasattr(cls, method) for method in WRITES):
            assert issubclass(cls, WritingEndpoint), cls
    for address, operations in description["paths"].items():
        for method in set(operations) & set(WRITES):
            named = {each["name"] for each in operations[method]["parameters"]}
            assert "Idempotency-Key" in named, (method, address)


def test_every_operation_has_a_name_words_and_errors(description: dict[str, Any]) -> None:
    names = []
    for address, operations in description["paths"].items():
        for method, operation in operations.items():
            names.append(operation["operationId"])
            assert operation["summary"], address
            if method in WRITES:
                assert {"400", "401", "403", "404", "409", "413", "415", "422"} <= set(
                    operation["responses"]
                ), address
            elif not address.startswith(("/api/v1/register", "/api/v1/rulebook", "/api/v1/prob")):
                assert {"401", "403"} <= set(operation["responses"]), address
    assert len(names) == len(set(names))
    assert not [name for name in names if name.endswith(("_2", "_3"))]


@pytest.mark.parametrize(("name", "handler"), handlers(), ids=[each[0] for each in handlers()])
def test_every_example_is_of_the_shape_it_shows(name: str, handler: Any) -> None:
    shape = handler.given
    if shape is None:
        assert not handler.example
        return
    shape = shape if isinstance(shape, type) else type(shape)
    assert handler.example or "multipart" in handler.__doc__, f"{name} has no example"
    for example in handler.example:
        checked = shape(data=example)
        assert checked.is_valid(), checked.errors
