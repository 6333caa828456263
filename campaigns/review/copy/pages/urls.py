"""Addresses of copy."""

from __future__ import annotations

from django.urls import path

from campaigns.review.copy.pages import about, acts, copies, edit, evidence, live, matrix, version

urlpatterns = [
    path("", copies.copies_page, name="copies"),
    path("matrix/", matrix.matrix_page, name="copy-matrix"),
    path("new/", about.new_copy, name="copy-new"),
    path("check/", live.live_findings, name="copy-live"),
    path("piece/<slug:code>/", copies.copy_page, name="copy"),
    path("piece/<slug:code>/about/", about.change_copy, name="copy-change"),
    path("piece/<slug:code>/write/", edit.new_version, name="copy-write"),
    path("version/<id:version_id>/", version.version_page, name="copy-version"),
    path("version/<id:version_id>/edit/", edit.edit_version_page, name="copy-edit"),
    path("version/<id:version_id>/act/", acts.act, name="copy-act"),
    path("version/<id:version_id>/withdraw/", acts.withdraw_version, name="copy-withdraw"),
    path("version/<id:version_id>/evidence/", evidence.attach_file, name="copy-attach"),
    path("finding/<id:finding_id>/answer/", acts.answer_finding, name="copy-answer"),
    path("evidence/<id:evidence_id>/", evidence.download, name="copy-evidence"),
    path("evidence/<id:evidence_id>/remove/", evidence.remove, name="copy-detach"),
]
