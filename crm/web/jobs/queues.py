"""What waits for workers: the work queue by kind, and queues of their own that apps publish."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from crm.runtime.extension.registry import Registry
from crm.runtime.queue import depth, kinds
from crm.web import formats

COUNTED = 10_000  # at most, so that a long queue costs no more than this


@dataclass(frozen=True)
class Depth:
    """How much of one kind waits, counted up to COUNTED + 1."""

    label: str | Promise
    waiting: int

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


def backlog(now: datetime) -> str:
    """A sentence about what waits."""
    waiting = [f"{depth.label} {depth.amount}" for depth in depths(now) if depth.waiting]
    return " ".join((_("Backlog:"), _(", ").join(waiting) + _("."))) if waiting else _("No backlog.")
