"""Addresses of the ground floor's pages."""

from __future__ import annotations

from django.urls import path

from crm.web import views
from crm.web.frame import preferences
from crm.web.gallery import views as gallery
from crm.web.palette import views as palette

urlpatterns = [
    path("palette/", palette.palette_page, name="palette"),
    path("gallery/", gallery.gallery_page, name="gallery"),
    path("gallery/dialog/", gallery.dialog_page, name="gallery-dialog"),
    path("gallery/peek/<int:number>/", gallery.peek_page, name="gallery-peek"),
    path("gallery/progress/<int:step>/", gallery.progress_part, name="gallery-progress"),
    path("gallery/notice/", gallery.notice, name="gallery-notice"),
    path("preferences/theme/", preferences.choose_theme, name="choose-theme"),
    path("preferences/language/", preferences.choose_language, name="choose-language"),
    path("preferences/rising/", preferences.choose_rising, name="choose-rising"),
    path("jobs/", views.jobs_page, name="jobs"),
    path("jobs/history/", views.job_history, name="job-history"),
]
