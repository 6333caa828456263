"""Fold a page of the timeline: what happened often on one day, such as logins, is one line that opens."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from crm.directory.member.timeline.read import TimelineEntry
from crm.runtime.clock import day_of

FEWEST = 2  # of one kind on one day


@dataclass(frozen=True)
class Line:
    """One line: an entry, or the `folded` ones of a day under their words, newest first."""

    entry: TimelineEntry
    words: str = ""
    folded: tuple[TimelineEntry, ...] = ()

    @property
    def since(self) -> datetime:
        """When the first of the folded ones happened."""
        return self.folded[-1].at


@dataclass(frozen=True)
class Day:
    """The lines of a platform day."""

    on: date
    lines: list[Line]


def fold(entries: Iterable[TimelineEntry]) -> list[Day]:
    """The days of these entries, newest first as they are given.

    A folded line stands where the newest of its entries happened.
    """
    days: dict[date, list[TimelineEntry]] = {}
    for entry in entries:
        days.setdefault(day_of(entry.at), []).append(entry)
    return [Day(on, _lines(found)) for on, found in days.items()]


def _lines(entries: list[TimelineEntry]) -> list[Line]:
    alike: dict[tuple[str, str], list[TimelineEntry]] = {}
    for entry in entries:
        if entry.folds:
            alike.setdefault((entry.source, entry.kind), []).append(entry)
    lines = []
    for entry in entries:
        group = alike.get((entry.source, entry.kind), []) if entry.folds else []
        if len(group) < FEWEST or not entry.folds:
            lines.append(Line(entry))
        elif entry is group[0]:
            lines.append(Line(entry, entry.folds(len(group)), tuple(group)))
    return lines
