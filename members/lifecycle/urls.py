"""Addresses of the policy's pages."""

from __future__ import annotations

from django.urls import path

from members.lifecycle.pages import views

urlpatterns = [
    path("policy/", views.policy_page, name="policy"),
]
