from django.urls import path

from accounts.web import views

urlpatterns = [path("organisation/", views.organisation, name="organisation")]
