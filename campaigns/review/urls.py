"""Addresses of review: the makers' pages, and the officers' desk in the administration."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/review/", include("campaigns.review.desk.urls")),
]
