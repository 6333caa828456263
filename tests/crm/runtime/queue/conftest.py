"""A kind of work that only tests know: it notes what it is given and does what it is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

import pytest
from django.db import connection

from crm.runtime.extension.labels import Verbatim
from crm.runtime.extension.registry import Registry
from crm.runtime.models import QueueItem
from crm.runtime.queue import kinds
from crm.runtime.queue.finish import complete


@dataclass
class Errand:
    """The kind "errand": `seen` are numbers worked on, `ended` (key, code) of items that ended undone."""

    do: Callable[[list[QueueItem]], None] = complete
    seen: list[object] = field(default_factory=list)
    ended: list[tuple[str | None, str]] = field(default_factory=list)

    def work(self, items: list[QueueItem], _now: datetime) -> None:
        self.seen += [item.payload.get("n") for item in items]
        self.do(items)

    def end(self, items: list[QueueItem], why: kinds.Failure, _now: datetime) -> None:
        self.ended += [(item.key, why.code) for item in items]

    def takes(self, **changes: object) -> None:
        """Change how the kind is registered."""
        known = {**kinds._kinds, "errand": replace(kinds.get("errand"), **changes)}
        kinds._kinds = Registry("kind of queued work")
        for kind in known.values():
            kinds.register(kind)


@pytest.fixture
def errand(monkeypatch) -> Iterator[Errand]:
    found = Errand()
    monkeypatch.setattr(kinds, "_kinds", Registry("kind of queued work"))
    kinds.register(kinds.Kind("errand", Verbatim("errands"), found.work, found.end))
    return found


@pytest.fixture
def other():
    """A second session of the same role."""
    found = connection.copy()
    yield found
    found.close()
