"""The log for outsiders: its page, and the static files, which the web only reads.

In production a web server may serve the same folder under the same addresses.
"""

from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from accounts.access import Access, access
from registry.log.folder import CHECKPOINT, KEY
from registry.log.proof import proof_path
from registry.queries import newest_checkpoint

# Exactly the files that the sequencer publishes: nothing else of the folder has an address.
FILES = (
    r"checkpoint|key|checkpoints/(?:x[0-9]{3}/)*[0-9]{3}|proof/[A-Z0-9]{1,12}\.json"
    r"|tile/(?:entries|[0-9]|[1-5][0-9]|6[0-3])/(?:x[0-9]{3}/)*[0-9]{3}(?:\.p/[1-9][0-9]{0,2})?"
)
_YEAR = 365 * 24 * 60 * 60


@access(Access.PUBLIC)
@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """What was signed last, where the files are, and how to check them."""
    newest = newest_checkpoint()
    context = {
        "newest": newest,
        "note": read_text(CHECKPOINT),
        "key": read_text(KEY),
        "address": request.build_absolute_uri(reverse("public:log")),
    }
    return render(request, "public/log.html", context)


@access(Access.PUBLIC)
@require_safe
def log_file(request: HttpRequest, path: str) -> HttpResponseBase:
    """One file of the log: tiles, bundles, kept checkpoints and proofs never change."""
    try:
        file = open(Path(settings.LOG_ROOT, path), "rb")  # noqa: SIM115  # the response closes it
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as error:
        raise Http404(f"The log has no file {path}.") from error
    response = FileResponse(file, content_type=_content_type(path))
    if path in (CHECKPOINT, KEY):
        patch_cache_control(response, no_cache=True)
    elif path.startswith("proof/"):
        # Made again when a folder is written anew, with the same events.
        patch_cache_control(response, public=True, max_age=60)
    else:
        patch_cache_control(response, public=True, max_age=_YEAR, immutable=True)
    return response


def read_text(path: str) -> str:
    """A file of the log as text; empty when there is none yet."""
    try:
        return Path(settings.LOG_ROOT, path).read_text("utf-8").strip()
    except FileNotFoundError:
        return ""


def proof_url(code: str) -> str:
    """The address of a retirement's proof; empty until it has been signed."""
    path = proof_path(code)
    if not Path(settings.LOG_ROOT, path).is_file():
        return ""
    return reverse("public:log_file", args=[path])


def _content_type(path: str) -> str:
    if path.endswith(".json"):
        return "application/json"
    return "application/octet-stream" if path.startswith("tile/") else "text/plain; charset=utf-8"
