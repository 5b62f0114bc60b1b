"""One service call out of a form, with whatever the service refuses put where the user reads it.

    form = SiteForm(request.POST or None)
    if request.method == "POST":
        tried = attempt(form, lambda key: register_site(key=key, values=form.values(), …))
        if tried.done:
            return redirect(…)
    return render(request, "…", {"form": form}, status=tried.status)

Nothing typed is lost: the form comes back with its data, the page with the status that the
interface for programs gives for the same refusal. `NotVisible` passes through to the 404 page.
"""

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import uuid4

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.errors import Refused
from accounts.ui.formats import serial_range, tonnes
from accounts.ui.forms import PortalForm
from registry.errors import BadInput, KeyReused, NotNow, RulesBroken
from registry.ledger import CoClaimed, Line, NotThere
from registry.models import Issuance
from registry.rulebook.findings import Finding

R = TypeVar("R")

KEY = "idempotency_key"
_RANGES_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Attempt(Generic[R]):
    """What came of it. status: for the page; result: what the service returned when `done`."""

    status: int = 200
    result: R | None = None
    done: bool = False


def attempt(
    form: PortalForm, act: Callable[[str], R], *, fields: Mapping[str, str] | None = None
) -> Attempt[R]:
    """Call act(key) when the form is valid; a refusal becomes the form's errors.

    fields: the service's or the rules' name of a field → the form's, where they differ.
    Status 400: a value of the wrong shape; 403: no right; 409: not now, units gone or key
    reused; 422: a rule broken, with all findings in `form.findings`.
    """
    if not form.is_valid():
        return Attempt(status=400)
    named = fields or {}
    try:
        return Attempt(result=act(str(form.cleaned_data[KEY])), done=True)
    except RulesBroken as broken:
        form.add_findings(_renamed(broken.findings, named))
        return Attempt(status=422)
    except BadInput as bad:
        _add_errors(form, bad.errors, named)
        return Attempt(status=400)
    except Refused as refused:
        _at_the_top(form, words_of_refusal(refused))
        return Attempt(status=403)
    except (NotNow, NotThere, CoClaimed) as late:
        _at_the_top(form, words_of_not_there(late) if isinstance(late, NotThere) else str(late))
    except KeyReused:
        _renew_key(form)
        _at_the_top(form, _words_of_key_reused())
    return Attempt(status=409)


class ActionForm(PortalForm):
    """A button: nothing but the key. Several stand on one page, so it has no id to repeat."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": False, **kwargs})


def posted(request: HttpRequest) -> Any:
    """What a form is bound to: the data of a POST, even an empty one, and nothing of a GET."""
    return request.POST if request.method == "POST" else None


def words_of_refusal(refused: Refused) -> str:
    text = f"{refused.found} {refused.allowed} {refused.action}".strip()
    if not refused.rule:
        return text
    rule = _("%(rule)s, section %(section)s") % {
        "rule": refused.rule,
        "section": refused.section,
    }
    return f"{text} ({rule})"


def words_of_not_there(late: NotThere) -> str:
    """How much was wanted, what is left, and where it is."""
    found = _("%(wanted)s were wanted, but somebody else was faster: %(left)s are left here.") % {
        "wanted": tonnes(late.wanted),
        "left": tonnes(late.quantity_left),
    }
    return " ".join(part for part in (found, _ranges(late.left)) if part)


def _ranges(left: Sequence[Line]) -> str:
    if not left:
        return _("Nothing was moved. Choose other units.")
    shown = left[:_RANGES_SHOWN]
    codes = dict(
        Issuance.objects.filter(pk__in={line.issuance for line in shown}).values_list("pk", "code")
    )
    parts = [
        _("%(issuance)s: serials %(serials)s")
        % {"issuance": codes[line.issuance], "serials": serial_range((line.first, line.last))}
        for line in shown
    ]
    if len(left) > len(shown):
        parts.append(_("and %(number)s more ranges") % {"number": len(left) - len(shown)})
    return _("Nothing was moved. Left: %(ranges)s.") % {"ranges": "; ".join(parts)}


def _add_errors(
    form: PortalForm, errors: Mapping[str, Iterable[str]], named: Mapping[str, str]
) -> None:
    """Beside the field where the form shows one, else at the top with the field's name."""
    for name, texts in errors.items():
        field = named.get(name, name)
        shown = field in form.fields and not form[field].is_hidden
        for text in texts:
            if shown:
                form.add_error(field, text)
            elif name in (NON_FIELD_ERRORS, KEY):
                _at_the_top(form, text)
            else:
                _at_the_top(form, f"{name.replace('_', ' ').capitalize()}: {text}")


def _at_the_top(form: PortalForm, text: str) -> None:
    form.add_error(None, ValidationError(text))


def _renamed(findings: Sequence[Finding], named: Mapping[str, str]) -> list[Finding]:
    return [
        dataclasses.replace(finding, field=named.get(finding.field or "", finding.field))
        for finding in findings
    ]


def _renew_key(form: PortalForm) -> None:
    """The key is spent: without a new one the form could never be sent again."""
    data: Any = form.data
    renewed = data.copy()
    renewed[form.add_prefix(KEY)] = str(uuid4())
    form.data = renewed


def _words_of_key_reused() -> str:
    return _(
        "This page was sent before with other values, and what it asked for then was done. "
        "Look at the result first. To do this as well, send the page again."
    )
