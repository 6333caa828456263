"""Addresses of the pages that show the whole."""

from __future__ import annotations

from django.urls import path

from crm.insights import views

urlpatterns = [
    path("lifecycle/", views.lifecycle_page, name="lifecycle"),
    path("lifecycle/moves/", views.moves_page, name="moves"),
]
