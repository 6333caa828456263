"""Addresses of points."""

from __future__ import annotations

from django.urls import path

from members.loyalty.points.pages import adjust, budget, liability, rewards, rules

urlpatterns = [
    path("rules/", rules.rules_page, name="points-rules"),
    path("rules/propose/", rules.rule_page, name="points-rule"),
    path("budget/", budget.budget_page, name="points-budget"),
    path("rewards/", rewards.rewards_page, name="points-rewards"),
    path("rewards/propose/", rewards.reward_page, name="points-reward"),
    path("liability/", liability.liability_page, name="points-liability"),
    path("adjust/<id:member_id>/", adjust.adjust_page, name="points-adjust"),
]
