from django.urls import path, re_path

from registry.public import certificate_views, deliveries, endings, library, log_views, views

app_name = "public"

urlpatterns = [
    path("", views.landing, name="landing"),
    path("register/issuances/", views.issuances, name="issuances"),
    path("register/issuances/<slug:code>/", views.issuance, name="issuance"),
    re_path(
        r"^register/issuances/(?P<code>[-\w]+)/conformance\.(?P<form>pdf|json)$",
        views.issuance_conformance,
        name="issuance_conformance",
    ),
    path("register/retirements/", views.retirements, name="retirements"),
    path("register/retirements/<slug:code>/", views.retirement, name="retirement"),
    path(
        "register/retirements/<slug:code>/certificate.json",
        certificate_views.certificate_json,
        name="certificate_json",
    ),
    path(
        "register/retirements/<slug:code>/certificate.pdf",
        certificate_views.certificate_pdf,
        name="certificate_pdf",
    ),
    path("register/certificates/", certificate_views.verify, name="verify"),
    path("register/cancellations/", endings.cancellations, name="cancellations"),
    path("register/cancellations/<slug:code>/", endings.cancellation, name="cancellation"),
    path("register/suspensions/", endings.suspensions, name="suspensions"),
    path("register/suspensions/<slug:code>/", endings.suspension, name="suspension"),
    path("register/units/", views.units, name="units"),
    path("log/", log_views.log, name="log"),
    re_path(rf"^log/(?P<path>{log_views.FILES})$", log_views.log_file, name="log_file"),
    path("register/deliveries/", deliveries.deliveries, name="deliveries"),
    path("register/baselines/", library.baselines, name="baselines"),
    re_path(
        r"^register/baselines\.(?P<form>csv|json)$",
        library.baselines_export,
        name="baselines_export",
    ),
    re_path(
        r"^register/issuances\.(?P<form>csv|json)$",
        views.issuances_export,
        name="issuances_export",
    ),
    re_path(
        r"^register/retirements\.(?P<form>csv|json)$",
        views.retirements_export,
        name="retirements_export",
    ),
]
