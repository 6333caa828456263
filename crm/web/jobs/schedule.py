"""The timetable as the jobs page shows it: what beat wakes, when it last did, when it does next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import DateTimeField, Func
from django_celery_beat.models import PeriodicTask

from crm.staff.administration.timetable import task_in_words, times_in_words


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
            task_in_words(task),
            times_in_words(task.crontab),
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
