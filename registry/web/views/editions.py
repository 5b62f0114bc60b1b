"""Editions of the rulebook side by side, and judging again under another as a dry run."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import Access, access
from accounts.errors import NotVisible
from accounts.ui import formats
from accounts.ui.findings import outcome_label
from registry.errors import NotNow
from registry.reports import dry_run_of
from registry.rulebook.comparison import Change, Difference, differences
from registry.rulebook.document import value_text
from registry.rulebook.edition import Edition, edition_on, every_edition
from registry.rulebook.findings import Finding
from registry.rulebook.index import plain
from registry.rulebook.parameter_names import parameter_name
from registry.services.dry_run import DryRun

_DIFFERENCES = ("Parameter", "Section", "Before", "After", "Demands", "Reading", "Read by")
_CHANGES = ("Rule", "Before", "After", "Because of")
_EDITIONS = ("Edition", "From", "Until", "Standing")


@access(Access.OPERATOR)
@require_safe
def editions(request: HttpRequest) -> HttpResponse:
    """Every edition, and what two of them set differently."""
    known = every_edition()
    now = edition_on(timezone.localdate())
    before, after = _chosen(request, "before", now), _chosen(request, "after", known[-1])
    context = {
        "editions": known,
        "columns": _EDITIONS,
        "rows": [_row(each, now) for each in known],
        "before": before,
        "after": after,
        "difference_columns": _DIFFERENCES,
        "differences": [_difference_row(each) for each in _between(before, after)],
        "problem": _problem(before, after),
    }
    status = 404 if context["problem"] else 200
    return render(request, "registry/editions.html", context, status=status)


@access(Access.OPERATOR)
@require_safe
def dry_run(request: HttpRequest) -> HttpResponse:
    """An application or an issuance under another edition. of: its id or code. Writes nothing."""
    known = every_edition()
    of = request.GET.get("of", "").strip()
    under = _chosen(request, "edition", known[-1])
    run, status, problem = None, 200, _problem(under)
    if problem:
        status = 404
    elif of and under is not None:
        try:
            run = dry_run_of(of, under, on=timezone.localdate())
        except NotVisible:
            problem, status = f"There is no application and no issuance {of[:60]}.", 404
        except NotNow as late:
            problem, status = str(late), 409
    context: dict[str, Any] = {
        "editions": known,
        "of": of,
        "under": under,
        "run": run,
        "problem": problem,
        "columns": _CHANGES,
        "changes": [_change_row(each) for each in run.changes] if run else [],
        "summary": _summary(run) if run else [],
    }
    return render(request, "registry/dry_run.html", context, status=status)


def _chosen(request: HttpRequest, name: str, otherwise: Edition) -> Edition | None:
    wanted = request.GET.get(name)
    if not wanted:
        return otherwise
    return next((each for each in every_edition() if each.id == wanted), None)


def _problem(*chosen: Edition | None) -> str:
    known = ", ".join(each.id for each in every_edition())
    return "" if all(chosen) else f"There is no such edition. Known are {known}."


def _between(before: Edition | None, after: Edition | None) -> list[Difference]:
    return differences(before, after) if before and after else []


def _row(each: Edition, now: Edition) -> list[str]:
    standing = "illustrative, never in force" if each.is_illustrative else "of the framework"
    until = formats.day(each.valid_until) if each.valid_until else "no end"
    return [
        f"{each.title} ({each.id})",
        "–" if each.is_illustrative else formats.day(each.valid_from),
        "–" if each.is_illustrative else until,
        "in force" if each is now else standing,
    ]


def _difference_row(each: Difference) -> list[str]:
    return [
        f"{parameter_name(each.parameter)}, {each.unit}",
        each.section,
        value_text(plain(each.before)),
        value_text(plain(each.after)),
        str(each.demand),
        " ".join(filter(None, (each.ambiguity, each.note))),
        ", ".join(each.rules),
    ]


def _change_row(each: Change) -> list[str]:
    return [
        f"{each.shown.rule} ({each.shown.section}): {each.shown.title}",
        _words(each.before),
        _words(each.after),
        ", ".join(map(parameter_name, each.parameters)) or "the case as it then reads",
    ]


def _words(finding: Finding | None) -> str:
    if finding is None:
        return "Not judged"
    outcome = outcome_label(finding.outcome)
    return f"{outcome}. Found {finding.found}; allowed: {finding.allowed}."


def _summary(run: DryRun) -> list[tuple[str, str]]:
    decided = sum(each.decides for each in run.changes)
    made = "as it was judged then" if run.is_stored else "as it stands"
    return [
        ("Judged", f"{made}, on {formats.day(run.judged_on)}"),
        ("Before", run.before.title),
        ("After", run.after.title),
        ("Findings that change", f"{len(run.changes)}, {decided} of them in their outcome"),
        ("Under the second edition", "refused" if run.is_refused else "not refused"),
    ]
