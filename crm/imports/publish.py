"""What the imports publish to the apps below them."""

from __future__ import annotations

from celery.schedules import crontab
from django.utils.translation import gettext_lazy as _

from crm.imports import tasks
from crm.imports.pages import messages
from crm.imports.permissions import IMPORT
from crm.imports.rejects.sheet import EXPORTED_MASKED, EXPORTED_PLAIN
from crm.imports.runs import record
from crm.imports.undo import request as undo_request
from crm.imports.undo import sentences
from crm.imports.undo import work as undo_work
from crm.imports.uploads import worker
from crm.runtime import errors
from crm.runtime.background import schedule
from crm.runtime.background.schedule import Scheduled
from crm.runtime.queue import kinds
from crm.staff import permissions
from crm.staff.privacy import export_log
from crm.web import palette
from crm.web.assets import styles
from crm.web.frame import navigation
from crm.web.frame.navigation import SYSTEM, Place
from crm.web.jobs import registry as jobs
from crm.web.jobs.registry import Family, Job

IMPORTS = Place(
    "imports",
    _("Imports"),
    "i",
    IMPORT,
    SYSTEM,
    10,
    within=("import-run", "import-new", "import-upload", "import-fix"),
)


COUNTS = {
    "read": _("read"),
    "added": _("added"),
    "updated": _("updated"),
    "unchanged": _("unchanged"),
    "rejected": _("rejected"),
}


EXPORTS = {
    EXPORTED_MASKED: _("Rejected rows (masked)"),
    EXPORTED_PLAIN: _("Rejected rows (unmasked, on the server)"),
}


def publish() -> None:
    """Called once, from AppConfig.ready()."""
    styles.register("imports")
    permissions.register(IMPORT)
    export_log.register(EXPORTS)
    navigation.register(IMPORTS)
    palette.register_commands(palette.Command(_("Import a file"), "imports", IMPORT, _("upload CSV")))
    errors.register(sentences.ERRORS)
    undo_request.register()
    kinds.register(kinds.Kind(undo_work.KIND, sentences.WAITING, undo_work.work, undo_work.ended))
    kinds.register(kinds.Kind(record.KIND, record.LABEL, worker.work, record.ended, explain=record.explain))
    jobs.register(
        Family("import ", messages.job_label, COUNTS, rows="read"),
        Job("replay rejects", _("Retry rejected rows"), COUNTS, rows="read"),
        Job(undo_work.JOB, _("Undo import"), {"restored": _("restored"), "removed": _("removed")}),
    )
    schedule.register(
        Scheduled(
            "delete old uploads",
            tasks.delete_old_uploads,
            crontab(minute="*/30"),
            1700,
            _("Delete expired uploads"),
        ),
        Scheduled(
            "delete old overwritten rows",
            tasks.delete_old_overwritten,
            crontab(minute="20", hour="3"),
            3600,
            _("Delete values kept for undoing imports"),
        ),
    )
