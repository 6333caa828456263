"""Addresses of benefits and their use."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
