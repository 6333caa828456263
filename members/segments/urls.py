"""Addresses of segments."""

from __future__ import annotations

from django.urls import include, path

from members.segments.pages import change, export, segment, segments, upload

urlpatterns = [
    path("", segments.segments_page, name="segments"),
    path("", include("members.segments.builder.urls")),
    path("deleted/", segments.deleted_page, name="segments-deleted"),
    path("new/", change.new_segment, name="segment-new"),
    path("<id:segment_id>/", segment.segment_page, name="segment"),
    path("<id:segment_id>/edit/", change.edit_segment, name="segment-edit"),
    path("<id:segment_id>/upload/", upload.upload_members, name="segment-upload"),
    path("<id:segment_id>/export/", export.export_segment, name="segment-export"),
    path("<id:segment_id>/delete/", change.delete, name="segment-delete"),
    path("<id:segment_id>/restore/", change.restore, name="segment-restore"),
]
