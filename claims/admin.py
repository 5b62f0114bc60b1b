"""The claims' records in the operator's admin: to look at, and what is kept through services."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from accounts.read_only import ReadOnlyAdmin, ReadOnlyInline
from claims.models import (
    Assurance,
    Claim,
    Inventory,
    ProgrammeAcceptance,
    Statement,
    StatementFile,
    StatementStep,
)
from claims.services.acceptance import keep_acceptance
from registry.admin import first_lines

_MOST_LINES = 20


@admin.register(Inventory)
class InventoryAdmin(ReadOnlyAdmin):
    list_display = ("name", "organisation", "period_start", "period_end")
    list_select_related = ("organisation",)
    list_filter = ("is_demonstration",)
    search_fields = ("name", "organisation__name")
    ordering = ("-period_end",)
    readonly_fields = ("lines_in_short",)

    @admin.display(description="lines")
    def lines_in_short(self, obj: Inventory) -> SafeString:
        """The first of them, and how many there are: an inventory may have 100,000."""
        first = obj.lines.order_by("id")[:_MOST_LINES]
        rows = ((each.name, each.category, each.material) for each in first)
        shown = format_html_join(", ", "{} ({}, {})", rows)
        return format_html("{}: {}", f"{obj.lines.count():,}", shown)


@admin.register(Claim)
class ClaimAdmin(ReadOnlyAdmin):
    list_display = ("code", "organisation", "inventory", "method", "volume", "claimed_on")
    list_select_related = ("organisation", "inventory")
    list_filter = ("method", "is_demonstration")
    search_fields = ("code", "organisation__name")
    ordering = ("-claimed_at",)
    readonly_fields = ("units", "shares_in_short")
    exclude = ("inputs", "result")

    def units(self, obj: Claim) -> SafeString:
        return first_lines(obj.ranges.all())

    @admin.display(description="lines")
    def shares_in_short(self, obj: Claim) -> SafeString:
        """The first of them, and how many there are: a claim may be on 100,000 lines."""
        first = obj.shares.select_related("line").order_by("line_id", "id")[:_MOST_LINES]
        rows = ((each.line.name, each.volume, each.reduction_emissions) for each in first)
        shown = format_html_join(", ", "{} ({} t, {} t CO2e)", rows)
        return format_html("{}: {}", f"{obj.shares.count():,}", shown)


class StepInline(ReadOnlyInline):
    model = StatementStep
    fields = ("from_state", "to_state", "by", "at", "note")
    ordering = ("at",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[StatementStep]:
        return super().get_queryset(request).select_related("by")


class AssuranceInline(ReadOnlyInline):
    model = Assurance
    fields = ("auditor", "state", "opinion", "opened_at", "ended_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Assurance]:
        return super().get_queryset(request).select_related("auditor")


class FileInline(ReadOnlyInline):
    model = StatementFile
    fields = ("name", "media_type", "size", "sha256", "uploaded_at")


@admin.register(Statement)
class StatementAdmin(ReadOnlyAdmin):
    """exclude document: it may hold 100,000 lines; its page leads to it."""

    list_display = ("code", "organisation", "inventory", "state", "published_on", "public_page")
    list_select_related = ("organisation", "inventory")
    list_filter = ("state", "is_demonstration")
    search_fields = ("code", "organisation__name")
    ordering = ("-id",)
    exclude = ("document", "summary")
    inlines = (StepInline, AssuranceInline, FileInline)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Statement]:
        return super().get_queryset(request).defer("document", "summary")

    @admin.display(description="public page")
    def public_page(self, obj: Statement) -> SafeString | str:
        if obj.published_on is None:
            return "not published"
        address = reverse("statements:statement", args=[obj.code])
        return format_html('<a href="{}">open</a>', address)


@admin.register(ProgrammeAcceptance)
class ProgrammeAcceptanceAdmin(admin.ModelAdmin):
    """What statements say of where they are accepted: kept by the operator, never removed."""

    list_display = ("programme", "question", "status", "checked_on", "updated_at")
    list_filter = ("status",)
    search_fields = ("programme", "question")
    ordering = ("place", "programme")
    readonly_fields = ("updated_at", "updated_by")
    actions: Any = None
    show_full_result_count = False

    def save_model(self, request: Any, obj: ProgrammeAcceptance, form: Any, change: bool) -> None:
        keep_acceptance(by=request.user, now=timezone.now(), row=obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
