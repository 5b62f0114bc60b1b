"""Evidence files: handed out to who may read their production, never shown in the browser."""

from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpRequest
from django.views.decorators.http import require_safe

from accounts.access import Access, access
from registry import scope


@access(Access.SIGNED_IN)
@require_safe
def evidence(request: HttpRequest, pk: UUID) -> FileResponse:
    user: Any = request.user
    return handed_out(scope.evidence(user, pk))


def handed_out(found: Any) -> FileResponse:
    """As an attachment of the type its content has; a browser neither guesses nor runs it.

    found: a record of a file, with its name and media_type.
    """
    response = FileResponse(
        found.file.open("rb"),
        as_attachment=True,
        filename=found.name,
        content_type=found.media_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
