"""The base of every endpoint: who may, what was given, in pages."""

from typing import Any, ClassVar, cast

from django.db.models import Model, QuerySet
from rest_framework.exceptions import ValidationError
from rest_framework.generics import GenericAPIView
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer, Serializer
from rest_framework.settings import api_settings

from accounts.access import Access, Declared
from accounts.errors import NotVisible, Refused
from accounts.models import Organisation, User
from accounts.permissions import organisations_of
from accounts.rest.parsers import StrictJSON
from accounts.rest.schema import Schema

# Lists name it; whatever else an endpoint answers is no page.
PAGES = cast("type[BasePagination]", api_settings.DEFAULT_PAGINATION_CLASS)
_SAFE = ("GET", "HEAD", "OPTIONS")


class Shape(Serializer[Any]):
    """What a request may hold: a name that is not asked for is an error, not ignored."""

    def to_internal_value(self, data: Any) -> Any:
        errors: dict[str, Any] = {}
        if isinstance(data, dict):
            unknown = sorted(set(data) - set(self.fields))
            errors = {name[:100]: ["There is no such field here."] for name in unknown}
        try:
            values = super().to_internal_value(data)
        except ValidationError as error:
            raise ValidationError({**cast("dict[str, Any]", error.detail), **errors}) from error
        if errors:
            raise ValidationError(errors)
        return values


class Nothing(Shape):
    """An action that needs no words: an empty body, or an empty object."""


class Endpoint(GenericAPIView[Any]):
    """access: who may reach it; a token also needs the scope of the method.

    model: what a list is of, for whoever describes the interface; no row is read through it.
    """

    access: ClassVar[Access]
    model: ClassVar[type[Model]] = User
    pagination_class: type[BasePagination] | None = None
    permission_classes = (Declared,)
    parser_classes = (StrictJSON,)
    metadata_class = None
    schema = Schema()

    def get_queryset(self) -> QuerySet[Any]:
        return self.model._default_manager.none()

    def check_permissions(self, request: Request) -> None:
        super().check_permissions(request)
        token: Any = request.auth
        if self.access is Access.PUBLIC or token is None:
            return
        scope = "read" if request.method in _SAFE else "write"
        if not token.allow_scopes([scope]):
            raise Refused(
                found=f"This access token has the scope '{token.scope}'.",
                allowed=f"{request.method} needs the scope '{scope}'.",
                action=f"Ask for a token with the scope '{scope}'.",
            )

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        if self.access is not Access.PUBLIC:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return super().finalize_response(request, response, *args, **kwargs)

    @property
    def person(self) -> User:
        return cast(User, self.request.user)

    def given(self, shape: type[Shape]) -> dict[str, Any]:
        """The request's body in this shape. Raises ValidationError with every error at once."""
        checked = shape(data=self.request.data)
        checked.is_valid(raise_exception=True)
        return dict(checked.validated_data)

    def own_organisation(self, id: Any) -> Organisation:
        """An organisation the person acts for; NotVisible for any other."""
        found = organisations_of(self.person).filter(pk=id).first()
        if found is None:
            raise NotVisible(f"You act for no organisation with the id {id}.")
        return found

    def listed(self, rows: QuerySet[Any], serializer: type[BaseSerializer[Any]]) -> Response:
        """One page of the rows, narrowed by the endpoint's filters."""
        page = self.paginate_queryset(self.filter_queryset(rows))
        return self.get_paginated_response(serializer(page, many=True).data)
