"""Addresses of the import's pages."""

from __future__ import annotations

from django.urls import path

from crm.imports.pages import bulk_fix, rejects, runs, send_back, template_file, undo, uploads

urlpatterns = [
    path("imports/", runs.imports_page, name="imports"),
    path("imports/undo/", undo.undo_import, name="import-undo"),
    path("imports/new/", uploads.new_import, name="import-new"),
    path("imports/templates/<slug:kind_name>/", template_file.import_template, name="import-template"),
    path("imports/uploads/<id:upload_id>/", uploads.upload_page, name="import-upload"),
    path("imports/<id:run_id>/", runs.import_run_page, name="import-run"),
    path("imports/<id:run_id>/progress/", runs.progress_part, name="import-progress"),
    path("imports/<id:run_id>/cancel/", runs.cancel_import, name="import-cancel"),
    path("imports/<id:run_id>/again/", runs.repeat_import, name="import-again"),
    path("imports/<id:run_id>/rejects/", rejects.resolve_rejects, name="import-rejects"),
    path("imports/<id:run_id>/rejects.csv", rejects.export_masked, name="import-rejects-csv"),
    path("imports/<id:run_id>/rejects/reason/", bulk_fix.fix_reason, name="import-fix-reason"),
    path("imports/<id:run_id>/fixes/<id:fix_id>/undo/", bulk_fix.undo_fix, name="import-fix-undo"),
    path("imports/<id:run_id>/rejects/file/", send_back.receive_fixed, name="import-rejects-file"),
    path("imports/<id:run_id>/rejects/<id:reject_id>/", rejects.fix_reject, name="import-fix"),
]
