"""Addresses of the overview."""

from __future__ import annotations

from django.urls import URLPattern, path

from members.loyalty.overview.pages import settings

urlpatterns: list[URLPattern] = [
    path("settings/", settings.settings_page, name="loyalty-settings"),
]
