"""Addresses of the overview."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
