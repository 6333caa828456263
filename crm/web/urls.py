"""Addresses of the ground floor's pages."""

from __future__ import annotations

from django.urls import path

from crm.web import preferences, views

urlpatterns = [
    path("preferences/theme/", preferences.choose_theme, name="choose-theme"),
    path("preferences/language/", preferences.choose_language, name="choose-language"),
    path("jobs/", views.jobs_page, name="jobs"),
]
