"""The two answers to somebody who may not: a page that says why, or one that says nothing."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.errors import NotVisible, Refused


class RefusalMiddleware:
    """Turn Refused into the 403 page with rule and way out, and NotVisible into the 404 page.

    Endpoints answer for themselves before anything arrives here.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Refused):
            return render(request, "403.html", {"refusal": exception}, status=403)
        if isinstance(exception, NotVisible):
            return render(request, "404.html", status=404)
        return None
