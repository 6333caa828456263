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

from campaigns.review.wording.folding import fold_sign

CLAUSE_ENDS = "。！？；：，!?;:\n"  # noqa: RUF001  # full-width signs are folded before, but may be written
SENTENCE_ENDS = "。！？!?\n"  # noqa: RUF001
_SENTENCE = re.compile(f"[^{SENTENCE_ENDS}]+[{SENTENCE_ENDS}]?")
_DIGIT = "0-9一二三四五六七八九十百千万两半几数"
# Each begins with one class of signs: a search then passes over all others at once.
_NUMBER = f"[{_DIGIT}][{_DIGIT},.]{{0,12}}"
_SHARE = rf"[{_DIGIT}](?:[{_DIGIT},.]{{0,12}} ?(?:%|‰|个(?:百分)?点|percent|per cent)|分之{_NUMBER})"
_CURRENCIES = "元|块|美元|人民币|rmb|usd|cny|dollars|pounds|euros"
_MACROS = {
    "num": rf" ?{_NUMBER} ?",
    "figure": r" ?[0-9][0-9,.]{0,12} ?",
    "pct": rf" ?{_SHARE} ?",
    "money": rf" ?(?:[¥$€£] ?)?{_NUMBER} ?(?:[万千百亿kmw]{{0,2}} ?(?:{_CURRENCIES})) ?",
    "end": rf"(?=[{CLAUSE_ENDS},.]|$)",
    "start": rf"(?:(?<=[{CLAUSE_ENDS},.“”\"'【】])|(?<=^)) *",
}


_MACRO_ANCHORS = {
    "pct": ("%", "‰", "点", "分之", "percent", "per cent"),
    "money": ("元", "块", "人民币", "rmb", "usd", "cny", "dollars", "pounds", "euros"),
}
# Words of most texts about money: that one is there tells little.
_USUAL = frozenset(
    [
        "收益",
        "基金",
        "产品",
        "投资",
        "理财",
        "风险",
        "市场",
        "本金",
        "净值",
        "年化",
        "客户",
        "公司",
        "管理",
        "购买",
        "不",
        "的",
        "为",
        "您",
        "一",
        "有",
        "业绩",
        "the",
        "to",
        "in",
        "of",
        "fund",
        "return",
        "investment",
    ]
)


class BadPattern(ValueError):
    """A pattern that cannot be read; the message says where."""


@dataclass(frozen=True)
class Pattern:
    """A compiled pattern.

    Every match holds one of `anchors`, and one of `more` (empty: nothing is known of it).
    """

    source: str
    regex: re.Pattern[str]
    anchors: tuple[str, ...]
    more: tuple[str, ...]

    def may_match(self, text: str) -> bool:
        """False where it certainly does not match."""
        return _holds_one(self.anchors, text) and _holds_one(self.more, text)


def compile_pattern(source: str) -> Pattern:
    """Raises BadPattern."""
    reader = _Reader(source)
    text, anchors = reader.alternatives()
    if reader.at < len(source):
        raise BadPattern(f"{source!r}: “)” at place {reader.at + 1} closes nothing")
    before = r"(?<![a-z0-9])" if re.match(r"\(*[a-z0-9]", source) else ""
    after = r"(?![a-z0-9])" if re.search(r"[a-z0-9]\)*\??$", source) else ""
    first, second = [*anchors, [], []][:2]
    if text.startswith(r" ?") and not before:
        text = text.removeprefix(r" ?")
    return Pattern(source, re.compile(f"{before}{text}{after}"), tuple(first), tuple(second))


def compile_patterns(sources: Iterable[str]) -> tuple[Pattern, ...]:
    """Raises BadPattern."""
    return tuple(compile_pattern(source) for source in sources)


def _holds_one(words: tuple[str, ...], text: str) -> bool:
    for word in words:  # a loop is twice as quick as any() over a generator
        if word in text:
            return True
    return not words


def search_any(patterns: Iterable[Pattern], text: str, start: int = 0, end: int | None = None) -> bool:
    """Whether one of the patterns is somewhere in a stretch of the text."""
    stretch = text[start:end]
    stop = len(text) if end is None else end
    return any(one.may_match(stretch) and one.regex.search(text, start, stop) for one in patterns)


