"""Statements: both inventories side by side, published once; anybody reads them."""

import json
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import Access
from accounts.rest.endpoints import PAGES, Endpoint, Nothing
from accounts.rest.problems import FindingSerializer
from accounts.rest.schema import operation
from claims import scope
from claims.accounting.wording import DISCLOSURE
from claims.api.inventories import InventoryEndpoint
from claims.api.jobs import JobSerializer
from claims.api.statement_files import StatementFileSerializer
from claims.api.words import StatementWordsSerializer, by_our_names, words_of
from claims.models import Opinion, Statement
from claims.queries import latest_job, opinions, opinions_as_data
from claims.services.statements import (
    discard_statement,
    draft_statement,
    publish,
    publish_statement,
    revise_statement,
    submit_statement,
    take_back,
)
from claims.services.stating import Words
from claims.streams import is_long, within
from claims.tracing import marks_of
from claims.transitions import PUBLIC
from registry.api.rows import one


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


class OpinionGivenSerializer(serializers.Serializer[Any]):
    auditor = serializers.CharField()
    opinion = serializers.ChoiceField(Opinion.values)
    text = serializers.CharField()
    given_on = serializers.DateField()
    sha256 = serializers.CharField(help_text="Of the document that it is on.")
    of_this_version = serializers.BooleanField()


class PublishedStatementSerializer(StatementSerializer):
    marks = serializers.SerializerMethodField(
        help_text="Suspensions and corrections of its units since; empty while all stand."
    )

    assurance = serializers.SerializerMethodField(
        help_text="The opinions given, newest first; empty where no auditor gave one."
    )

    @extend_schema_field(OpinionGivenSerializer(many=True))
    def get_assurance(self, row: Any) -> list[dict[str, Any]]:
        return opinions_as_data(opinions(row), row)

    @extend_schema_field(MarkSerializer(many=True))
    def get_marks(self, row: Any) -> list[dict[str, Any]]:
        return [mark.as_dict() for mark in marks_of([row])[row.pk]]


class StatementFilter(django_filters.FilterSet):
    organisation = django_filters.CharFilter(
        field_name="organisation__name", lookup_expr="icontains", max_length=200
    )


class WordsEndpoint(InventoryEndpoint):
    def words(self) -> Words:
        return words_of(self.given(StatementWordsSerializer))


