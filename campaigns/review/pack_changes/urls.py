"""Addresses of wording rules."""

from __future__ import annotations

from django.urls import path

from campaigns.review.pack_changes.pages.draft import pack_draft
from campaigns.review.pack_changes.pages.edit import bases, new_rule, rule
from campaigns.review.pack_changes.pages.rules import wording_rules

urlpatterns = [
    path("", wording_rules, name="wording-rules"),
    path("<slug:pack>/new/", new_rule, name="wording-rule-new"),
    path("<slug:pack>/rule/<str:code>/", rule, name="wording-rule"),
    path("<slug:pack>/basis/<slug:category>/", bases, name="wording-basis"),
    path("<slug:pack>/draft/", pack_draft, name="wording-draft"),
]
