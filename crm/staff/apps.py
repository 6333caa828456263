from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _


class StaffConfig(AppConfig):
    name = "crm.staff"
    label = "staff"
    verbose_name = _("People")

    def ready(self) -> None:
        from crm.staff.checks import knows_its_proxy, owns_nothing
        from crm.staff.publish import publish

        publish()
        checks.register(owns_nothing, checks.Tags.security, deploy=True)
        checks.register(knows_its_proxy, checks.Tags.security, deploy=True)
