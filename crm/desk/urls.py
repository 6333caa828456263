"""URLs of the desk."""

from __future__ import annotations

from django.urls import path

from crm.desk.home.views import home_page

urlpatterns = [path("", home_page, name="home")]
