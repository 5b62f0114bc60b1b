"""Requests that change something: one service call under the caller's idempotency key."""

import json
import re
from collections.abc import Callable
from typing import Any, TypeVar

from django.utils import timezone
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from accounts.rest.endpoints import Endpoint
from accounts.rest.schema import KEY_HEADER, REPLAY_HEADER
from registry.errors import BadInput
from registry.services.answers import first_answer

R = TypeVar("R")

_KEY = re.compile(r"[\x21-\x7e]{1,100}")


class KeyMissing(BadInput):
    """A request that changes something came without a usable idempotency key (HTTP 400)."""


class WritingEndpoint(Endpoint):
    def key(self) -> str:
        """The caller's idempotency key. Raises KeyMissing."""
        key = self.request.headers.get(KEY_HEADER, "")
        if _KEY.fullmatch(key) is None:
            raise KeyMissing(
                {KEY_HEADER: ["Send 1 to 100 visible ASCII characters, for example a UUID."]}
            )
        return key

    def write(
        self,
        service: Callable[..., R],
        *,
        shown: Callable[[R], Any],
        status: int = 200,
        **values: Any,
    ) -> Response:
        """Call service(by, now, key, …) and answer with the record as `shown` puts it.

        A repeat of the same request gets the first answer again, to the letter.
        """
        key = self.key()
        record = service(by=self.person, now=timezone.now(), key=key, **values)
        body = JSONRenderer().render(shown(record)).decode() or "null"
        answer = first_answer(by=self.person, key=key, status=status, body=body)
        headers = {REPLAY_HEADER: "true"} if answer.is_repeat else {}
        return Response(json.loads(answer.body), status=answer.status, headers=headers)
