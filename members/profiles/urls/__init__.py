"""Addresses of what the records of members have pages for."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("members.profiles.questionnaires.urls")),
    path("", include("members.profiles.rights.urls")),
]
