"""What the pages share: who acts, one page of a list, and the answer to an address of a button."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.errors import Refused
from accounts.models import Account, Organisation, User
from accounts.permissions import Right, accounts_with
from accounts.roles import Role
from accounts.ui.forms import PortalForm
from registry.web.forms.fields import ActingForm

ROWS = 25
# A page's lists of suggestions end here; whatever is not suggested can be typed.
SUGGESTIONS = 200
PRODUCERS = (Role.IRON_PRODUCER, Role.STEEL_PRODUCER)


def page_of(request: HttpRequest, rows: QuerySet[Any], size: int = ROWS) -> Page[Any]:
    return Paginator(rows, size).get_page(request.GET.get("page"))


def form_page(
    request: HttpRequest,
    form: PortalForm,
    *,
    title: str,
    submit: str,
    back: str,
    status: int = 200,
    template: str = "registry/form_page.html",
    **context: Any,
) -> HttpResponse:
    """A page that is one form. back: where to go without sending it."""
    shown = {"form": form, "title": title, "submit": submit, "back": back, **context}
    if isinstance(form, ActingForm):
        shown.setdefault("is_demonstration", form.is_demonstration)
    return render(request, template, shown, status=status)


def acting(user: User, *roles: Role) -> list[Organisation]:
    """The organisations of these roles that a person may start actions for. Raises Refused."""
    found = list(
        Organisation.objects.filter(
            pk__in=accounts_with(user, Right.INITIATE).values("organisation"),
            role_rows__role__in=roles,
        )
        .order_by("name")
        .distinct()
    )
    if not found:
        raise _nothing_to_start()
    return found


def acting_accounts(user: User) -> QuerySet[Account]:
    """The accounts a person may take units from. Raises Refused when there is none."""
    found = accounts_with(user, Right.INITIATE)
    if not found.exists():
        raise _nothing_to_start()
    return found


def any_demonstration(accounts: QuerySet[Account]) -> bool:
    return accounts.filter(organisation__is_demonstration=True).exists()


def may_act(user: User, organisation: Organisation) -> bool:
    """Whether a page shows buttons; the services ask again."""
    return accounts_with(user, Right.INITIATE).filter(organisation=organisation).exists()


def _nothing_to_start() -> Refused:
    return Refused(
        found="You may not start actions for your organisation.",
        allowed="The right to start actions in one of its accounts is needed.",
        action="Ask an administrator of your organisation for it.",
    )
