"""Addresses of the overview."""

from __future__ import annotations

from django.urls import URLPattern, path

from members.loyalty.overview.pages import overview, settings, tier_changes

urlpatterns: list[URLPattern] = [
    path("", overview.overview_page, name="loyalty"),
    path("tier-changes/", tier_changes.tier_changes_page, name="loyalty-tier-changes"),
    path("settings/", settings.settings_page, name="loyalty-settings"),
]
