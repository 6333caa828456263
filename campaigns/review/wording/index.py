"""Which of many patterns may match where in a text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
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
        self._half = len(self._patterns)
        self._all = (1 << self._half) - 1
        # By word: whose anchor it is in the lower half, whose `more` it is among in the upper.
        held: dict[str, int] = defaultdict(int)
        self._nothing = 0
        for place, (_key, pattern) in enumerate(self._patterns):
            for words, bit in ((pattern.words, 1 << place), (pattern.more_words, 1 << self._half + place)):
                self._nothing |= 0 if words else bit
                for word in words:
                    held[word] |= bit
        self._words = Words(held)

    def candidates(
        self, text: str, stretches: Sequence[tuple[int, int]]
    ) -> Iterator[list[tuple[Any, Pattern]]]:
        """For each stretch, in their order: keys and patterns that may match within it, in their order."""
        for start, end in stretches:
            held = self._nothing
            for _place, bits in self._words.found(text, start, end):
                held |= bits
            yield [self._patterns[place] for place in _bits(held & self._all & (held >> self._half))]


def _bits(number: int) -> Iterator[int]:
    """The places of the bits that are set, from the lowest."""
    while number:
        lowest = number & -number
        yield lowest.bit_length() - 1
        number ^= lowest
