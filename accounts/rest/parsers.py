"""Request bodies: bounded, UTF-8, and without anything that two readers could read differently."""

import json
from collections.abc import Mapping
from typing import IO, Any, NoReturn

from django.conf import settings
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import BaseParser, DataAndFiles, MultiPartParser


class TooLarge(APIException):
    status_code = 413
    default_detail = "The request is larger than this endpoint takes."


class StrictJSON(BaseParser):
    """JSON as RFC 8259 has it. Refuses NaN, a name given twice, half a surrogate pair, and more
    than DATA_UPLOAD_MAX_MEMORY_SIZE bytes, which Django checks only where it reads the body."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        # None is not set here.
        most: int = settings.DATA_UPLOAD_MAX_MEMORY_SIZE  # type: ignore[assignment]
        body = stream.read(most + 1)
        if len(body) > most:
            raise TooLarge(f"The request is larger than {most} bytes. Send it in parts.")
        try:
            data = json.loads(
                body.decode("utf-8-sig"), parse_constant=_constant, object_pairs_hook=_object
            )
            # Text that UTF-8 cannot carry could be neither stored nor quoted in an answer.
            json.dumps(data, ensure_ascii=False).encode("utf-8")
        except RecursionError:
            raise ParseError("The JSON is nested too deeply.") from None
        except ValueError as error:
            raise ParseError(f"The body is not JSON in UTF-8: {_printable(str(error))}") from None
        return data


class Uploads(MultiPartParser):
    """Multipart with files. most_bytes: of the whole request; its fields are always UTF-8."""

    most_bytes = 21 * 1024 * 1024

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> "DataAndFiles[Any, Any]":
        context = {**(parser_context or {}), "encoding": "utf-8"}
        length = context["request"].META.get("CONTENT_LENGTH") or 0
        if int(length) > self.most_bytes:
            raise TooLarge(f"The request is larger than {self.most_bytes // 1024 // 1024} MiB.")
        return super().parse(stream, media_type, context)


def _constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON number")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the name {twice[:100]!r} stands twice in one object")
    return found


def _printable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
