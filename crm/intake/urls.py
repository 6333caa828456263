"""Addresses of the import's pages."""

from __future__ import annotations

from django.urls import path

from crm.intake import views

urlpatterns = [
    path("imports/", views.imports_page, name="imports"),
    path("imports/<int:run_id>/", views.import_run_page, name="import-run"),
]
