"""Units on other registries: the operator's lists and aliases, a producer's declarations (6.2)."""

from typing import Any

from rest_framework import serializers
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import Access
from accounts.rest.endpoints import PAGES, Nothing, Shape
from accounts.rest.fields import Choice, Day, Text, WholeNumber
from accounts.rest.parsers import Uploads
from accounts.rest.schema import operation
from registry.api import rows
from registry.api.choices import FUNCTIONAL_UNITS
from registry.api.writing import WritingEndpoint
from registry.errors import BadInput
from registry.models import ElsewhereIssuance, Site, SiteAlias
from registry.models.fields import MOST_TONNES
from registry.services.audit_facts import issued_elsewhere
from registry.services.elsewhere import (
    LIMITS,
    LIST,
    MOST_LINES,
    Change,
    declare_elsewhere,
    record_alias,
    record_list,
    remove_alias,
)
from registry.tabular import read_file


class ListedIssuanceSerializer(Shape):
    reference = Text(max_length=100, help_text="How the other registry names the issuance.")
    site = Text(max_length=60, help_text="The site's code here, or an alias.")
    functional_unit = Choice(FUNCTIONAL_UNITS)
    period_start = Day()
    period_end = Day()
    units = WholeNumber(
        min_value=0, max_value=MOST_TONNES, help_text="0: cancelled there, not counted any more."
    )


class RecordListSerializer(Shape):
    registry = Text(max_length=100)
    issuances = serializers.ListField(
        child=ListedIssuanceSerializer(), min_length=1, max_length=MOST_LINES
    )


class ListFileSerializer(Shape):
    registry = Text(max_length=100)
    file = serializers.FileField(max_length=200)


class ChangeSerializer(serializers.Serializer[Change]):
    new = serializers.SerializerMethodField()
    changed = serializers.SerializerMethodField()
    removed = serializers.SerializerMethodField()
    same = serializers.IntegerField()
    unmatched = serializers.ListField(
        child=serializers.CharField(), help_text="Names that no site here has as code or alias."
    )

    def get_new(self, row: Any) -> int:
        return len(row.new)

    def get_changed(self, row: Any) -> int:
        return len(row.changed)

    def get_removed(self, row: Any) -> int:
        return len(row.removed)


class DeclareElsewhereSerializer(Shape):
    registry = Text(max_length=100)
    reference = Text(max_length=100)
    functional_unit = Choice(FUNCTIONAL_UNITS)
    period_start = Day()
    period_end = Day()
    units = WholeNumber(min_value=1, max_value=MOST_TONNES)


class ElsewhereSerializer(serializers.Serializer[ElsewhereIssuance]):
    id = serializers.UUIDField()
    registry = serializers.CharField()
    reference = serializers.CharField()
    site = serializers.SerializerMethodField(help_text="As it was named: a code or an alias.")
    functional_unit = serializers.CharField()
    period_start = serializers.DateField()
    period_end = serializers.DateField()
    units = serializers.IntegerField()
    told_by = serializers.CharField(
        source="source", help_text="list, or producer for its own declaration."
    )

    def get_site(self, row: Any) -> str:
        return row.site.code if row.site else row.identifier


class RecordAliasSerializer(Shape):
    site = Text(max_length=12)
    identifier = Text(max_length=60, help_text="Such as a Global Energy Monitor id.")


class AliasSerializer(serializers.Serializer[SiteAlias]):
    id = serializers.UUIDField()
    site = serializers.CharField(source="site.code")
    identifier = serializers.CharField()


_DECLARED = {
    "registry": "Another Registry",
    "reference": "ISS-2025-0001",
    "functional_unit": "iron",
    "period_start": "2025-01-01",
    "period_end": "2025-12-31",
    "units": 1000,
}
_LISTED = {name: value for name, value in _DECLARED.items() if name != "registry"}


