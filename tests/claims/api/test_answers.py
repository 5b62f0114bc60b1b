"""What is answered on a whole journey is what the description says."""

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.urls import resolve
from drf_spectacular.generators import SchemaGenerator
from jsonschema import Draft202012Validator

from tests.journeys.test_api_journey import test_one_tonne_from_the_furnace_to_its_claim as journey
from tests.support import programs

pytestmark = pytest.mark.django_db


def test_every_answer_of_the_journey_is_as_described(monkeypatch: pytest.MonkeyPatch) -> None:
    description = SchemaGenerator().get_schema(request=None, public=True)
    seen: list[tuple[Any, programs.Answer]] = []
    answered = programs._answer

    def keep(response: Any) -> programs.Answer:
        answer = answered(response)
        seen.append((response.request, answer))
        return answer

    monkeypatch.setattr(programs, "_answer", keep)
    journey()
    assert len(seen) > 30
    for request, answer in seen:
        if isinstance(answer.body, bytes):
            continue
        content = _described(description, request, answer)
        errors = list(_validator(description, content["schema"]).iter_errors(answer.body))
        assert not errors, (request["PATH_INFO"], errors[0].message, list(errors[0].path))


def _described(description: dict[str, Any], request: Any, answer: programs.Answer) -> Any:
    path = urlsplit(request["PATH_INFO"]).path
    route = "/" + resolve(path).route
    template = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route)
    operation = description["paths"][template][request["REQUEST_METHOD"].lower()]
    content = operation["responses"][str(answer.status)]["content"]
    return content[answer.headers["Content-Type"].split(";")[0]]


def _validator(description: dict[str, Any], schema: Any) -> Draft202012Validator:
    """Every property that is answered has to be described, too."""
    components = description["components"]
    strict = {
        name: {"additionalProperties": False, **each} if "properties" in each else each
        for name, each in components["schemas"].items()
    }
    return Draft202012Validator({**schema, "components": {"schemas": strict}})
