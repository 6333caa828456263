"""What components are given: tabs, facts with where they came from, progress of what takes a while."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.safestring import SafeString

Text = str | Promise | SafeString


@dataclass(frozen=True)
class Tab:
    """One tab: a link to the page that shows it. `count` is shown beside the label when it is known."""

    key: str
    label: Text
    address: str
    current: bool = False
    count: int | None = None


def tabs(
    choices: Iterable[tuple[str, Text]],
    current: str,
    parameters: QueryDict | None = None,
    *,
    name: str = "tab",
    counts: Mapping[str, int] | None = None,
) -> list[Tab]:
    """A tab for each (key, label); its address is this page with ?name=key, the first one without.

    An unknown `current` shows the first tab.
    """
    pairs = list(choices)
    known = current if any(key == current for key, _label in pairs) else pairs[0][0]
    made = []
    for number, (key, label) in enumerate(pairs):
        query = parameters.copy() if parameters else QueryDict(mutable=True)
        for gone in (name, "after"):
            query.pop(gone, None)
        if number:
            query[name] = key
        made.append(Tab(key, label, f"?{query.urlencode()}", key == known, (counts or {}).get(key)))
    return made


@dataclass(frozen=True)
class Fact:
    """One fact and where it came from.

    `source` is a text ("bank.csv, line 12"), `at` its instant or that of the import; both may be unknown.
    `copied`: with a button that copies the value.
    """

    label: Text
    value: Text
    source: Text = ""
    at: datetime | None = None
    masked: bool = False
    more: Text = ""
    copied: bool = False


@dataclass(frozen=True)
class Progress:
    """How far something is: `done` of `total` (0: unknown), polled from `address` until it has `ended`.

    `page` is what a reader without script opens again.
    """

    label: Text
    done: int = 0
    total: int = 0
    words: Text = ""
    ended: bool = False
    address: str = ""
    page: str = ""
    id: str = "progress"

    @property
    def is_polled(self) -> bool:
        return bool(self.address) and not self.ended

    @property
    def share(self) -> float | None:
        """From 0 to 1; None where nobody can say."""
        if self.total:
            return self.done / self.total
        return 1.0 if self.ended else None
