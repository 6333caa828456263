"""Addresses of the desk."""

from __future__ import annotations

from django.urls import path

from crm.desk.views import home, member, members

urlpatterns = [
    path("", home.home_page, name="home"),
    path("members/", members.members_page, name="members"),
    path("members/<int:member_id>/", member.member_page, name="member"),
    path("members/<int:member_id>/timeline/", member.timeline_part, name="timeline"),
    path("members/<int:member_id>/reveal/", member.reveal_value, name="reveal"),
]
