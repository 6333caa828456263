"""Addresses of badges and quests."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
