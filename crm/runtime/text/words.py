"""Many words looked for in one pass over a text: the automaton of Aho and Corasick."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Generic, TypeVar

import ahocorasick

Value = TypeVar("Value")


class Words(Generic[Value]):
    """Words, each with a value. The time to look for them follows the text, not how many they are."""

    def __init__(self, values: Mapping[str, Value]) -> None:
        self._automaton = ahocorasick.Automaton()
        for word, value in values.items():
            self._automaton.add_word(word, value)
        self._automaton.make_automaton()
        self._is_empty = not values

    def found(self, text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, Value]]:
        """The place of the last sign and the value of each word in a stretch, ordered by place."""
        if self._is_empty:
            return iter(())
        found: Iterator[tuple[int, Value]] = self._automaton.iter(
            text, start, len(text) if end is None else end
        )
        return found

    def is_in(self, text: str) -> bool:
        """Whether a text holds any of the words."""
        nothing: Any = object()
        return next(self.found(text), nothing) is not nothing
