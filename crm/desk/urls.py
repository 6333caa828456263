"""Addresses of the desk."""

from __future__ import annotations

from django.urls import path

from crm.desk import views

urlpatterns = [
    path("", views.home_page, name="home"),
    path("members/", views.members_page, name="members"),
    path("members/<int:member_id>/", views.member_page, name="member"),
    path("members/<int:member_id>/timeline/", views.timeline_part, name="timeline"),
    path("members/<int:member_id>/reveal/", views.reveal_value, name="reveal"),
]
