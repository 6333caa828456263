"""What beat wakes and when: apps publish their tasks here, crm/celery.py hands all of them to beat."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from celery.schedules import crontab

from crm.runtime.extension.labels import Label, untranslated
from crm.runtime.extension.registry import Registry


@dataclass(frozen=True)
class Scheduled:
    """A task that beat wakes at crontab times, which are platform time.

    `name` is the key of its row in beat's table. A wake-up not delivered within `expires` seconds is dropped:
    the next one finds the same work.
    """

    name: str
    task: Any
    times: crontab
    expires: int
    label: Label

    def __str__(self) -> str:
        return f"{self.task.name} ({self.label})"


def _judge(scheduled: Scheduled) -> Iterator[str]:
    if scheduled.expires <= 0:
        yield "its wake-ups expire before they are sent"
    yield from untranslated(scheduled.label)


_entries: Registry[Scheduled] = Registry("schedule entry", _judge)


def register(*entries: Scheduled) -> None:
    """Publish what of an app runs by itself (from AppConfig.ready). Raises RegisteredTwice."""
    for entry in entries:
        _entries.add(entry.name, entry)


def label(name: str) -> Label | None:
    """What an entry does, in words; None for one that no app has registered."""
    entry = _entries.get(name)
    return entry.label if entry else None


def beat_schedule() -> dict[str, dict[str, Any]]:
    """Every entry in Celery's form."""
    return {
        entry.name: {
            "task": entry.task.name,
            "schedule": entry.times,
            "options": {"expires": entry.expires},
        }
        for entry in _entries.values()
    }
