"""How an endpoint is described: what every operation shares is written here, once."""

import inspect
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema

from accounts.access import Access
from accounts.rest.problems import KINDS, MEDIA_TYPE, NAME_OF_STATUS, ProblemSerializer

H = TypeVar("H", bound=Callable[..., Any])

WRITES = ("POST", "PATCH", "PUT", "DELETE")
KEY_HEADER = "Idempotency-Key"
REPLAY_HEADER = "Idempotent-Replay"
_KEY = OpenApiParameter(
    KEY_HEADER,
    str,
    OpenApiParameter.HEADER,
    required=True,
    description="A new key for each new request, for example a UUID. The same key with the same "
    "input returns the first answer, with Idempotent-Replay: true; with other input it is refused.",
)

_REPLAY = OpenApiParameter(
    REPLAY_HEADER,
    str,
    OpenApiParameter.HEADER,
    response=True,
    description="true where this is the first answer to the same request again.",
)


def operation(
    id: str,
    *,
    answer: Any,
    given: Any = None,
    status: int = 200,
    example: dict[str, Any] | Sequence[dict[str, Any]] = (),
    refusals: Sequence[int] = (),
) -> Callable[[H], H]:
    """Name and describe one method of an endpoint. The docstring is its summary and description.

    given, answer: serializers, None for an empty body; example: of the request, one or several;
    refusals: statuses beyond those that every such endpoint may answer with.
    """
    examples = [example] if isinstance(example, dict) else example
    describe = extend_schema(
        operation_id=id,
        request=given,
        responses={status: answer},
        examples=[
            OpenApiExample(f"{id} {number}", value=value, request_only=True)
            for number, value in enumerate(examples, 1)
        ],
    )

    def decorate(handler: H) -> H:
        handler.example = examples  # type: ignore[attr-defined]  # read by a test
        handler.given = given  # type: ignore[attr-defined]  # likewise
        handler.refusals = refusals  # type: ignore[attr-defined]  # likewise
        return describe(handler)

    return decorate


class Schema(AutoSchema):
    view: Any

    def get_summary(self) -> str:
        return self._words()[0]

    def get_description(self) -> str:  # type: ignore[override]  # as spectacular calls it
        return self._words()[1]

    def get_override_parameters(self) -> list[Any]:
        return [_KEY, _REPLAY] if self.method in WRITES else []

    def get_auth(self) -> list[dict[str, Any]]:
        return [{}] if self.view.access is Access.PUBLIC else super().get_auth()

    def _get_response_bodies(self, direction: Any = "response") -> Any:
        bodies = super()._get_response_bodies(direction)
        for status in self._refusals():
            bodies[str(status)] = self._problem(status)
        return dict(sorted(bodies.items()))

    def _words(self) -> tuple[str, str]:
        """The first line of the method's docstring, and the rest of it."""
        handler = getattr(self.view, self.method.lower())
        first, _, rest = (inspect.getdoc(handler) or "").partition("\n")
        return first, rest.strip()

    def _refusals(self) -> list[int]:
        found = [401] if self.view.access is Access.PUBLIC else [401, 403]
        if self.method in WRITES:
            found += [400, 403, 404, 409, 413, 415, 422]
        elif "{" in self.path or self.view.pagination_class:
            found += [404]
        if getattr(self.view, "filterset_class", None):
            found += [400]
        handler = getattr(self.view, self.method.lower())
        return sorted({*found, *handler.refusals})

    def _problem(self, status: int) -> dict[str, Any]:
        component = self.resolve_serializer(ProblemSerializer, "response")
        kinds = [kind.title for kind in KINDS.values() if kind.status == status]
        name = NAME_OF_STATUS[status]
        return {
            "description": "; ".join(kinds),
            "content": {
                MEDIA_TYPE: {
                    "schema": component.ref,
                    "examples": {
                        name: {
                            "value": {
                                "type": f"/api/v1/problems/{name}/",
                                "title": KINDS[name].title,
                                "status": status,
                                "detail": KINDS[name].meaning,
                            }
                        }
                    },
                }
            },
        }


class BearerScheme(OpenApiAuthenticationExtension):
    target_class = "accounts.oauth.BearerAuthentication"
    name = "oauth2"

    def get_security_requirement(self, auto_schema: AutoSchema) -> dict[str, list[str]]:
        return {self.name: ["write" if auto_schema.method in WRITES else "read"]}

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {
            "type": "oauth2",
            "description": "Client credentials: the client acts as the user it was registered for.",
            "flows": {
                "clientCredentials": {
                    "tokenUrl": "/o/token/",
                    "scopes": {"read": "every GET", "write": "every other method"},
                }
            },
        }
