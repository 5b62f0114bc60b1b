"""The registry's records in the operator's admin: to look at. Services and the ledger write."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from accounts.read_only import ReadOnlyAdmin, ReadOnlyInline
from accounts.ui.formats import serial_range
from registry.models import (
    Additionality,
    Agreement,
    AgreementCriterion,
    AgreementParty,
    Approval,
    Baseline,
    CapturedFraction,
    CapturePoint,
    ElsewhereIssuance,
    Entry,
    Evidence,
    Feedstock,
    Holding,
    Issuance,
    Obligation,
    Production,
    ProductionStep,
    Retirement,
    Site,
    SiteAlias,
    SiteTechnology,
    Transfer,
    Verification,
)


@admin.register(Site)
class SiteAdmin(ReadOnlyAdmin):
    list_display = ("code", "name", "organisation", "country", "route", "started_on")
    list_select_related = ("organisation",)
    list_filter = ("route", "is_demonstration")
    search_fields = ("code", "name", "organisation__name")
    ordering = ("code",)


class CapturePointInline(ReadOnlyInline):
    model = CapturePoint
    fields = ("name", "emissions", "captured_share")


class CapturedInline(ReadOnlyInline):
    model = CapturedFraction
    fields = ("destination", "share", "lowers_intensity", "monitoring", "liability")


class FeedstockInline(ReadOnlyInline):
    model = Feedstock
    fields = ("name", "kind", "origin")


@admin.register(SiteTechnology)
class SiteTechnologyAdmin(ReadOnlyAdmin):
    list_display = ("site", "valid_from", "natural_gas_used", "labels", "recorded_at")
    list_select_related = ("site",)
    search_fields = ("site__code", "site__name")
    ordering = ("-recorded_at",)
    inlines = (CapturePointInline, CapturedInline, FeedstockInline)


class ObligationInline(ReadOnlyInline):
    model = Obligation
    fields = ("kind", "name", "surplus", "explanation", "evidence")


@admin.register(Additionality)
class AdditionalityAdmin(ReadOnlyAdmin):
    list_display = ("id", "agreement", "production", "declared", "determined_on")
    list_select_related = ("agreement", "production__site")
    list_filter = ("declared",)
    search_fields = ("agreement__reference", "production__site__code")
    ordering = ("-recorded_at",)
    inlines = (ObligationInline,)


@admin.register(Baseline)
class BaselineAdmin(ReadOnlyAdmin):
    list_display = ("name", "kind", "functional_unit", "country", "cn_code", "value_intensity")
    list_filter = ("kind", "functional_unit", "indicative", "fallback")
    search_fields = ("name", "code", "source")
    ordering = ("name",)


class EvidenceInline(ReadOnlyInline):
    model = Evidence
    fields = ("name", "kind", "media_type", "size", "sha256", "uploaded_at")


class StepInline(ReadOnlyInline):
    model = ProductionStep
    fields = ("from_state", "to_state", "by", "at", "note")
    ordering = ("at",)


class ApprovalInline(ReadOnlyInline):
    model = Approval
    fields = ("verification", "by", "at")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Approval]:
        joined = ("by", "verification__auditor", "verification__production__site")
        return super().get_queryset(request).select_related(*joined)


@admin.register(Production)
class ProductionAdmin(ReadOnlyAdmin):
    list_display = ("site", "producer", "state", "period_start", "period_end", "tonnes")
    list_select_related = ("site", "producer")
    list_filter = ("state", "functional_unit", "is_demonstration")
    search_fields = ("site__code", "site__name", "producer__name")
    ordering = ("-created_at",)
    inlines = (EvidenceInline, StepInline, ApprovalInline)


@admin.register(Evidence)
class EvidenceAdmin(ReadOnlyAdmin):
    """exclude file: it is read through the portal, which asks who may."""

    list_display = ("name", "production", "kind", "size", "uploaded_at", "uploaded_by")
    list_select_related = ("production__site", "uploaded_by")
    list_filter = ("kind", "media_type")
    search_fields = ("name", "sha256")
    ordering = ("-uploaded_at",)
    exclude = ("file",)
    readonly_fields = ("read",)

    @admin.display(description="file")
    def read(self, obj: Evidence) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("portal:evidence", args=[obj.pk]), obj)


@admin.register(Verification)
class VerificationAdmin(ReadOnlyAdmin):
    list_display = ("production", "auditor", "state", "due_on", "signed_on")
    list_select_related = ("production__site", "auditor")
    list_filter = ("state",)
    search_fields = ("auditor__name", "production__site__name", "production__site__code")
    ordering = ("-opened_at",)


class CriterionInline(ReadOnlyInline):
    model = AgreementCriterion
    fields = ("kind", "text")


class PartyInline(ReadOnlyInline):
    model = AgreementParty
    fields = ("organisation",)


@admin.register(Agreement)
class AgreementAdmin(ReadOnlyAdmin):
    list_display = ("reference", "issuer", "executed_on", "claims_agreed", "transfers_allowed")
    list_select_related = ("issuer",)
    search_fields = ("reference", "issuer__name")
    ordering = ("-executed_on",)
    inlines = (PartyInline, CriterionInline)


@admin.register(Issuance)
class IssuanceAdmin(ReadOnlyAdmin):
    list_display = ("code", "producer", "site", "product", "quantity", "issued_on", "public_page")
    list_select_related = ("producer", "site")
    list_filter = ("functional_unit", "product", "level", "is_preferred", "is_demonstration")
    search_fields = ("code", "producer__name", "site__name", "site__code")
    ordering = ("-issued_at",)

    @admin.display(description="public page")
    def public_page(self, obj: Issuance) -> SafeString:
        return format_html('<a href="{}">open</a>', reverse("public:issuance", args=[obj.code]))


# An order has up to 10,000 lines; a page of the admin shows the first.
_MOST_LINES = 100


def first_lines(lines: models.QuerySet[Any]) -> SafeString:
    """The first ranges of serials of an order or claim, one a line."""
    ordered = lines.select_related("issuance").order_by("issuance__code", "copy", "serials")
    shown = [
        (each.issuance.code, each.copy, serial_range(each.serials))
        for each in ordered[: _MOST_LINES + 1]
    ]
    lines_shown = format_html_join(mark_safe("<br>"), "{}, copy {}: {}", shown[:_MOST_LINES])
    more = "and more" if len(shown) > _MOST_LINES else ""
    return format_html("{}<br>{}", lines_shown, more)


@admin.register(Transfer)
class TransferAdmin(ReadOnlyAdmin):
    list_display = ("proposed_at", "from_account", "to_account", "quantity", "state", "due_on")
    list_select_related = ("from_account", "to_account")
    list_filter = ("state",)
    search_fields = ("from_account__number", "to_account__number")
    ordering = ("-proposed_at",)
    readonly_fields = ("units",)

    def units(self, obj: Transfer) -> SafeString:
        return first_lines(obj.lines.all())


@admin.register(Retirement)
class RetirementAdmin(ReadOnlyAdmin):
    list_display = ("code", "organisation", "quantity", "retired_on", "purpose", "beneficiary")
    list_select_related = ("organisation",)
    list_filter = ("is_demonstration",)
    search_fields = ("code", "organisation__name", "beneficiary", "purpose")
    ordering = ("-retired_at",)
    readonly_fields = ("units",)

    def units(self, obj: Retirement) -> SafeString:
        return first_lines(obj.lines.all())


@admin.register(Holding)
class HoldingAdmin(ReadOnlyAdmin):
    list_display = ("issuance", "copy", "units", "account", "state", "quantity")
    list_select_related = ("issuance", "account")
    list_filter = ("state", "copy")
    search_fields = ("issuance__code", "account__number")
    ordering = ("issuance", "copy", "serials")

    @admin.display(description="serials")
    def units(self, obj: Holding) -> str:
        return serial_range(obj.serials)


@admin.register(Entry)
class EntryAdmin(ReadOnlyAdmin):
    list_display = ("at", "kind", "issuance", "copy", "units", "from_account", "to_account")
    list_select_related = ("issuance", "from_account", "to_account")
    list_filter = ("kind",)
    search_fields = ("issuance__code", "from_account__number", "to_account__number")
    ordering = ("-at", "-id")

    @admin.display(description="serials")
    def units(self, obj: Entry) -> str:
        return serial_range(obj.serials)


@admin.register(ElsewhereIssuance)
class ElsewhereIssuanceAdmin(ReadOnlyAdmin):
    list_display = ("reference", "registry", "identifier", "site", "period_start", "units")
    list_select_related = ("site",)
    list_filter = ("source", "functional_unit", "registry")
    search_fields = ("reference", "registry", "identifier", "site__code")
    ordering = ("-recorded_at",)


@admin.register(SiteAlias)
class SiteAliasAdmin(ReadOnlyAdmin):
    list_display = ("identifier", "site", "recorded_at", "recorded_by")
    list_select_related = ("site", "recorded_by")
    search_fields = ("identifier", "site__code", "site__name")
    ordering = ("identifier",)
