"""Every address of the product."""

from __future__ import annotations

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("crm.desk.urls")),
    path("", include("crm.directory.urls")),
    path("", include("crm.insights.urls")),
    path("", include("members.lifecycle.urls")),
    path("", include("crm.imports.urls")),
    path("", include("crm.web.urls")),
    path("", include("crm.office.urls")),
    path("admin/", admin.site.urls),
]

handler400 = "crm.web.views.bad_request"
handler403 = "crm.web.views.not_allowed"
handler404 = "crm.web.views.not_found"
handler500 = "crm.web.views.failed"
