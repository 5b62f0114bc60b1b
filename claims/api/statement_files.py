"""Files of evidence of a statement: up by the claimant, down by claimant and engaged auditor."""

from typing import Any

from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers
from rest_framework.parsers import BaseParser
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import Access
from accounts.rest.endpoints import Endpoint, Shape
from accounts.rest.parsers import Uploads
from accounts.rest.schema import operation
from claims import scope
from claims.api.inventories import InventoryEndpoint
from claims.models import StatementFile
from claims.services.statement_files import attach_file
from registry.api.evidence import Anything


class AttachFileSerializer(Shape):
    file = serializers.FileField(max_length=200)


class StatementFileSerializer(serializers.Serializer[StatementFile]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    media_type = serializers.CharField()
    size = serializers.IntegerField(help_text="bytes")
    sha256 = serializers.CharField()
    uploaded_at = serializers.DateTimeField()


class StatementFiles(InventoryEndpoint):
    # Narrower on purpose.
    parser_classes: tuple[type[BaseParser], ...] = (Uploads,)  # type: ignore[assignment]

    @operation(
        "attach_statement_file",
        given=AttachFileSerializer,
        answer=StatementFileSerializer,
        status=201,
    )
    def post(self, request: Request, code: str) -> Response:
        """Attach evidence of what a draft records for SBTi V2, as multipart/form-data.

        At most 20 MiB; PDF, PNG, JPEG, XLSX, CSV, TXT or JSON, by content. The same file twice
        is one.
        """
        given = self.given(AttachFileSerializer)
        return self.write(
            attach_file,
            shown=lambda made: StatementFileSerializer(made).data,
            status=201,
            statement=scope.statement(self.person, code),
            name=given["file"].name,
            file=given["file"],
        )


class OneStatementFile(Endpoint):
    access = Access.SIGNED_IN
    renderer_classes = (JSONRenderer, Anything)

    @operation("read_statement_file", answer=OpenApiTypes.BINARY)
    def get(self, request: Request, id: Any) -> FileResponse:
        """The file itself, for the claimant and the auditor engaged on its statement."""
        found = scope.statement_file(self.person, id)
        return FileResponse(
            found.file.open("rb"),
            as_attachment=True,
            filename=found.name,
            content_type=found.media_type,
        )
