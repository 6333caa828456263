"""Addresses of review."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("copy/", include("campaigns.review.copy.pages.urls")),
    path("admin/review/", include("campaigns.review.desk.urls")),
    path("copy/rules/", include("campaigns.review.pack_changes.urls")),
]
