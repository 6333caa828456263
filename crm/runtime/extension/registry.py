"""What apps publish to those below them: entries by key, each once, from AppConfig.ready().

A key that is taken is refused where that happens. What can only be judged once every app is ready (an action
nobody declared, a page that does not exist, a missing translation) is found by `problems`, which Django's
checks and the web server ask before they start.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Generic, TypeVar

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import override

from crm.runtime.extension.labels import SOURCE_LANGUAGE

Entry = TypeVar("Entry")
Judge = Callable[[], Iterable[str]]
_judges: list[Judge] = []


class RegisteredTwice(ImproperlyConfigured):
    """Two entries have the same key; the message names both."""


class Registry(Mapping[str, Entry], Generic[Entry]):
    """Entries of one kind. `judge` yields what is wrong with an entry once all apps are ready, in words."""

    def __init__(self, kind: str, judge: Callable[[Entry], Iterable[str]] = lambda entry: ()) -> None:
        self.kind = kind
        self.judge = judge
        self._entries: dict[str, Entry] = {}
        judge_at_start(self._problems)

    def add(self, key: str, entry: Entry) -> None:
        """Raises RegisteredTwice."""
        known = self._entries.get(key)
        if known is not None:
            with override(SOURCE_LANGUAGE):
                raise RegisteredTwice(f"{self.kind} {key!r} is registered twice: {known} and {entry}")
        self._entries[key] = entry

    def _problems(self) -> Iterator[str]:
        for key, entry in self._entries.items():
            yield from (f"{self.kind} {key!r}: {problem}" for problem in self.judge(entry))

    def __getitem__(self, key: str) -> Entry:
        return self._entries[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)


def judge_at_start(judge: Judge) -> Judge:
    """Let `judge` tell of problems too, one line for each, once all apps are ready; also a decorator."""
    _judges.append(judge)
    return judge


def problems() -> list[str]:
    """What is wrong with all that apps have published, one line for each; empty when nothing is."""
    return [problem for judge in _judges for problem in judge()]


def refuse_problems() -> None:
    """Raises ImproperlyConfigured, which names all of them, where there are any."""
    if found := problems():
        raise ImproperlyConfigured("\n".join(["The installed apps do not fit together:", *found]))
