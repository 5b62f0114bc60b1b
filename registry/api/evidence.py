"""Evidence files: up by the producer, down by whoever may see the production."""

from typing import Any

from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import Access
from accounts.rest.endpoints import Endpoint
from accounts.rest.parsers import Uploads
from accounts.rest.schema import operation
from registry import scope
from registry.api import rows
from registry.api.production_shapes import AddEvidenceSerializer, EvidenceSerializer
from registry.api.writing import WritingEndpoint
from registry.services.productions import add_evidence


class ProductionEvidence(WritingEndpoint):
    access = Access.PRODUCER
    # Narrower on purpose.
    parser_classes: tuple[type[BaseParser], ...] = (Uploads,)  # type: ignore[assignment]

    @operation("add_evidence", given=AddEvidenceSerializer, answer=EvidenceSerializer, status=201)
    def post(self, request: Request, id: Any) -> Response:
        """Attach a file to a draft or returned application, as multipart/form-data.

        At most 20 MiB; PDF, PNG, JPEG, XLSX, CSV, TXT or JSON, by content. The same file twice
        is one evidence.
        """
        production = rows.one(rows.productions(self.person), pk=id)
        given = self.given(AddEvidenceSerializer)
        return self.write(
            add_evidence,
            shown=lambda evidence: EvidenceSerializer(evidence).data,
            status=201,
            production=production,
            kind=given["kind"],
            name=given["file"].name,
            file=given["file"],
        )


class Anything(BaseRenderer):
    """Lets a client ask for the file by its own media type; problems stay JSON."""

    media_type = "*/*"
    format = "file"
    charset = None

    def render(self, data: Any, *args: Any, **kwargs: Any) -> bytes:
        return JSONRenderer().render(data)


class EvidenceFile(Endpoint):
    access = Access.SIGNED_IN
    renderer_classes = (JSONRenderer, Anything)

    @operation("read_evidence", answer=OpenApiTypes.BINARY)
    def get(self, request: Request, id: Any) -> FileResponse:
        """The file itself.

        For its producer, the auditor engaged on the production, and the operator.
        """
        found = scope.evidence(self.person, id)
        return FileResponse(
            found.file.open("rb"),
            as_attachment=True,
            filename=found.name,
            content_type=found.media_type,
        )
