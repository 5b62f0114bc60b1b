"""The operator's admin of organisations, people, accounts and rights.

Every write goes through accounts.services and accounts.permissions, where the invariants live.
"""

from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.db.models import Prefetch, QuerySet
from django.forms import BaseInlineFormSet
from django.http import HttpRequest
from django.utils import timezone

from accounts import blocks, services
from accounts.admin_forms import MembershipForm, OrganisationForm, PersonForm, RightForm
from accounts.admin_rights import revoke_operator_admin
from accounts.models import (
    Account,
    AccountBlock,
    AccountUserObjectPermission,
    Membership,
    Organisation,
    OrganisationRole,
    User,
)
from accounts.permissions import Right, grant, is_operator, revoke
from accounts.read_only import ReadOnlyAdmin, ReadOnlyInline
from accounts.roles import Role

admin.site.site_header = admin.site.site_title = "Billet: the registry's operator"
admin.site.index_title = "Reference data and organisations"
# One way to sign in for everybody: the portal's, with its second factor and its limits.
# Allauth's own way to guard it.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]


class _NoDelete:
    """Records name them for ever."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class _AddOrRemove(admin.TabularInline):
    """Rows that are added or removed, never edited; the form knows who asks."""

    extra = 1

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        formset.form.request = request  # type: ignore[attr-defined]  # one of _OfOthers
        return formset


class MembershipInline(_AddOrRemove):
    model = Membership
    form = MembershipForm
    fields = ("email", "person")
    readonly_fields = ("person",)

    def email(self, obj: Membership) -> str:
        return obj.user.email

    def person(self, obj: Membership) -> str:
        return obj.user.name if obj.pk else ""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        return super().get_queryset(request).select_related("user", "organisation")


class AccountInline(ReadOnlyInline):
    model = Account
    fields = ("number", "name", "approval_required")
    show_change_link = True


@admin.register(Organisation)
class OrganisationAdmin(_NoDelete, admin.ModelAdmin):
    form = OrganisationForm
    fields = ("name", "country", "registered_as", "roles", "is_demonstration")
    list_display = ("name", "country", "roles", "is_demonstration")
    list_filter = ("role_rows__role", "is_demonstration")
    search_fields = ("name", "registered_as")
    ordering = ("name",)
    inlines = (MembershipInline, AccountInline)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Organisation]:
        rows = Prefetch("role_rows", OrganisationRole.objects.order_by("role"))
        return super().get_queryset(request).prefetch_related(rows)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("is_demonstration",) if obj else ()

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return self.inlines if obj else ()

    @admin.display(description="roles")
    def roles(self, obj: Organisation) -> str:
        return ", ".join(Role(row.role).label for row in obj.role_rows.all())

    def save_model(self, request: HttpRequest, obj: Organisation, form: Any, change: bool) -> None:
        given = form.cleaned_data
        values = {name: given[name] for name in ("name", "country", "registered_as", "roles")}
        if change:
            services.change_organisation(organisation=obj, **values)
            return
        made = services.register_organisation(**values, is_demonstration=given["is_demonstration"])
        # The admin goes on with its own object: it is the one just made.
        obj.__dict__.update(made.__dict__)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        organisation: Organisation = formset.instance
        for removed in _removed(formset):
            services.remove_member(user=removed.user, organisation=organisation)
            if removed.user.is_staff and not is_operator(removed.user):
                revoke_operator_admin(removed.user)
        formset.new_objects = [
            services.add_member(user=added["email"], organisation=organisation)
            for added in _added(formset)
        ]


class _OfAccount(BaseInlineFormSet):
    """Tells each form whose members it may name."""

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        return {**super().get_form_kwargs(index), "account": self.instance}


class RightInline(_AddOrRemove):
    model = AccountUserObjectPermission
    form = RightForm
    formset = _OfAccount
    fields = ("user", "right")
    verbose_name = "right"
    verbose_name_plural = "rights of members"

    def right(self, obj: AccountUserObjectPermission) -> str:
        return obj.permission.name

    def get_queryset(self, request: HttpRequest) -> QuerySet[AccountUserObjectPermission]:
        joined = ("user", "permission__content_type", "content_object")
        return super().get_queryset(request).select_related(*joined)


@admin.register(Account)
class AccountAdmin(_NoDelete, admin.ModelAdmin):
    fields = ("organisation", "number", "name", "approval_required")
    list_display = ("number", "name", "organisation", "approval_required")
    list_select_related = ("organisation",)
    list_filter = ("approval_required",)
    search_fields = ("number", "name", "organisation__name")
    ordering = ("number",)
    inlines = (RightInline,)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("organisation", "number") if obj else ("number",)

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return self.inlines if obj else ()

    def save_model(self, request: HttpRequest, obj: Account, form: Any, change: bool) -> None:
        given = form.cleaned_data
        values = {name: given[name] for name in ("name", "approval_required")}
        if change:
            services.change_account(account=obj, **values)
            return
        made = services.open_account(organisation=given["organisation"], **values)
        obj.__dict__.update(made.__dict__)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        account: Account = formset.instance
        for removed in _removed(formset):
            right = Right(removed.permission.codename)
            revoke(user=removed.user, account=account, rights={right})
        formset.new_objects = [
            _granted(added["user"], account, Right(added["right"])) for added in _added(formset)
        ]


@admin.register(AccountBlock)
class AccountBlockAdmin(ReadOnlyAdmin):
    """Blocks that a failed reconciliation set; the operator lifts them here."""

    list_display = ("account", "reason", "at", "lifted_at", "lifted_by")
    list_select_related = ("account", "lifted_by")
    list_filter = (("lifted_at", admin.EmptyFieldListFilter),)
    search_fields = ("account__number", "reason")
    ordering = ("-at",)
    actions = ("lift",)

    @admin.action(description="Lift the selected blocks: units move again")
    def lift(self, request: HttpRequest, queryset: QuerySet[AccountBlock]) -> None:
        acting: Any = request.user
        lifted = blocks.lift(by=acting, blocks=queryset, now=timezone.now())
        self.message_user(request, f"{lifted} blocks lifted.")


class MembershipsOfPerson(ReadOnlyInline):
    model = Membership
    fields = ("organisation",)


@admin.register(User)
class UserAdmin(_NoDelete, admin.ModelAdmin):
    """People. Nobody sets a password here: they reset it themselves."""

    form = PersonForm
    list_display = ("email", "name", "is_active", "is_staff")
    list_filter = ("is_active", "is_staff")
    search_fields = ("email", "name")
    ordering = ("email",)
    inlines = (MembershipsOfPerson,)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        named = ("email", "name")
        return (*named, "is_active", "is_staff", "last_login", "joined_at") if obj else named

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        # An address changed by an operator would be a way to another person's password.
        return ("email", "is_staff", "last_login", "joined_at") if obj else ()

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return self.inlines if obj else ()

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A superuser is changed by superusers alone."""
        acting: Any = request.user
        if obj is not None and obj.is_superuser and not acting.is_superuser:
            return False
        return bool(super().has_change_permission(request, obj))

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        if change:
            services.change_person(user=obj, **form.cleaned_data)
            return
        made = services.register_person(**form.cleaned_data)
        obj.__dict__.update(made.__dict__)


def _granted(user: User, account: Account, right: Right) -> AccountUserObjectPermission:
    grant(user=user, account=account, rights={right})
    return AccountUserObjectPermission.objects.get(
        user=user, content_object=account, permission__codename=right.value
    )


def _removed(formset: Any) -> list[Any]:
    """The rows to remove; noted for the admin's own log, as saving the formset would."""
    formset.deleted_objects = [form.instance for form in formset.deleted_forms if form.instance.pk]
    formset.changed_objects = []
    return list(formset.deleted_objects)


def _added(formset: Any) -> list[dict[str, Any]]:
    return [
        form.cleaned_data
        for form in formset.extra_forms
        if form.has_changed() and form not in formset.deleted_forms
    ]
