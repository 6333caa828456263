"""Addresses of the members: the list, its saved views, and the member page."""

from __future__ import annotations

from django.urls import path

from crm.directory.assignment import pages as assignment
from crm.directory.complaints import views as complaints
from crm.directory.list.pages import members, rule_filter, saved_views, search
from crm.directory.member import views as member
from crm.directory.member.pages import reveal, sources
from crm.directory.new_normal import views as new_normal

urlpatterns = [
    path("members/", members.members_page, name="members"),
    path("members/search/", search.search, name="member-search"),
    path("members/export/", members.export_members, name="members-export"),
    path("members/filter/", rule_filter.filter_by_field, name="members-filter"),
    path("members/assign/", assignment.assign_members, name="assign-members"),
    path("members/assign/undo/", assignment.undo_assignment, name="assign-undo"),
    path("members/sources/", sources.show_sources, name="show-sources"),
    path("members/columns/", saved_views.columns_page, name="columns"),
    path("members/views/", saved_views.views_page, name="views"),
    path("members/views/save/", saved_views.save_view, name="view-save"),
    path("members/views/begin/", saved_views.begin_with_view, name="view-begin"),
    path("members/views/<id:view_id>/", saved_views.rename_view, name="view-rename"),
    path("members/views/<id:view_id>/move/", saved_views.move_view, name="view-move"),
    path("members/views/<id:view_id>/delete/", saved_views.delete_view, name="view-delete"),
    path("members/views/<id:view_id>/restore/", saved_views.restore_view, name="view-restore"),
    path("members/<id:member_id>/peek/", member.peek_page, name="peek"),
    path("members/<id:member_id>/", member.member_page, name="member"),
    path("members/<id:member_id>/timeline/", member.timeline_part, name="timeline"),
    path("members/<id:member_id>/reveal/", reveal.reveal_value, name="reveal"),
    path("members/<id:member_id>/new-normal/", new_normal.new_normal, name="new-normal"),
    path("new-normals/", new_normal.new_normals_page, name="new-normals"),
    path("new-normals/seen/", new_normal.see_new_normals, name="new-normals-seen"),
    path("members/<id:member_id>/complaints/new/", complaints.new_complaint, name="complaint-new"),
    path("members/<id:member_id>/complaints/answer/", complaints.answer_complaint, name="complaint-answer"),
    path("members/<id:member_id>/complaints/close/", complaints.close_complaint, name="complaint-close"),
    path("members/<id:member_id>/complaints/reopen/", complaints.reopen_complaint, name="complaint-reopen"),
]
