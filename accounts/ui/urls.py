from django.urls import path

from accounts.ui import views

urlpatterns = [path("style/", views.style, name="style")]
