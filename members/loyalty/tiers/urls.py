"""Addresses of tiers."""

from __future__ import annotations

from django.urls import path

from members.loyalty.tiers.pages import override, rules

urlpatterns = [
    path("rules/", rules.tier_rules, name="tier-rules"),
    path("override/<id:member_id>/", override.override_tier, name="tier-override"),
]
