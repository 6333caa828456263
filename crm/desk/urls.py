"""Addresses of the desk."""

from __future__ import annotations

from django.urls import path

from crm.desk.views import home, member, members, saved

urlpatterns = [
    path("", home.home_page, name="home"),
    path("members/", members.members_page, name="members"),
    path("members/export/", members.export_members, name="members-export"),
    path("members/columns/", saved.columns_page, name="columns"),
    path("members/views/", saved.views_page, name="views"),
    path("members/views/save/", saved.save_view, name="view-save"),
    path("members/views/begin/", saved.begin_with_view, name="view-begin"),
    path("members/views/<int:view_id>/", saved.rename_view, name="view-rename"),
    path("members/views/<int:view_id>/move/", saved.move_view, name="view-move"),
    path("members/views/<int:view_id>/delete/", saved.delete_view, name="view-delete"),
    path("members/views/<int:view_id>/restore/", saved.restore_view, name="view-restore"),
    path("members/<int:member_id>/peek/", members.peek_page, name="peek"),
    path("members/<int:member_id>/", member.member_page, name="member"),
    path("members/<int:member_id>/timeline/", member.timeline_part, name="timeline"),
    path("members/<int:member_id>/reveal/", member.reveal_value, name="reveal"),
]
