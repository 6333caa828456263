"""A text as it is read: folded, and with its disguises taken off, each sign knowing where it was written.

Matching is done on views. The folded view has one width, one case, simplified characters and nothing
invisible. The decoded view, where a text needs one (decode.py), is also without signs put between characters,
and has characters for pinyin, digits and look-alikes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from campaigns.review.wording.folding import FOLD, ODD, fold_sign

_WRAPPED = re.compile("(?<=[a-z,])\n(?=[a-z])")  # a line of Latin words that goes on
SURE, LIKELY = 1, 2  # how a sign of a decoded view was changed; LIKELY: only a blank was left out


@dataclass(frozen=True)
class View:
    """A reading of a text. `starts` and `ends` give for each sign its span in the original; None: the same.

    `changed` tells of each sign of a decoded view whether it was written otherwise, or had something before.
    """

    text: str
    starts: tuple[int, ...] | None = None
    ends: tuple[int, ...] | None = None
    changed: bytes | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original behind a span of the view that is not empty."""
        if self.starts is None or self.ends is None:
            return start, end
        return self.starts[start], self.ends[end - 1]

    def is_changed(self, start: int, end: int) -> bool:
        """Whether anything in a span was written otherwise."""
        return self.changed is not None and any(self.changed[start:end])

    def is_decoded(self, start: int, end: int) -> bool:
        """Whether anything in a span had to be decoded; of what is only likely, in a short span."""
        if self.changed is None:
            return False
        changed = self.changed[start : start + 1].replace(b"\2", b"") + self.changed[start + 1 : end]
        return SURE in changed or (LIKELY in changed and end - start <= 12)


def folded(text: str) -> View:
    """The folded view of a text."""
    if not ODD.search(text):
        return View(_WRAPPED.sub(" ", text.translate(FOLD)))
    signs, starts, ends = [], [], []
    for place, sign in enumerate(text):
        for one in fold_sign(sign):
            signs.append(one)
            starts.append(place)
            ends.append(place + 1)
    return View(_WRAPPED.sub(" ", "".join(signs)), tuple(starts), tuple(ends))


class Reading:
    """A view while it is decoded: its signs, where each was written, which have changed."""

    def __init__(self, view: View) -> None:
        self.text = view.text
        length = len(view.text)
        self.starts = list(view.starts) if view.starts is not None else list(range(length))
        self.ends = list(view.ends) if view.ends is not None else list(range(1, length + 1))
        self.changed = bytearray(length)

    def replace(self, start: int, end: int, signs: str, how: int = SURE) -> None:
        """Write other signs in place of a span; all of them stand for all of it. Empty: it is left out."""
        first, last = self.starts[start], self.ends[end - 1]
        self.text = self.text[:start] + signs + self.text[end:]
        self.starts[start:end] = [first] * len(signs)
        self.ends[start:end] = [last] * len(signs)
        self.changed[start:end] = bytes([how]) * len(signs)
        if not signs and start < len(self.changed):
            self.changed[start] = self.changed[start] or how

    def view(self) -> View:
        return View(self.text, tuple(self.starts), tuple(self.ends), bytes(self.changed))
