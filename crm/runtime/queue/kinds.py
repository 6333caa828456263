"""Kinds of queued work: apps publish theirs from AppConfig.ready(), with the handler that does it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from crm.runtime.extension.labels import Label, untranslated
from crm.runtime.extension.registry import Registry
from crm.runtime.models import QueueItem

Explained = tuple[str, Mapping[str, Any]]  # a reason: (code, its parameters)


@dataclass(frozen=True)
class Failure:
    """Why an item ends undone: a code with parameters, put into words at the edge, and where in the code.

    The queue's own codes: "lost" (every attempt lost its worker), "cancelled", "error" (`error` in the
    parameters is the exception as crm.runtime.background.jobs.describe_error gives it). Others are the
    kind's, through `explain`.
    """

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)
    trace: tuple[str, ...] = ()


LOST, CANCELLED = Failure("lost"), Failure("cancelled")


@dataclass(frozen=True)
class Kind:
    """What may wait in the queue under a name.

    `work` is given claimed items, `batch` at most, and the business now. It may have been killed anywhere
    the last time, so it goes on from what it finds stored. It writes what it did and completes the items in
    one transaction (crm.runtime.queue.finish). In long work it fences each transaction and asks whether to
    stop (crm.runtime.queue.lease).

    `ended` is told, in the same transaction, of items that end undone, all for one reason. `explain` gives
    the reason for an exception of the kind's own, or None. An exception of `work` ends its items, but for
    what may pass by itself: that is tried again later, `most_attempts` times in all.
    """

    name: str
    label: Label  # of what waits, on the jobs page: "imports"
    work: Callable[[list[QueueItem], datetime], None]
    ended: Callable[[list[QueueItem], Failure, datetime], None]
    batch: int = 1
    most_attempts: int = 3
    explain: Callable[[BaseException], Explained | None] = lambda _error: None


_kinds: Registry[Kind] = Registry("kind of queued work", lambda kind: untranslated(kind.label))


def register(kind: Kind) -> None:
    """Publish a kind (from AppConfig.ready). Raises RegisteredTwice."""
    _kinds.add(kind.name, kind)


def get(name: str) -> Kind:
    """The kind of this name. Raises KeyError where no installed app publishes it."""
    return _kinds[name]


def names() -> list[str]:
    """Every kind."""
    return sorted(_kinds)
