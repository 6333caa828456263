"""Addresses of the ground floor's pages."""

from __future__ import annotations

from django.urls import path

from crm.web import views
from crm.web.frame import preferences
from crm.web.gallery import views as look
from crm.web.palette import views as palette

urlpatterns = [
    path("palette/", palette.palette_page, name="palette"),
    path("look/", look.look_page, name="look"),
    path("look/dialog/", look.dialog_page, name="look-dialog"),
    path("look/peek/<int:number>/", look.peek_page, name="look-peek"),
    path("look/progress/<int:step>/", look.progress_part, name="look-progress"),
    path("look/notice/", look.notice, name="look-notice"),
    path("preferences/theme/", preferences.choose_theme, name="choose-theme"),
    path("preferences/language/", preferences.choose_language, name="choose-language"),
    path("jobs/", views.jobs_page, name="jobs"),
    path("jobs/history/", views.job_history, name="job-history"),
]