class InventoryStatements(WordsEndpoint):
    model = Statement
    pagination_class = PAGES

    @operation("list_statements", answer=StatementSummarySerializer(many=True))
    def get(self, request: Request, id: Any) -> Response:
        """The statements on an inventory, newest first."""
        return self.listed(_statements().filter(inventory=self.own(id)), StatementSummarySerializer)

    @operation(
        "publish_statement",
        given=StatementWordsSerializer,
        answer=StatementSerializer,
        status=201,
        example={"text": DISCLOSURE},
    )
    def post(self, request: Request, id: Any) -> Response:
        """Publish an inventory with everything claimed on it.

        It replaces the statement before it, which stays readable.
        """
        return self.write(
            _published,
            shown=lambda made: StatementSerializer(one(_statements(), pk=made.pk)).data,
            status=201,
            inventory=self.own(id),
            words=self.words(),
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
    def get(self, request: Request, code: str) -> HttpResponseBase:
        """A statement: its words, both inventories, and what they rest on."""
        found = one(_statements().filter(state__in=PUBLIC), code=code)
        if not is_long(found):
            return Response(PublishedStatementSerializer(found).data)
        # The document of a long one goes from the database to the reader in pieces.
        shape = PublishedStatementSerializer(found)
        shape.fields.pop("document")
        return within(json.loads(JSONRenderer().render(shape.data)), "document", found.pk)


def _statements() -> QuerySet[Statement]:
    related = ("organisation", "inventory", "supersedes", "superseded_by")
    rows = Statement.objects.select_related(*related).defer("document")
    return rows.order_by("-published_at", "-id")


class OwnStatementSerializer(serializers.Serializer[Statement]):
    """A statement in its claimant's hands, in any state."""

    code = serializers.CharField()
    state = serializers.CharField()
    inventory = serializers.UUIDField(source="inventory_id")
    text = serializers.CharField()
    claim_type = serializers.CharField()
    audience = serializers.CharField()
    jurisdictions = serializers.ListField(child=serializers.CharField())
    sourcing = serializers.DictField(allow_null=True, help_text="What SBTi V2 asks (see its form).")
    files = StatementFileSerializer(many=True, help_text="Evidence of the barrier.")
    sha256 = serializers.CharField(help_text="Of the document; empty while it is a draft.")
    findings = FindingSerializer(many=True)
    job = serializers.SerializerMethodField(
        help_text="Of a large inventory, the document is made in the background: how far it is."
    )

    @extend_schema_field(JobSerializer(allow_null=True))
    def get_job(self, row: Statement) -> Any:
        job = latest_job(row)
        return JobSerializer(job).data if job else None


def _published(words: Words, **given: Any) -> Statement:
    with by_our_names():
        return publish_statement(
            text=words.text,
            claim_type=words.claim_type,
            audience=words.audience,
            jurisdictions=words.jurisdictions,
            sourcing=words.sourcing,
            **given,
        )


def _drafted(**given: Any) -> Statement:
    with by_our_names():
        return draft_statement(**given)


def _revised(**given: Any) -> Statement:
    with by_our_names():
        return revise_statement(**given)


def _own(row: Statement) -> Any:
    return OwnStatementSerializer(row).data


class InventoryDrafts(WordsEndpoint):
    model = Statement

    @operation(
        "draft_statement",
        given=StatementWordsSerializer,
        answer=OwnStatementSerializer,
        status=201,
        example={"text": DISCLOSURE},
    )
    def post(self, request: Request, id: Any) -> Response:
        """Start a statement, to submit, have assured and publish later."""
        return self.write(
            _drafted, shown=_own, status=201, inventory=self.own(id), words=self.words()
        )


class OneStatement(WordsEndpoint):
    model = Statement

    @operation("read_own_statement", answer=OwnStatementSerializer)
    def get(self, request: Request, code: str) -> Response:
        """A statement of your organisation, in any state."""
        return Response(_own(scope.statement(self.person, code)))

    @operation(
        "revise_statement",
        given=StatementWordsSerializer,
        answer=OwnStatementSerializer,
        example={
            "text": DISCLOSURE,
            "audience": "corporate_report",
            "jurisdictions": ["EU"],
            "sourcing": {
                "tier": "activity",
                "sourcing_match": "Slab of the region that our rolling mills buy in.",
            },
        },
    )
    def put(self, request: Request, code: str) -> Response:
        """Put other words into a draft; what is not sent becomes what a new draft has."""
        found = scope.statement(self.person, code)
        return self.write(_revised, shown=_own, statement=found, words=self.words())


class _Step(InventoryEndpoint):
    """An action without words on one's own statement."""

    model = Statement

    def step(self, service: Any, code: str) -> Response:
        self.given(Nothing)
        found = scope.statement(self.person, code)
        return self.write(service, shown=_own, statement=found)


class SubmitStatement(_Step):
    @operation("submit_statement", given=Nothing, answer=OwnStatementSerializer, example={})
    def post(self, request: Request, code: str) -> Response:
        """Judge the draft and make its document, which stands still from then on."""
        return self.step(submit_statement, code)


class TakeBackStatement(_Step):
    @operation("take_back_statement", given=Nothing, answer=OwnStatementSerializer, example={})
    def post(self, request: Request, code: str) -> Response:
        """Make a draft of it again; an open engagement closes."""
        return self.step(take_back, code)


class DiscardStatement(_Step):
    @operation("discard_statement", given=Nothing, answer=OwnStatementSerializer, example={})
    def post(self, request: Request, code: str) -> Response:
        """Give up a draft."""
        return self.step(discard_statement, code)


class PublishSubmitted(_Step):
    @operation(
        "publish_submitted_statement", given=Nothing, answer=OwnStatementSerializer, example={}
    )
    def post(self, request: Request, code: str) -> Response:
        """Publish what was submitted, with the opinion if there is one."""
        return self.step(publish, code)
