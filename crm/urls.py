"""Every address of the product: those of each app that says in its AppConfig where its own begin."""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.contrib import admin
from django.urls import URLResolver, include, path


def of_apps() -> Iterator[URLResolver]:
    """The addresses of each app with a `mount`, the path that its `urls` module goes on from."""
    for config in apps.get_app_configs():
        mount = getattr(config, "mount", None)
        if mount is not None:
            yield path(mount, include(f"{config.name}.urls"))


urlpatterns = [*of_apps(), path("admin/", admin.site.urls)]

handler400 = "crm.web.views.bad_request"
handler403 = "crm.web.views.permission_denied"
handler404 = "crm.web.views.not_found"
handler500 = "crm.web.views.server_error"
