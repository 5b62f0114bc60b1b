"""The measurement and the green iron of a production: rows in, figures and rules out."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import Access, access
from accounts.permissions import require_initiator
from accounts.ui.findings import by_severity, count_by_outcome
from registry import scope
from registry.models import Allocation, Measurement, Production
from registry.rulebook.edition import edition_on
from registry.rulebook.facts import FunctionalUnit
from registry.rulebook.facts.measurement import METALS, SOURCES
from registry.services.lines import INPUT, LINES, LOTS, STEPS
from registry.services.measured import allocation_facts
from registry.services.measurements import preview_findings, save_allocation, save_measurement
from registry.tabular import template_csv, template_xlsx
from registry.web.attempt import attempt, posted
from registry.web.forms.measurements import (
    AllocationForm,
    MeasurementForm,
    initial_allocation,
    initial_measurement,
)
from registry.web.measured import figure_rows
from registry.web.pages import form_page

TEMPLATES = {
    "measurement": (LINES, "Measurement"),
    "conversion": (STEPS, "Conversion"),
    "allocation": (LOTS, "Green iron"),
}
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@access(Access.PRODUCER)
def measurement(request: HttpRequest, pk: UUID) -> HttpResponse:
    user: Any = request.user
    found = scope.production(user, pk)
    require_initiator(user, found.producer)
    form = _form(request, found)
    status = 200
    if request.method == "POST":
        tried = attempt(
            form,
            lambda key: save_measurement(
                by=user,
                now=timezone.now(),
                key=key,
                production=found,
                values=form.values(),
                lines=form.rows(),
                steps=form.steps_rows(),
            ),
        )
        if tried.done:
            messages.success(request, "The measurement is saved; its figures follow from it.")
            return redirect("portal:production", found.pk)
        status = tried.status
    return form_page(
        request,
        form,
        title=f"Measurement of {found.site.name}",
        submit="Save the measurement",
        back=reverse("portal:production", args=[found.pk]),
        status=status,
        template="registry/measurement_form.html",
        judge_url=reverse("portal:measurement_findings", args=[found.pk]),
        templates=_template_links("measurement", "conversion"),
        vocabulary=[
            *((str(part), ", ".join(sources)) for part, sources in SOURCES.items()),
            (INPUT, ", ".join(METALS)),
        ],
        is_demonstration=found.is_demonstration,
        **_judged(found, form if form.is_bound else None),
    )


@access(Access.PRODUCER)
@require_POST
def measurement_findings(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Figures and findings of a form being filled. Writes nothing."""
    user: Any = request.user
    found = scope.production(user, pk)
    context = _judged(found, _form(request, found))
    return render(request, "registry/measurement_live.html", context)


@access(Access.PRODUCER)
def allocation(request: HttpRequest, pk: UUID) -> HttpResponse:
    user: Any = request.user
    found = scope.production(user, pk)
    require_initiator(user, found.producer)
    saved = Allocation.objects.filter(production=found).first()
    form = AllocationForm(posted(request), request.FILES or None, initial=initial_allocation(saved))
    status = 200
    if request.method == "POST":
        tried = attempt(
            form,
            lambda key: save_allocation(
                by=user,
                now=timezone.now(),
                key=key,
                production=found,
                lots=form.rows(),
                yield_share=form.cleaned_data["yield_share"],
            ),
        )
        if tried.done:
            said = "is saved" if form.rows() else "is removed"
            messages.success(request, f"The allocation of green iron {said}.")
            return redirect("portal:production", found.pk)
        status = tried.status
    return form_page(
        request,
        form,
        title=f"Green iron in the steel of {found.site.name}",
        submit="Save the allocation",
        back=reverse("portal:production", args=[found.pk]),
        status=status,
        template="registry/allocation_form.html",
        templates=_template_links("allocation"),
        is_demonstration=found.is_demonstration,
    )


@access(Access.PRODUCER)
@require_safe
def template(request: HttpRequest, kind: str, ending: str) -> HttpResponse:
    columns, title = TEMPLATES[kind]
    is_csv = ending == "csv"
    content = template_csv(columns) if is_csv else template_xlsx(columns, title)
    answer = HttpResponse(content, content_type="text/csv; charset=utf-8" if is_csv else _XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{kind}.{ending}"'
    return answer


def _form(request: HttpRequest, found: Production) -> MeasurementForm:
    is_iron = found.functional_unit == FunctionalUnit.IRON
    saved = Measurement.objects.filter(production=found).first()
    return MeasurementForm(
        posted(request),
        request.FILES or None,
        initial=initial_measurement(saved, is_iron=is_iron),
        edition=edition_on(timezone.now().date()),
        is_iron=is_iron,
    )


def _judged(found: Production, form: MeasurementForm | None) -> dict[str, Any]:
    """The figures and findings of what the form has in the right shape, or of what is saved."""
    record = Measurement.objects.filter(production=found).first()
    if form is not None:
        form.is_valid()
        record = record or Measurement(production=found)
        for name, value in form.values().items():
            setattr(record, name, value)
        record.lines, record.steps = form.rows(), form.steps_rows()
    today = timezone.now().date()
    findings = by_severity(preview_findings(found, record, on=today))
    edition = edition_on(today)
    split_from = allocation_facts(found, edition) if record else None
    rows = figure_rows(found, record, edition, split_from) if record else []
    return {"findings": findings, "counts": count_by_outcome(findings), "figures": rows}


def _template_links(*kinds: str) -> list[tuple[str, str]]:
    return [
        (
            f"{TEMPLATES[kind][1]}, {ending.upper()}",
            reverse(f"portal:rows_{kind}_{ending}"),
        )
        for kind in kinds
        for ending in ("csv", "xlsx")
    ]
