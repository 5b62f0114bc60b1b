"""Statements: both inventories side by side, published once; anybody reads them."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import Access
from accounts.rest.endpoints import PAGES, Endpoint, Shape
from accounts.rest.fields import Text
from accounts.rest.problems import FindingSerializer
from accounts.rest.schema import operation
from claims.accounting.wording import DISCLOSURE
from claims.api.inventories import InventoryEndpoint
from claims.models import Statement
from claims.services.statements import publish_statement
from claims.tracing import marks_of
from claims.transitions import PUBLIC
from registry.api.rows import one


class PublishStatementSerializer(Shape):
    text = Text(max_length=20_000, help_text="The public words, with the disclosure (9.1).")
    claim_type = Text(max_length=40, default="corporate_inventory")


class StatementSummarySerializer(serializers.Serializer[Statement]):
    code = serializers.CharField()
    organisation = serializers.CharField(source="organisation.name")
    inventory = serializers.CharField(source="inventory.name")
    period_start = serializers.DateField(source="inventory.period_start")
    period_end = serializers.DateField(source="inventory.period_end")
    published_on = serializers.DateField()
    supersedes = serializers.SerializerMethodField(help_text="The code of the one before it.")
    superseded_by = serializers.SerializerMethodField(help_text="Empty while it is the newest.")
    is_demonstration = serializers.BooleanField()

    def get_supersedes(self, row: Any) -> str:
        return row.supersedes.code if row.supersedes else ""

    def get_superseded_by(self, row: Any) -> str:
        newer = getattr(row, "superseded_by", None)
        return newer.code if newer else ""


class StatementSerializer(StatementSummarySerializer):
    text = serializers.CharField()
    edition = serializers.CharField()
    findings = FindingSerializer(many=True)
    document = serializers.DictField(
        help_text="Both inventories with all their inputs: it recomputes to the same digits."
    )


class MarkSerializer(serializers.Serializer[Any]):
    """Why a statement can no longer be relied on as it stands."""

    kind = serializers.ChoiceField(["suspended", "invalid", "adjusted"])
    code = serializers.CharField(help_text="Of the suspension or the adjustment.")
    issuance = serializers.CharField()
    units = serializers.IntegerField()
    reason = serializers.CharField()
    since = serializers.DateField()


class PublishedStatementSerializer(StatementSerializer):
    marks = serializers.SerializerMethodField(
        help_text="Suspensions and corrections of its units since; empty while all stand."
    )

    @extend_schema_field(MarkSerializer(many=True))
    def get_marks(self, row: Any) -> list[dict[str, Any]]:
        return [mark.as_dict() for mark in marks_of([row])[row.pk]]


class StatementFilter(django_filters.FilterSet):
    organisation = django_filters.CharFilter(
        field_name="organisation__name", lookup_expr="icontains", max_length=200
    )


class InventoryStatements(InventoryEndpoint):
    model = Statement
    pagination_class = PAGES

    @operation("list_statements", answer=StatementSummarySerializer(many=True))
    def get(self, request: Request, id: Any) -> Response:
        """The statements on an inventory, newest first."""
        return self.listed(_statements().filter(inventory=self.own(id)), StatementSummarySerializer)

    @operation(
        "publish_statement",
        given=PublishStatementSerializer,
        answer=StatementSerializer,
        status=201,
        example={"text": DISCLOSURE},
    )
    def post(self, request: Request, id: Any) -> Response:
        """Publish an inventory with everything claimed on it.

        It replaces the statement before it, which stays readable.
        """
        return self.write(
            publish_statement,
            shown=lambda made: StatementSerializer(one(_statements(), pk=made.pk)).data,
            status=201,
            inventory=self.own(id),
            **self.given(PublishStatementSerializer),
        )


class PublishedStatements(Endpoint):
    access = Access.PUBLIC
    model = Statement
    pagination_class = PAGES
    filterset_class = StatementFilter

    @operation("list_published_statements", answer=StatementSummarySerializer(many=True))
    def get(self, request: Request) -> Response:
        """Every published statement, newest first."""
        return self.listed(_statements().filter(state__in=PUBLIC), StatementSummarySerializer)


class PublishedStatement(Endpoint):
    access = Access.PUBLIC

    @operation("read_published_statement", answer=PublishedStatementSerializer)
    def get(self, request: Request, code: str) -> Response:
        """A statement: its words, both inventories, and what they rest on."""
        return Response(
            PublishedStatementSerializer(
                one(_statements().filter(state__in=PUBLIC), code=code)
            ).data
        )


def _statements() -> QuerySet[Statement]:
    related = ("organisation", "inventory", "supersedes", "superseded_by")
    return Statement.objects.select_related(*related).order_by("-published_at", "-id")