class Elsewhere(WritingEndpoint):
    access = Access.OPERATOR
    model = ElsewhereIssuance
    pagination_class = PAGES

    @operation("list_elsewhere", answer=ElsewhereSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Everything known of units on other registries, newest first."""
        found = ElsewhereIssuance.objects.select_related("site")
        ordered = found.order_by("-recorded_at", "registry", "reference")
        return self.listed(ordered, ElsewhereSerializer)

    @operation(
        "record_elsewhere",
        given=RecordListSerializer,
        answer=ChangeSerializer,
        example={
            "registry": "Another Registry",
            "issuances": [{**_LISTED, "site": "P100000120001"}],
        },
    )
    def post(self, request: Request) -> Response:
        """Record another registry's list (R086). Lines that it leaves out stay as they are."""
        given = self.given(RecordListSerializer)
        lines = [dict(line) for line in given["issuances"]]
        return _recorded(self, given["registry"], lines)


class ElsewhereFile(WritingEndpoint):
    access = Access.OPERATOR
    # Narrower on purpose.
    parser_classes: tuple[type[BaseParser], ...] = (Uploads,)  # type: ignore[assignment]

    @operation("record_elsewhere_file", given=ListFileSerializer, answer=ChangeSerializer)
    def post(self, request: Request) -> Response:
        """Record another registry's list from a CSV or XLSX file, as multipart/form-data.

        Its first row names the columns Issuance, Site, Functional unit, First day, Last day, Units.
        """
        given = self.given(ListFileSerializer)
        table = read_file(given["file"].name, given["file"].read(), LIST, LIMITS)
        if not table.is_good:
            raise BadInput({"file": table.texts()})
        return _recorded(self, given["registry"], [dict(row.values) for row in table.rows])


class SiteElsewhere(WritingEndpoint):
    access = Access.PRODUCER
    model = ElsewhereIssuance
    pagination_class = PAGES

    @operation("list_site_elsewhere", answer=ElsewhereSerializer(many=True))
    def get(self, request: Request, code: str) -> Response:
        """What is known of the units of one of your sites on other registries."""
        found = issued_elsewhere(self._site(code)).select_related("site")
        return self.listed(found.order_by("-period_start", "id"), ElsewhereSerializer)

    @operation(
        "declare_elsewhere",
        given=DeclareElsewhereSerializer,
        answer=ElsewhereSerializer,
        status=201,
        example=_DECLARED,
    )
    def post(self, request: Request, code: str) -> Response:
        """Declare units that another registry issued for your site (R086)."""
        return self.write(
            declare_elsewhere,
            shown=lambda row: ElsewhereSerializer(row).data,
            status=201,
            site=self._site(code),
            values=self.given(DeclareElsewhereSerializer),
        )

    def _site(self, code: str) -> Site:
        return rows.one(rows.sites(self.person), code=code)


class SiteAliases(WritingEndpoint):
    access = Access.OPERATOR
    model = SiteAlias
    pagination_class = PAGES

    @operation("list_site_aliases", answer=AliasSerializer(many=True))
    def get(self, request: Request) -> Response:
        """How other registers name the sites here."""
        found = SiteAlias.objects.select_related("site")
        return self.listed(found.order_by("identifier"), AliasSerializer)

    @operation(
        "record_site_alias",
        given=RecordAliasSerializer,
        answer=AliasSerializer,
        status=201,
        example={"site": "LULEA1", "identifier": "P100000120001"},
    )
    def post(self, request: Request) -> Response:
        """Record how another register names a site."""
        given = self.given(RecordAliasSerializer)
        return self.write(
            record_alias,
            shown=lambda row: AliasSerializer(row).data,
            status=201,
            site=rows.one(Site.objects.all(), code=given["site"]),
            identifier=given["identifier"],
        )


class OneSiteAlias(WritingEndpoint):
    access = Access.OPERATOR

    @operation("remove_site_alias", answer=None, status=204)
    def delete(self, request: Request, id: Any) -> Response:
        """Take back an alias recorded by mistake."""
        alias = rows.one(SiteAlias.objects.all(), pk=id)
        self.given(Nothing)
        return self.write(remove_alias, shown=lambda _: None, status=204, alias=alias)


def _recorded(endpoint: WritingEndpoint, registry: str, lines: list[dict[str, Any]]) -> Response:
    return endpoint.write(
        record_list,
        shown=lambda change: ChangeSerializer(change).data,
        registry=registry,
        lines=lines,
    )
