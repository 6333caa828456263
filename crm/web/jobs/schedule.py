"""The timetable as the jobs page shows it: what beat wakes, when it last did, when it does next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import DateTimeField, Func
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django_celery_beat.models import CrontabSchedule, PeriodicTask

from crm.runtime.background import schedule

# What Celery adds by itself.
OF_CELERY = {"celery.backend_cleanup": gettext_lazy("Clear old task results")}


@dataclass(frozen=True)
class Entry:
    """One line of the timetable; `following` is empty where it is switched off."""

    label: str
    times: str
    last: datetime | None
    following: datetime | None


def timetable() -> list[Entry]:
    """Every entry with its times, the next to come first. One query, by the machine's clock."""
    clock_now = Func(function="clock_timestamp", output_field=DateTimeField())
    tasks = PeriodicTask.objects.exclude(crontab=None).select_related("crontab")
    entries = [
        Entry(
            task_label(task),
            times_text(task.crontab),
            task.last_run_at,
            _following(task, task.machine_now) if task.enabled else None,
        )
        for task in tasks.annotate(machine_now=clock_now)
    ]
    return sorted(entries, key=_place)


def _place(entry: Entry) -> tuple[bool, datetime | None, str]:
    """Those that are switched off stand last, by their label."""
    return entry.following is None, entry.following, entry.label


def _following(task: PeriodicTask, now: datetime) -> datetime:
    """The next instant of its times after `now`."""
    start, ahead, _now = task.crontab.schedule.remaining_delta(now)
    following: datetime = start + ahead
    return following


def task_label(task: PeriodicTask) -> str:
    """What the entry does; its name where no app says it in words."""
    return str(schedule.label(task.name) or OF_CELERY.get(task.name, task.name))


def times_text(crontab: CrontabSchedule | None) -> str:
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
