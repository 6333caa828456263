"""What waits for workers: the work queue by kind, and queues of their own that apps publish."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _

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


Measure = Callable[[datetime], list[Depth]]  # one query each
_measures: Registry[Measure] = Registry("queue")


def register(name: str, measure: Measure) -> None:
    """Publish a queue (from AppConfig.ready). Raises RegisteredTwice."""
    _measures.add(name, measure)


def depths(now: datetime) -> list[Depth]:
    """How much waits of everything."""
    queued = [Depth(kinds.get(name).label, waiting) for name, waiting in depth.waiting(COUNTED + 1).items()]
    return queued + [found for _, measure in sorted(_measures.items()) for found in measure(now)]


def attention(found: Iterable[Depth], staff: Staff) -> list[Attention]:
    """What somebody has to look at, by name, as this person may see it."""
    return [depth.attention(staff) for depth in found if depth.waiting and depth.attention]


def backlog(found: Iterable[Depth]) -> str:
    """A sentence about what waits."""
    waiting = [f"{depth.label} {depth.amount}" for depth in found if depth.waiting]
    return " ".join((_("Backlog:"), _(", ").join(waiting) + _("."))) if waiting else _("No backlog.")
