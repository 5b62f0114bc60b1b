"""A conformance report as an answer: JSON, or a tagged PDF to keep."""

from django.http import HttpResponse, JsonResponse

from registry.conformance import Report, as_json, as_pdf


def conformance_file(report: Report, form: str, name: str) -> HttpResponse:
    """form: "json" or "pdf". name: of the file, without what it is."""
    if form == "json":
        return JsonResponse(as_json(report), json_dumps_params={"indent": 2})
    return HttpResponse(
        as_pdf(report),
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="conformance-{name}.pdf"'},
    )
