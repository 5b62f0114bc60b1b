"""Bringing lines as a table: read, looked at, then taken in whole or discarded."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.parsers import BaseParser
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import Access
from accounts.rest.endpoints import PAGES, Endpoint, Nothing, Shape
from accounts.rest.fields import DecimalText
from accounts.rest.parsers import Uploads
from accounts.rest.schema import operation
from claims import scope
from claims.api.choices import IMPORT_MODES, IMPORT_STATES, INVENTORY_CATEGORIES
from claims.api.inventories import InventoryEndpoint
from claims.models import LineImport
from claims.queries import category_totals
from claims.services.imports import LIMITS, bring_lines, confirm_import, discard_import
from claims.services.line_columns import COLUMNS
from registry.api.evidence import Anything
from registry.tabular import template_csv, template_xlsx

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class TableUploads(Uploads):
    most_bytes = LIMITS.file_bytes + 1024 * 1024


class BringLinesSerializer(Shape):
    file = serializers.FileField(max_length=200, allow_empty_file=True)
    mode = serializers.ChoiceField(IMPORT_MODES, default="append")


class FaultSerializer(serializers.Serializer[Any]):
    row = serializers.IntegerField(allow_null=True, help_text="As a spreadsheet counts.")
    column = serializers.CharField()
    found = serializers.CharField()
    allowed = serializers.CharField()
    action = serializers.CharField()


class CategoryTotalSerializer(serializers.Serializer[Any]):
    category = serializers.ChoiceField(INVENTORY_CATEGORIES)
    lines = serializers.IntegerField()
    tonnes = DecimalText(help_text="t")
    physical_emissions = DecimalText(help_text="t CO2e")


class ImportSerializer(serializers.Serializer[LineImport]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    mode = serializers.ChoiceField(IMPORT_MODES)
    state = serializers.ChoiceField(
        IMPORT_STATES, help_text="ready: to be confirmed; faulty: to be mended and brought again."
    )
    read_as = serializers.CharField(help_text="How the file was understood.")
    rows = serializers.IntegerField(help_text="Rows seen so far.")
    line_count = serializers.IntegerField(help_text="Rows that are well.")
    fault_count = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    confirmed_at = serializers.DateTimeField(allow_null=True)


class ImportPreviewSerializer(ImportSerializer):
    faults = FaultSerializer(many=True, help_text=f"The first {LIMITS.faults} of them.")
    totals = serializers.SerializerMethodField(help_text="What would be added, by category.")

    @extend_schema_field(CategoryTotalSerializer(many=True))
    def get_totals(self, found: LineImport) -> list[dict[str, Any]]:
        totals = category_totals(found.lines.all())
        return list(CategoryTotalSerializer(totals, many=True).data)


def _shown(found: LineImport) -> Any:
    return ImportPreviewSerializer(found).data


class LinesImport(InventoryEndpoint):
    # Narrower on purpose.
    parser_classes: tuple[type[BaseParser], ...] = (TableUploads,)  # type: ignore[assignment]

    @operation(
        "import_inventory_lines",
        given=BringLinesSerializer,
        answer=ImportPreviewSerializer,
        status=201,
    )
    def post(self, request: Request, id: Any) -> Response:
        """Bring a table of lines (CSV, TSV, XLSX) to be looked at, as multipart/form-data.

        Its columns are those of the template; nothing is added before it is confirmed. A large
        table is read in the background: ask for the import until it is ready or faulty.
        """
        inventory = self.own(id)
        given = self.given(BringLinesSerializer)
        return self.write(
            bring_lines,
            shown=_shown,
            status=201,
            inventory=inventory,
            name=given["file"].name,
            content=given["file"].read(),
            mode=given["mode"],
        )


class InventoryImports(InventoryEndpoint):
    model = LineImport
    pagination_class = PAGES

    @operation("list_inventory_imports", answer=ImportSerializer(many=True))
    def get(self, request: Request, id: Any) -> Response:
        """Tables brought to an inventory, newest first."""
        rows = self.own(id).imports.defer("content", "faults")
        return self.listed(rows.order_by("-created_at", "-id"), ImportSerializer)


class ImportEndpoint(InventoryEndpoint):
    def brought(self, id: Any, line_import: Any) -> LineImport:
        return scope.line_import(self.person, id, line_import)


class OneImport(ImportEndpoint):
    @operation("read_inventory_import", answer=ImportPreviewSerializer)
    def get(self, request: Request, id: Any, line_import: Any) -> Response:
        """The preview: what was read, totals by category, and what is wrong by row and column."""
        return Response(_shown(self.brought(id, line_import)))


class ConfirmImport(ImportEndpoint):
    @operation(
        "confirm_inventory_import", given=Nothing, answer=ImportPreviewSerializer, example={}
    )
    def post(self, request: Request, id: Any, line_import: Any) -> Response:
        """Take every line in, or none."""
        found = self.brought(id, line_import)
        self.given(Nothing)
        return self.write(confirm_import, shown=_shown, line_import=found)


class DiscardImport(ImportEndpoint):
    @operation(
        "discard_inventory_import", given=Nothing, answer=ImportPreviewSerializer, example={}
    )
    def post(self, request: Request, id: Any, line_import: Any) -> Response:
        """Put a table away that is not confirmed."""
        found = self.brought(id, line_import)
        self.given(Nothing)
        return self.write(discard_import, shown=_shown, line_import=found)


class _Template(Endpoint):
    access = Access.CLAIMANT
    renderer_classes = (JSONRenderer, Anything)

    def sent(self, content: bytes, media_type: str, ending: str) -> HttpResponse:
        answer = HttpResponse(content, content_type=media_type)
        answer["Content-Disposition"] = f'attachment; filename="lines.{ending}"'
        return answer


class TemplateCsv(_Template):
    @operation("read_lines_template_csv", answer=OpenApiTypes.BINARY)
    def get(self, request: Request) -> HttpResponse:
        """A CSV with the columns of a line and one line as an example."""
        return self.sent(template_csv(COLUMNS), "text/csv; charset=utf-8", "csv")


class TemplateXlsx(_Template):
    @operation("read_lines_template_xlsx", answer=OpenApiTypes.BINARY)
    def get(self, request: Request) -> HttpResponse:
        """A workbook with the columns of a line, their choices, and what each allows."""
        return self.sent(template_xlsx(COLUMNS, "Lines"), _XLSX, "xlsx")
