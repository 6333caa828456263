"""Read patterns (campaigns.review.wording.patterns): as expressions, with words that every match holds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from campaigns.review.wording.folding import fold_sign

CLAUSE_ENDS = "。！？；：，!?;:\n"  # noqa: RUF001  # full-width signs are folded before, but may be written
SENTENCE_ENDS = "。！？!?\n"  # noqa: RUF001
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


def read_pattern(source: str) -> Read:
    """Raises BadPattern."""
    reader = _Reader(source)
    read = reader.alternatives()
    if reader.at < len(source):
        raise BadPattern(f"{source!r}: “)” at place {reader.at + 1} closes nothing")
    return read


Anchors = list[list[str]]  # lists of which every match holds one each, the most telling first
_MOST_WORDS = 64  # that are spelt out of one part of a pattern


@dataclass(frozen=True)
class Read:
    """A part of a pattern that was read: its expression, by what it is anchored, and the same with neighbours
    spelt out together (保本, 保息 for 保(本|息)). `exact`: all that it can match, where that is few words."""

    text: str
    anchors: Anchors
    spelt: Anchors
    exact: frozenset[str] | None


_NOTHING = frozenset([""])


class _Sequence:
    """What follows one another in a pattern."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._anchors: Anchors = []
        self._spelt: Anchors = []
        self._exact, self._is_whole = _NOTHING, True
        self._run = ""

    def add_sign(self, sign: str) -> None:
        """A sign that stands for itself."""
        self._run += sign
        self._join(Read(re.escape(sign), [], [], frozenset([sign])))

    def add(self, read: Read) -> None:
        """Anything else."""
        self._anchors += [[self._run], *read.anchors]
        self._run = ""
        self._join(read)

    def read(self) -> Read:
        """All of it."""
        anchors = _telling([*self._anchors, [self._run]])
        spelt = _telling([*self._spelt, _least(self._exact)])
        return Read("".join(self._texts), anchors, spelt, self._exact if self._is_whole else None)

    def _join(self, read: Read) -> None:
        self._texts.append(read.text)
        joined = frozenset(one + other for one in self._exact for other in read.exact or ())
        if read.exact is not None and len(joined) <= _MOST_WORDS:
            self._exact = joined
            return
        self._spelt += [_least(self._exact), *read.spelt]
        self._exact, self._is_whole = read.exact or _NOTHING, False


class _Reader:
    """Reads a pattern from left to right."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0

    def alternatives(self) -> Read:
        reads = [self.sequence()]
        while self._peek() == "|":
            self.at += 1
            reads.append(self.sequence())
        if len(reads) == 1:
            return reads[0]
        exact = frozenset(word for read in reads for word in read.exact or ())
        is_few = all(read.exact is not None for read in reads) and len(exact) <= _MOST_WORDS
        return Read(
            f"(?:{'|'.join(read.text for read in reads)})",
            _either([read.anchors for read in reads]),
            _either([read.spelt for read in reads]),
            exact if is_few else None,
        )

    def sequence(self) -> Read:
        found = _Sequence()
        while self._peek() not in ("", "|", ")"):
            sign = self.source[self.at]
            if sign in "(~{*_\\":
                found.add(self._special(sign))
            elif sign == " " or self.source[self.at + 1 : self.at + 2] == "?":
                optional = "?" * (self.source[self.at + 1 : self.at + 2] == "?")
                text = r"[ \t]{1,3}" if sign == " " else re.escape(fold_sign(sign))
                exact = frozenset([fold_sign(sign), ""]) if sign != " " else None
                found.add(Read(text + optional, [], [], exact))
                self.at += 1 + len(optional)
            else:
                found.add_sign(fold_sign(sign))
                self.at += 1
        return found.read()

    def _special(self, sign: str) -> Read:
        if sign == "(":
            return self._group()
        if sign == "{":
            return self._placeholder()
        if sign == "\\":
            self.at += 2
            return Read(re.escape(self.source[self.at - 1 : self.at]), [], [], None)
        if sign in "*_":
            self.at += 1
            return Read("[a-z]{0,8}", [], [], None)
        return self._gap()

    def _placeholder(self) -> Read:
        close = self.source.find("}", self.at)
        name = self.source[self.at + 1 : close]
        if close < 0 or name not in _MACROS:
            raise BadPattern(f"{self.source!r}: no such placeholder at place {self.at + 1}")
        self.at = close + 1
        if self._peek() == "?":
            self.at += 1
            return Read(f"(?:{_MACROS[name]})?", [], [], None)
        anchors = [list(_MACRO_ANCHORS[name])] if name in _MACRO_ANCHORS else []
        return Read(_MACROS[name], anchors, anchors, None)

    def _group(self) -> Read:
        opened = self.at
        self.at += 1
        read = self.alternatives()
        if self._peek() != ")":
            raise BadPattern(f"{self.source!r}: “(” at place {opened + 1} is not closed")
        self.at += 1
        if self._peek() == "?":
            self.at += 1
            return Read(f"(?:{read.text})?", [], [], read.exact | _NOTHING if read.exact else None)
        if self._peek() == "*":
            self.at += 1
            return Read(f"(?:{read.text}){{0,4}}", [], [], None)
        return Read(f"(?:{read.text})", read.anchors, read.spelt, read.exact)

    def _gap(self) -> Read:
        found = re.match(r"(~~?)([0-9]{1,2})", self.source[self.at :])
        if not found:
            raise BadPattern(f"{self.source!r}: a gap at place {self.at + 1} needs its length")
        self.at += found.end()
        ends = CLAUSE_ENDS if found[1] == "~" else SENTENCE_ENDS
        # At the end it takes in all it can; beside Latin letters it begins and ends a word.
        before = "(?![a-z])" if re.search(r"[a-z]\)*$", self.source[: self.at - found.end()]) else ""
        after = "(?<![a-z])" if re.match(r"\(*[a-z]", self.source[self.at :]) else ""
        lazy = "?" if self.at < len(self.source) else ""
        return Read(f"{before}[^{ends}]{{0,{found[2]}}}{lazy}{after}", [], [], None)

    def _peek(self) -> str:
        return self.source[self.at : self.at + 1]


def _either(anchors: Sequence[Anchors]) -> Anchors:
    """By what one of several alternatives is anchored: the best list of each, all together."""
    return _telling([[word for one in anchors for word in one[0]]]) if all(anchors) else []


def _least(words: frozenset[str]) -> list[str]:
    """The words without those that hold another."""
    return sorted(one for one in words if not any(other != one and other in one for other in words))


def _telling(anchors: Anchors) -> Anchors:
    """The two lists that tell most, the better first."""
    found = sorted((one for one in anchors if one and all(one)), key=_weight, reverse=True)
    return [found[0], *[one for one in found[1:] if one != found[0]][:1]] if found else []


def _weight(anchors: list[str]) -> float:
    """How much is gained by looking for these first: the shortest counts, usual words tell little."""
    return min(0.5 if one in _USUAL else len(one) for one in anchors) - len(anchors) / 50
