"""Addresses of loyalty."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("members.loyalty.overview.urls")),
    path("tiers/", include("members.loyalty.tiers.urls")),
    path("benefits/", include("members.loyalty.benefits.urls")),
    path("points/", include("members.loyalty.points.urls")),
    path("incentives/", include("members.loyalty.incentives.urls")),
]
