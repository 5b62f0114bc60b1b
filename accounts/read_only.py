"""Admin pages of what only services write: to look at, never to change."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest


class _NothingToChange:
    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnlyAdmin(_NothingToChange, admin.ModelAdmin):
    """Shown to whoever has the model's view permission. A list counts once."""

    actions: Any = None
    list_per_page = 50
    show_full_result_count = False


class ReadOnlyInline(_NothingToChange, admin.TabularInline):
    """Rows below the record that they belong to, at most so many."""

    extra = 0
    can_delete = False
    show_change_link = False
