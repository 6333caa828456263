"""Addresses of the builder."""

from django.urls import path

from members.segments.builder import views

urlpatterns = [
    path("builder/step/", views.step, name="builder-step"),
    path("builder/preview/", views.preview_part, name="builder-preview"),
    path("filter/", views.filter_page, name="builder-filter"),
]
