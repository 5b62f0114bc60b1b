"""Certificates handed out, and checked: by code, or by the file that somebody was given."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import Access, access
from registry import tracing
from registry.models import Retirement
from registry.public.certificates import DOCUMENT, certificate, digest, pdf, sealed
from registry.public.settled import settle

# A certificate of 10,000 ranges has some 3 MB.
_MOST_BYTES = 8_000_000


@access(Access.PUBLIC)
@require_safe
def certificate_json(request: HttpRequest, code: str) -> HttpResponse:
    document = sealed(certificate(_retirement(code)))
    text = json.dumps(document, ensure_ascii=False, indent=2)
    response = HttpResponse(text + "\n", content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="billet-retirement-{code}.json"'
    return response


@access(Access.PUBLIC)
@require_safe
def certificate_pdf(request: HttpRequest, code: str) -> HttpResponse:
    found = _retirement(code)
    response = HttpResponse(pdf(found, certificate(found)), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="billet-retirement-{code}.pdf"'
    return response


@access(Access.PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponseBase:
    """Is this certificate ours, and do its units still stand? A file is looked at, never kept."""
    context: dict[str, Any] = {"code": ""}
    file = request.FILES.get("file")
    if file is not None:
        context |= _of_file(file)
    elif "code" in (given := request.POST or request.GET):
        context |= _of_code(given["code"].strip().upper())
    elif request.method == "POST":
        context["problem"] = "Give the code of a certificate, or choose its file."
    found: Retirement | None = context.get("retirement")
    if found is not None:
        context["marks"] = tracing.marks_of_retirement(found)
        context["is_demonstration"] = found.is_demonstration
    status = 400 if "problem" in context else 200
    return render(request, "public/verify.html", context, status=status)


def _retirement(code: str) -> Retirement:
    settle(code=code)
    return get_object_or_404(Retirement.objects.select_related("organisation"), code=code)


def _find(code: str) -> Retirement | None:
    # No code is longer; and Postgres refuses to look for text with a NUL in it.
    if not code or len(code) > 12 or "\x00" in code:
        return None
    settle(code=code)
    return Retirement.objects.select_related("organisation").filter(code=code).first()


def _of_code(code: str) -> dict[str, Any]:
    found = _find(code)
    if found is None:
        return {"code": code[:20], "problem": f"No certificate has the code {code[:20]!r}."}
    return {"code": code, "retirement": found, "is_genuine": True}


def _of_file(file: Any) -> dict[str, Any]:
    if file.size > _MOST_BYTES:
        return {"problem": f"The file has {file.size:,} bytes; a certificate has fewer than 8 MB."}
    data = file.read()
    if data.startswith(b"%PDF"):
        return _of_pdf(data, file.name)
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        return {"problem": "The file is neither a certificate's JSON nor its PDF."}
    inner = document.get("certificate") if isinstance(document, dict) else None
    if not isinstance(inner, dict) or inner.get("document") != DOCUMENT:
        return {"problem": "The file is JSON, but not a retirement certificate of this registry."}
    found = _find(str(inner.get("code", "")))
    if found is None:
        return {"problem": "The file names a certificate that this registry has not made."}
    return {
        "code": found.code,
        "retirement": found,
        "is_genuine": digest(inner) == digest(certificate(found)),
    }


def _of_pdf(data: bytes, name: str) -> dict[str, Any]:
    """A PDF names no code that a program could read; its file name does, as we hand it out."""
    code = name.removesuffix(".pdf").rsplit("-", 1)[-1].split(" ")[0].upper()
    found = _find(code)
    if found is None:
        return {
            "problem": "The PDF's name does not end in its code, as in billet-retirement-CODE.pdf. "
            "Type the code that is printed on it."
        }
    same = data == pdf(found, certificate(found))
    return {"code": found.code, "retirement": found, "is_genuine": same, "is_pdf": True}
