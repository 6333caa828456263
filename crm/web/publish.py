"""What the shared pages publish."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.staff import permissions
from crm.staff.administration import sections
from crm.staff.permissions import MANAGE_STAFF
from crm.web.assets import styles
from crm.web.frame import navigation
from crm.web.frame.navigation import SYSTEM, Place
from crm.web.palette import actions, register_commands
from crm.web.permissions import EXPORT, SEE_GALLERY, SEE_JOBS, USE_PALETTE


def publish() -> None:
    """Called once, from AppConfig.ready()."""
    styles.register("gallery")
    permissions.register(USE_PALETTE, SEE_GALLERY, EXPORT, SEE_JOBS)
    navigation.register(
        Place("jobs", _("Jobs"), "j", SEE_JOBS, SYSTEM, 20, within=("job-history",)),
        Place("admin:index", _("Administration"), "a", MANAGE_STAFF, SYSTEM, 50),
    )
    sections.register(
        sections.Table("django_celery_beat_periodictask", _("Schedule"), "schedule", sections.SYSTEM, 10)
    )
    register_commands(*actions.COMMANDS)
