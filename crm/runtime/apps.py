from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class RuntimeConfig(AppConfig):
    name = "crm.runtime"
    label = "runtime"
    verbose_name = _("Reference data: calendar")

    def ready(self) -> None:
        from crm.runtime import checks  # noqa: F401 (registers the checks)
        from crm.runtime.database import server_checks  # noqa: F401 (registers the checks)
        from crm.runtime.database.grants import grant
        from crm.runtime.publish import publish

        publish()
        post_migrate.connect(grant, dispatch_uid="grant rights to the application's role")
