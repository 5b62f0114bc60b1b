from django.urls import path

from accounts import api

urlpatterns = [
    path("me/", api.Me.as_view()),
    path("accounts/", api.Accounts.as_view()),
    path("organisations/", api.Organisations.as_view()),
    path("problems/<slug:name>/", api.Problem.as_view(), name="problem"),
]
