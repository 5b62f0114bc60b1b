"""The claims' records in the operator's admin: to look at. Only services write."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from accounts.read_only import ReadOnlyAdmin, ReadOnlyInline
from claims.models import Claim, ClaimShare, Inventory, Statement
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


class ShareInline(ReadOnlyInline):
    model = ClaimShare
    fields = ("line", "functional_unit", "volume", "reduction_emissions")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ClaimShare]:
        return super().get_queryset(request).select_related("line")


@admin.register(Claim)
class ClaimAdmin(ReadOnlyAdmin):
    list_display = ("code", "organisation", "inventory", "method", "volume", "claimed_on")
    list_select_related = ("organisation", "inventory")
    list_filter = ("method", "is_demonstration")
    search_fields = ("code", "organisation__name")
    ordering = ("-claimed_at",)
    inlines = (ShareInline,)
    readonly_fields = ("units",)

    def units(self, obj: Claim) -> SafeString:
        return first_lines(obj.ranges.all())


@admin.register(Statement)
class StatementAdmin(ReadOnlyAdmin):
    list_display = ("code", "organisation", "inventory", "published_on", "public_page")
    list_select_related = ("organisation", "inventory")
    list_filter = ("is_demonstration",)
    search_fields = ("code", "organisation__name")
    ordering = ("-published_at",)

    @admin.display(description="public page")
    def public_page(self, obj: Statement) -> SafeString:
        address = reverse("statements:statement", args=[obj.code])
        return format_html('<a href="{}">open</a>', address)
