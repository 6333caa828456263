"""Which of many patterns may match where in a text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from campaigns.review.wording.patterns import Pattern
from crm.runtime.text.words import Words


class Index:
    """Many patterns, each with a key, looked for in all sentences of a text at once.

    Only those are tried of whose words the sentence holds one of `anchors` and one of `more`. Sets of
    patterns are the bits of an integer: what a sentence holds decides on all of them by a few operations.
    """

    def __init__(self, patterns: Iterable[tuple[Any, Pattern]]) -> None:
        self._patterns = list(patterns)
        self._always = self._places_of(lambda one: not one.anchors)
        self._without_more = self._places_of(lambda one: not one.more)
        held: dict[str, tuple[int, int]] = {}  # by word: whose anchor it is, whose `more` it is among
        for place, (_key, pattern) in enumerate(self._patterns):
            for word in pattern.anchors:
                anchors, more = held.get(word, (0, 0))
                held[word] = anchors | 1 << place, more
            for word in pattern.more:
                anchors, more = held.get(word, (0, 0))
                held[word] = anchors, more | 1 << place
        self._words = Words(held)

    def candidates(
        self, text: str, stretches: Sequence[tuple[int, int]]
    ) -> Iterator[list[tuple[Any, Pattern]]]:
        """For each stretch, in their order: keys and patterns that may match within it, in their order."""
        anchored, complete = [self._always] * len(stretches), [self._without_more] * len(stretches)
        at = 0
        for place, (anchors, more) in self._words.found(text):
            while at < len(stretches) and place >= stretches[at][1]:
                at += 1
            if at == len(stretches):
                break
            if place >= stretches[at][0]:
                anchored[at] |= anchors
                complete[at] |= more
        for first, second in zip(anchored, complete, strict=True):
            yield [self._patterns[place] for place in _bits(first & second)]

    def _places_of(self, wanted: Callable[[Pattern], bool]) -> int:
        return sum(1 << place for place, (_key, one) in enumerate(self._patterns) if wanted(one))


def _bits(number: int) -> Iterator[int]:
    """The places of the bits that are set, from the lowest."""
    while number:
        lowest = number & -number
        yield lowest.bit_length() - 1
        number ^= lowest
