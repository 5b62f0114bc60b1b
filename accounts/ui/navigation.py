"""The main navigation: a list that other apps append to, so that accounts imports none of them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypedDict

from django.urls import NoReverseMatch, reverse

Condition = Callable[[Any], bool]


class NavItem(TypedDict):
    """One link as base.html draws it."""

    label: str
    url: str
    active: bool


def _everyone(user: Any) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class NavEntry:
    """One place in the navigation.

    url_name: a name that reverses without arguments. visible: asked with the user, so that a
    link is shown only to who may follow it. prefix: the path under which the entry counts as
    current; by default its own address. order: low comes first.
    """

    label: Any
    url_name: str
    visible: Condition = field(default=_everyone)
    prefix: str | None = None
    order: int = 100


NAVIGATION: list[NavEntry] = []
FOOTER: list[NavEntry] = []


def register_nav(*entries: NavEntry) -> None:
    """Append to the navigation, from AppConfig.ready; an entry already there is left alone."""
    _append(NAVIGATION, entries)


def register_footer(*entries: NavEntry) -> None:
    """Append to the links at the foot of every page, such as the API's documentation."""
    _append(FOOTER, entries)


def nav_for(user: Any, path: str = "") -> list[NavItem]:
    """The links this user may follow, in order; the one that leads to `path` is active."""
    return _links(NAVIGATION, user, path)


def footer_for(user: Any) -> list[NavItem]:
    return _links(FOOTER, user, "")


def _append(entries: list[NavEntry], new: tuple[NavEntry, ...]) -> None:
    entries.extend(entry for entry in new if entry not in entries)
    entries.sort(key=lambda entry: entry.order)


def _links(entries: list[NavEntry], user: Any, path: str) -> list[NavItem]:
    reachable = [
        (entry, url) for entry in entries if (url := _address(entry)) and entry.visible(user)
    ]
    # The longest matching prefix wins: /claims/statements/ lights Statements, not Claims.
    matching = [prefix for entry, url in reachable if _leads(prefix := entry.prefix or url, path)]
    current = max(matching, key=len, default=None)
    return [
        NavItem(
            label=str(entry.label),
            url=url,
            active=current is not None and (entry.prefix or url) == current,
        )
        for entry, url in reachable
    ]


def _address(entry: NavEntry) -> str | None:
    try:
        return reverse(entry.url_name)
    except NoReverseMatch:
        return None


def _leads(prefix: str, path: str) -> bool:
    return path == prefix if prefix == "/" else path.startswith(prefix)
