from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _


class StaffConfig(AppConfig):
    name = "crm.staff"
    label = "staff"
    verbose_name = _("People")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from crm.staff import permissions
        from crm.staff.administration import sections
        from crm.staff.checks import knows_its_proxy, owns_nothing

        permissions.register(
            permissions.REVEAL,
            permissions.SEE_REQUESTS,
            permissions.DECIDE_REQUEST,
            permissions.MANAGE_STAFF,
        )
        sections.register(
            sections.Table(
                "runtime_calendarday", _("Calendar"), "calendar_month", sections.REFERENCE_DATA, 40
            ),
            sections.Table("django_celery_beat_periodictask", _("Schedule"), "schedule", sections.SYSTEM, 10),
        )
        checks.register(owns_nothing, checks.Tags.security, deploy=True)
        checks.register(knows_its_proxy, checks.Tags.security, deploy=True)
