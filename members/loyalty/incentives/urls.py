"""Addresses of badges and quests."""

from __future__ import annotations

from django.urls import path

from members.loyalty.incentives.pages import change, incentives

urlpatterns = [
    path("", incentives.incentives_page, name="incentives"),
    path("new/", change.new_incentive, name="incentive-new"),
    path("<slug:code>/", incentives.incentive_page, name="incentive"),
    path("<slug:code>/change/", change.change_incentive, name="incentive-change"),
]