def spans(pattern: Pattern, text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The spans that a pattern matches within a stretch, without empty ones."""
    for match in pattern.regex.finditer(text, start, end):
        if match.end() > match.start():
            yield match.span()


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """The spans of the sentences of a text, each with the sign that ends it. No pattern goes beyond one."""
    return (found.span() for found in _SENTENCE.finditer(text))


Anchors = list[list[str]]  # lists of which every match holds one each, the most telling first


class _Reader:
    """Reads a pattern from left to right; each method returns the expression and what it is anchored by."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0

    def alternatives(self) -> tuple[str, Anchors]:
        texts: list[str] = []
        anchors: list[Anchors] = []
        while True:
            text, found = self.sequence()
            texts.append(text)
            anchors.append(found)
            if self._peek() != "|":
                break
            self.at += 1
        if len(texts) == 1:
            return texts[0], anchors[0]
        joined = f"(?:{'|'.join(texts)})"
        if not all(anchors):
            return joined, []
        return joined, _telling([[one for found in anchors for one in found[0]]])

    def sequence(self) -> tuple[str, Anchors]:
        parts: list[str] = []
        anchors: Anchors = []
        run = ""
        while self._peek() not in ("", "|", ")"):
            sign = self.source[self.at]
            if sign in "(~{*_\\":
                if sign != "\\":
                    anchors, run = [*anchors, [run]], ""
                text, found = self._special(sign)
                parts.append(text)
                anchors += found
            elif sign == " " or self.source[self.at + 1 : self.at + 2] == "?":
                optional = "?" * (self.source[self.at + 1 : self.at + 2] == "?")
                parts.append((r"[ \t]{1,3}" if sign == " " else re.escape(fold_sign(sign))) + optional)
                anchors, run = [*anchors, [run]], ""
                self.at += 1 + len(optional)
            else:
                parts.append(re.escape(fold_sign(sign)))
                run += fold_sign(sign)
                self.at += 1
        return "".join(parts), _telling([*anchors, [run]])

    def _special(self, sign: str) -> tuple[str, Anchors]:
        if sign == "(":
            return self._group()
        if sign == "{":
            return self._placeholder()
        if sign == "\\":
            self.at += 2
            return re.escape(self.source[self.at - 1 : self.at]), []
        if sign in "*_":
            self.at += 1
            return "[a-z]{0,8}", []
        return self._gap()

    def _placeholder(self) -> tuple[str, Anchors]:
        close = self.source.find("}", self.at)
        name = self.source[self.at + 1 : close]
        if close < 0 or name not in _MACROS:
            raise BadPattern(f"{self.source!r}: no such placeholder at place {self.at + 1}")
        self.at = close + 1
        if self._peek() == "?":
            self.at += 1
            return f"(?:{_MACROS[name]})?", []
        return _MACROS[name], [list(_MACRO_ANCHORS[name])] if name in _MACRO_ANCHORS else []

    def _group(self) -> tuple[str, Anchors]:
        opened = self.at
        self.at += 1
        text, anchors = self.alternatives()
        if self._peek() != ")":
            raise BadPattern(f"{self.source!r}: “(” at place {opened + 1} is not closed")
        self.at += 1
        if self._peek() == "?":
            self.at += 1
            return f"(?:{text})?", []
        if self._peek() == "*":
            self.at += 1
            return f"(?:{text}){{0,4}}", []
        return f"(?:{text})", anchors

    def _gap(self) -> tuple[str, Anchors]:
        found = re.match(r"(~~?)([0-9]{1,2})", self.source[self.at :])
        if not found:
            raise BadPattern(f"{self.source!r}: a gap at place {self.at + 1} needs its length")
        self.at += found.end()
        ends = CLAUSE_ENDS if found[1] == "~" else SENTENCE_ENDS
        # At the end it takes in all it can; beside Latin letters it begins and ends a word.
        before = "(?![a-z])" if re.search(r"[a-z]\)*$", self.source[: self.at - found.end()]) else ""
        after = "(?<![a-z])" if re.match(r"\(*[a-z]", self.source[self.at :]) else ""
        lazy = "?" if self.at < len(self.source) else ""
        return f"{before}[^{ends}]{{0,{found[2]}}}{lazy}{after}", []

    def _peek(self) -> str:
        return self.source[self.at : self.at + 1]


def _telling(anchors: Anchors) -> Anchors:
    """The two lists that tell most, the better first."""
    return sorted((one for one in anchors if one and all(one)), key=_weight, reverse=True)[:2]


def _weight(anchors: list[str]) -> float:
    """How much is gained by looking for these first: the shortest counts, usual words tell little."""
    return min(0.5 if one in _USUAL else len(one) for one in anchors) - len(anchors) / 50
