"""Who am I, my accounts, who is registered; and what each kind of error means."""

from typing import Any, cast

import django_filters
from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import Access
from accounts.errors import NotVisible
from accounts.models import Account, Organisation, OrganisationRole
from accounts.permissions import Right, accounts_with, organisations_of
from accounts.rest.endpoints import PAGES, Endpoint
from accounts.rest.problems import KINDS
from accounts.rest.schema import operation
from accounts.roles import Role

_RIGHTS = {right: right.name.lower() for right in Right}
_ROLES = [role.value for role in Role]


class OrganisationSerializer(serializers.Serializer[Organisation]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    country = serializers.CharField()
    roles = serializers.SerializerMethodField()
    is_demonstration = serializers.BooleanField()

    def get_roles(self, row: Any) -> list[str]:
        return [each.role for each in row.role_rows.all()]


class MeSerializer(serializers.Serializer[Any]):
    """The person you act as, and the organisations you act for."""

    name = serializers.CharField()
    email = serializers.CharField()
    organisations = OrganisationSerializer(many=True)
    scopes = serializers.ListField(
        child=serializers.CharField(), help_text="Of the access token; empty in a session."
    )


class AccountSerializer(serializers.Serializer[Account]):
    number = serializers.CharField()
    name = serializers.CharField()
    organisation = serializers.UUIDField(source="organisation_id")
    approval_required = serializers.BooleanField(
        help_text="A transfer out of it waits for a second person."
    )
    rights = serializers.SerializerMethodField(help_text="Yours: view, initiate, approve.")

    def get_rights(self, row: Any) -> list[str]:
        held: dict[Right, set[Any]] = self.context.get("rights", {})
        return [name for right, name in _RIGHTS.items() if row.pk in held.get(right, ())]


class KindSerializer(serializers.Serializer[Any]):
    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    meaning = serializers.CharField()


class OrganisationFilter(django_filters.FilterSet):
    role = django_filters.ChoiceFilter(
        field_name="role_rows__role", choices=[(each, each) for each in _ROLES]
    )
    name = django_filters.CharFilter(lookup_expr="icontains", max_length=200)


class Me(Endpoint):
    access = Access.SIGNED_IN

    @operation("who_am_i", answer=MeSerializer)
    def get(self, request: Request) -> Response:
        """Who you are, and for whom you act."""
        person, token = self.person, cast(Any, request.auth)
        me = {
            "name": person.name,
            "email": person.email,
            "organisations": _with_roles(organisations_of(person)),
            "scopes": token.scope.split() if token else [],
        }
        return Response(MeSerializer(me).data)


class Accounts(Endpoint):
    access = Access.SIGNED_IN
    pagination_class = PAGES

    @operation("list_accounts", answer=AccountSerializer(many=True))
    def get(self, request: Request) -> Response:
        """The accounts you may see, with your rights in each."""
        page: Any = self.paginate_queryset(
            accounts_with(self.person, Right.VIEW).order_by("number")
        )
        rights = {
            right: set(accounts_with(self.person, right).values_list("pk", flat=True))
            for right in Right
        }
        shown = AccountSerializer(page, many=True, context={"rights": rights})
        return self.get_paginated_response(shown.data)


class Organisations(Endpoint):
    access = Access.SIGNED_IN
    model = Organisation
    filterset_class = OrganisationFilter
    pagination_class = PAGES

    @operation("list_organisations", answer=OrganisationSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Who is registered: to name a buyer, or an auditor."""
        return self.listed(_with_roles(Organisation.objects.all()), OrganisationSerializer)


class Problem(Endpoint):
    access = Access.PUBLIC

    @operation("explain_problem", answer=KindSerializer)
    def get(self, request: Request, name: str) -> Response:
        """What a kind of error means, and what to do about it."""
        kind = KINDS.get(name)
        if kind is None:
            raise NotVisible(f"There is no problem called {name}.")
        shown = {
            "type": request.path,
            "title": kind.title,
            "status": kind.status,
            "meaning": kind.meaning,
        }
        return Response(KindSerializer(shown).data)


@extend_schema(exclude=True)
class NoSuchAddress(Endpoint):
    """Whatever the method, there is nothing here."""

    access = Access.PUBLIC

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        raise NotVisible("There is nothing at this address. Every address ends with a slash.")


def _with_roles(rows: QuerySet[Organisation]) -> QuerySet[Organisation]:
    roles = OrganisationRole.objects.order_by("role")
    return rows.prefetch_related(Prefetch("role_rows", queryset=roles)).order_by("name")
