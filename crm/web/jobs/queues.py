"""What waits for workers: the work queue by kind, and queues of their own that apps publish."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from crm.runtime.clock import day_of
from crm.runtime.extension.registry import Registry
from crm.runtime.queue import depth, kinds
from crm.staff.models import Staff
from crm.web import formats
from crm.web.jobs.attention import Attention

COUNTED = 10_000  # at most, so that a long queue costs no more than this


@dataclass(frozen=True)
class Depth:
    """How much of one kind waits, counted up to COUNTED + 1; `attention` names what needs somebody."""

    label: str | Promise
    waiting: int
    attention: Callable[[Staff], Attention] | None = None

    @property
    def amount(self) -> str:
        """As it is shown: with a plus where counting stopped."""
        return f"{formats.number(COUNTED)}+" if self.waiting > COUNTED else formats.number(self.waiting)


@dataclass(frozen=True)
class Count:
    """One number of a queue; `attention` names what needs somebody where it is not 0."""

    label: str | Promise
    attention: Callable[[Staff], Attention] | None = None


@dataclass(frozen=True)
class Queue:
    """A queue of an app's own.

    `sql` gives one row, a number for each of `counts`; it may ask for `%(now)s` (an instant), `%(today)s`
    (the platform day) and `%(most)s`, up to which it counts.
    """

    sql: str
    counts: Sequence[Count]


_queues: Registry[Queue] = Registry("queue")


def register(name: str, queue: Queue) -> None:
    """Publish a queue (from AppConfig.ready). Raises RegisteredTwice."""
    _queues.add(name, queue)


def depths(now: datetime) -> list[Depth]:
    """How much waits of everything. Two queries, however many apps publish a queue."""
    queued = [Depth(kinds.get(name).label, waiting) for name, waiting in depth.waiting(COUNTED + 1).items()]
    return queued + _published([queue for _, queue in sorted(_queues.items())], now)


def _published(found: Sequence[Queue], now: datetime) -> list[Depth]:
    if not found:
        return []
    rows = ", ".join(f"({queue.sql}) AS queue_{number}" for number, queue in enumerate(found))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT * FROM {rows}",  # noqa: S608  # statements of the apps, which hold nothing entered
            {"now": now, "today": day_of(now), "most": COUNTED + 1},
        )
        numbers = cursor.fetchone()
    counts = [count for queue in found for count in queue.counts]
    return [
        Depth(count.label, number, count.attention) for count, number in zip(counts, numbers, strict=True)
    ]


def attention(found: Iterable[Depth], staff: Staff) -> list[Attention]:
    """What somebody has to look at, by name, as this person may see it."""
    return [depth.attention(staff) for depth in found if depth.waiting and depth.attention]


def backlog(found: Iterable[Depth]) -> str:
    """A sentence about what waits."""
    waiting = [f"{depth.label} {depth.amount}" for depth in found if depth.waiting]
    return " ".join((_("Backlog:"), _(", ").join(waiting) + _("."))) if waiting else _("No backlog.")
