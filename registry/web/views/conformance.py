"""The conformance report of an application to keep, for whoever sees its page."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import Access, access
from registry import scope
from registry.public.conformance import conformance_file
from registry.reports import report_to_auditor, report_to_operator, report_to_producer


@access(Access.PRODUCER)
@require_safe
def of_production(request: HttpRequest, pk: UUID, form: str) -> HttpResponse:
    user: Any = request.user
    found = scope.production(user, pk)
    report = report_to_producer(found, on=timezone.now().date())
    return conformance_file(report, form, f"{found.site.code}-{found.pk}")


@access(Access.AUDITOR)
@require_safe
def of_engagement(request: HttpRequest, pk: UUID, form: str) -> HttpResponse:
    user: Any = request.user
    found = scope.engagement(user, pk)
    report = report_to_auditor(user, found, on=timezone.now().date())
    return conformance_file(report, form, f"{found.production.site.code}-{found.pk}")


@access(Access.OPERATOR)
@require_safe
def of_application(request: HttpRequest, pk: UUID, form: str) -> HttpResponse:
    found = scope.application(pk)
    report = report_to_operator(found, on=timezone.now().date())
    return conformance_file(report, form, f"{found.site.code}-{found.pk}")
