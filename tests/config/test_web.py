"""What every page and endpoint has before anybody writes one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django.urls import reverse
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from config.cache import ForgivingRedisCache


@pytest.mark.django_db
def test_health_says_that_the_database_answers(client: Client) -> None:
    response = client.get("/healthz")

    assert (response.status_code, response.content) == (200, b"ok\n")


def test_health_says_that_the_database_does_not(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise DatabaseError

    monkeypatch.setattr(connection, "cursor", fail)

    assert client.get("/healthz").status_code == 503


@pytest.mark.django_db
def test_every_page_forbids_inline_code(client: Client) -> None:
    policy = client.get(reverse("account_login")).headers["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


@pytest.mark.django_db
def test_the_interface_describes_itself_in_openapi_3_1(client: Client) -> None:
    response = client.get(reverse("schema"), headers={"accept": "application/vnd.oai.openapi+json"})

    assert response.json()["openapi"].startswith("3.1")


@pytest.mark.django_db
def test_an_endpoint_that_declares_nothing_is_closed() -> None:
    class Forgotten(APIView):
        def get(self, request: Any) -> Response:
            return Response("open")

    response = Forgotten.as_view()(APIRequestFactory().get("/"))

    assert response.status_code in {401, 403}


def test_a_cache_without_redis_forgets(tmp_path: Path) -> None:
    cache = ForgivingRedisCache(f"unix://{tmp_path}/none.sock", {})

    cache.set("key", 1)

    assert cache.get("key", "otherwise") == "otherwise"
    assert cache.get_many(["key"]) == {}
    assert cache.add("key", 1) is True
    assert "key" not in cache
