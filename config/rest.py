"""What every endpoint starts from: nobody may, and lists come in pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.pagination import PageNumberPagination
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

if TYPE_CHECKING:
    # The views import these settings' classes, so they cannot be imported here.
    from rest_framework.views import APIView


class DenyUnlessDeclared(BasePermission):
    """Refuse: an endpoint is open only to those its view names."""

    message = "This endpoint declares no permission, so it is closed: report it."

    def has_permission(self, request: Request, view: APIView) -> bool:
        return False


class Pages(PageNumberPagination):
    page_size = 50
    max_page_size = 500
    page_size_query_param = "page_size"
