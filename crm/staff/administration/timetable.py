"""The timetable of crm/celery.py in the reader's words: what each entry does, and when."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, ngettext
from django_celery_beat.models import CrontabSchedule, PeriodicTask

TASKS: dict[str, str | Promise] = {
    "restage members": gettext_lazy("Update stages"),
    "verify the stages": gettext_lazy("Verify stages"),
    "try policies": gettext_lazy("Run policy impact previews"),
    "fold the counts": gettext_lazy("Aggregate lifecycle counts"),
    "count the KPIs": gettext_lazy("Calculate KPIs of this and last month"),
    "catch up with the KPIs": gettext_lazy("Recalculate KPIs with changed data"),
    "show a sign of life": gettext_lazy("Worker heartbeat"),
    "process the queue": gettext_lazy("Process queued work"),
    "delete old uploads": gettext_lazy("Delete expired uploads"),
    "sweep lost runs": gettext_lazy("Close interrupted runs"),
    "expire requests": gettext_lazy("Expire overdue requests"),
    "forget sessions": gettext_lazy("Clear expired sessions"),
    "celery.backend_cleanup": gettext_lazy("Clear old task results"),
}
# What the package calls its tables, said in one way: these go before its own translations.
PACKAGE = (gettext_noop("Periodic Tasks"), gettext_noop("periodic tasks"), gettext_noop("periodic task"))


def task_in_words(task: PeriodicTask) -> str:
    """What the entry does; its name where nobody said it in words."""
    return str(TASKS.get(task.name, task.name))


def times_in_words(crontab: CrontabSchedule | None) -> str:
    """Every minute, every 5 minutes, every day at 04:20; any other times as crontab writes them.

    Times are those of the schedule's zone, the platform's.
    """
    if crontab is None:
        return "–"
    minute, hour = crontab.minute, crontab.hour
    if (crontab.day_of_month, crontab.month_of_year, crontab.day_of_week) == ("*", "*", "*"):
        if (minute, hour) == ("*", "*"):
            return _("Every minute")
        if minute.startswith("*/") and minute[2:].isdecimal() and hour == "*":
            step = int(minute[2:])
            return ngettext("Every %(count)d minute", "Every %(count)d minutes", step) % {"count": step}
        if minute.isdecimal() and hour.isdecimal():
            return _("Daily at %(time)s") % {"time": f"{int(hour):02}:{int(minute):02}"}
    return " ".join((minute, hour, crontab.day_of_month, crontab.month_of_year, crontab.day_of_week))
