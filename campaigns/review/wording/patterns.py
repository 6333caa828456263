"""The pattern language of rule packs, compiled to regular expressions that cannot run away.

    保(本|息)          alternatives; `(…)?` is optional, `(…)*` there up to four times
    returns?           so is a sign before `?`
    保证~6收益         a gap of at most 6 signs that ends no clause
    保证~~20收益       a gap of at most 20 signs that ends no sentence
    近{num}个月        a number, in figures or in Chinese; also {pct}, {money}, {end} (of a clause), {start}
    guaranteed return  begins and ends with whole words; a blank stands for one to three
    doubl* your money  `*` stands for what is left of a word; after alternatives it is written `_`

Everything else stands for itself, after a backslash also one of these signs. There is no repetition but the
bounded ones, so matching takes time linear in the text, whoever wrote the pattern.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from campaigns.review.wording.expressions import SENTENCE_ENDS, read_pattern

# A question that is answered at once is one sentence with its answer: “会亏吗？绝不会！”
_ANSWERED = "[?] ?(?=(?:绝对|绝|当然|肯定|根本|压根)?(?:不会|不可能|不存在|没有|没|无|零|为零))"
_SENTENCE = re.compile(f"(?:[^{SENTENCE_ENDS}]|{_ANSWERED})+[{SENTENCE_ENDS}]?")


@dataclass(frozen=True)
class Pattern:
    """A compiled pattern.

    Every match holds one of `anchors`, one of `more`, and one of `words`, which are more words than `anchors`
    but tell more (empty: nothing is known of it).
    """

    source: str
    regex: re.Pattern[str]
    anchors: tuple[str, ...]
    more: tuple[str, ...]
    words: tuple[str, ...]
    more_words: tuple[str, ...]

    def may_match(self, text: str) -> bool:
        """False where it certainly does not match."""
        for word in self.anchors:  # a loop is twice as quick as any() over a generator
            if word in text:
                break
        else:
            if self.anchors:
                return False
        for word in self.more:
            if word in text:
                return True
        return not self.more


@lru_cache(maxsize=20_000)
def compile_pattern(source: str) -> Pattern:
    """Kept, so that a pack of which one rule was edited is compiled at once. Raises BadPattern."""
    read = read_pattern(source)
    before = r"(?<![a-z0-9])" if re.match(r"\(*[a-z0-9]", source) else ""
    after = r"(?![a-z0-9])" if re.search(r"[a-z0-9]\)*\??$", source) else ""
    text = read.text
    if text.startswith(r" ?") and not before:
        text = text.removeprefix(r" ?")
    first, second = [*read.anchors, [], []][:2]
    words, more = [*read.spelt, [], []][:2]
    return Pattern(source, re.compile(f"{before}{text}{after}"), *map(tuple, (first, second, words, more)))


def compile_patterns(sources: Iterable[str]) -> tuple[Pattern, ...]:
    """Raises BadPattern."""
    return tuple(compile_pattern(source) for source in sources)


def search_any(patterns: Iterable[Pattern], text: str, start: int = 0, end: int | None = None) -> bool:
    """Whether one of the patterns is somewhere in a stretch of the text."""
    stop = len(text) if end is None else end
    stretch = text[start:stop]
    return any(one.may_match(stretch) and one.regex.search(text, start, stop) for one in patterns)


def spans(pattern: Pattern, text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The spans that a pattern matches within a stretch, without empty ones."""
    for match in pattern.regex.finditer(text, start, end):
        if match.end() > match.start():
            yield match.span()


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """The spans of the sentences of a text, each with the sign that ends it. No pattern goes beyond one."""
    return (found.span() for found in _SENTENCE.finditer(text))
