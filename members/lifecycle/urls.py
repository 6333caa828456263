"""Addresses of the policy's pages, and of failed evaluations."""

from __future__ import annotations

from django.urls import path

from members.lifecycle.pages import failures, views

urlpatterns = [
    path("policy/", views.policy_page, name="policy"),
    path("policy/<id:version>/withdraw/", views.withdraw_version, name="policy-withdraw"),
    path("jobs/failed-members/retry/", failures.retry_failed_members, name="retry-failed-members"),
]
