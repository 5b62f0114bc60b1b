"""Notices to one's organisations."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import Access
from accounts.rest.endpoints import PAGES, Nothing
from accounts.rest.schema import operation
from registry import scope
from registry.api.writing import WritingEndpoint
from registry.models import Notice
from registry.services.notices import read_notices


class NoticeSerializer(serializers.Serializer[Notice]):
    id = serializers.UUIDField()
    organisation = serializers.CharField(source="organisation.name")
    kind = serializers.CharField(help_text="A word that a program can act on.")
    about_type = serializers.CharField(help_text="The kind of record it is about.")
    about_id = serializers.UUIDField(allow_null=True)
    text = serializers.CharField()
    url = serializers.CharField(help_text="The page that leads to the action.")
    at = serializers.DateTimeField()
    read_at = serializers.DateTimeField(allow_null=True)


class Notices(WritingEndpoint):
    access = Access.SIGNED_IN
    model = Notice
    pagination_class = PAGES

    @operation("list_notices", answer=NoticeSerializer(many=True))
    def get(self, request: Request) -> Response:
        """What your organisations were told, newest first."""
        rows = scope.notices_of(self.person).select_related("organisation")
        return self.listed(rows.order_by("-at", "-id"), NoticeSerializer)


class NoticeReading(WritingEndpoint):
    access = Access.SIGNED_IN

    @operation("read_notice", answer=NoticeSerializer)
    def post(self, request: Request, id: Any) -> Response:
        """Put a notice away. It stays in the list."""
        found = scope.notice(self.person, id)
        self.given(Nothing)
        return self.write(
            read_notices,
            shown=lambda _: NoticeSerializer(scope.notice(self.person, id)).data,
            organisation=found.organisation,
            notice=found.pk,
        )
