"""Lines of a table that are no rows: empty ones, headings again, sums. Passed over, counted, and said."""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from crm.imports.vocabulary.headings import clean

EMPTY, HEADINGS, SUMMARY = "empty", "headings", "summary"
OTHER_HEADINGS = "other_headings"  # nothing of the file can be trusted from there on

_SUM = re.compile(
    r"(人民币|外币|本页|本月)?(合计|总计|小计|累计|合計|總計|小計)(金额|金額|数)?\s*[:：]?"
    r"|(grand |sub)?total\s*[:：]?",
    re.IGNORECASE,
)
_COUNT = re.compile(
    r"[(（]?\s*(共|总共|共计|总笔数|记录数|total)\s*[:：]?\s*[\d,]+\s*(笔|条|行|项|人|户|records?|rows?|$)",
    re.I,
)
# What a bill says around its table, in a line that has not the table's fields.
_NOTE = re.compile(
    r"\W*$|\W*(共|合计|总计|小计|收入|支出|已收入|待收入|已支出|待支出|不计收支|中性交易|导出时间|导出信息|起始|终止|开始|结束"
    r"|用户|说明|备注|注|特别提示|温馨提示|以上|以下|本页|制表|打印|第\d+页|total|end of)",
    re.IGNORECASE,
)
_BEGIN = frozenset("合总小累總共计記记人外本(（tTgGsS")  # of the words for sums
_BLANK = " \t\r\n\u00a0\u3000\ufeff"

# The same for the bytes of lines in UTF-8, coarsely: what is not found here is a row to classify() too.
_WORDS = ["总", "合计", "小计", "累计", "合計", "總計", "小計", "共", "记录数", "人民币", "外币", "本", "（"]
_SPACE = rb'(?:[ \t\r\v\f",]|\xc2\xa0|\xe3\x80\x80|\xef\xbb\xbf)*+'
_END = rb"(?=\n|\Z)"
_EDGE = rb'(?:[ \t\r"]|\xc2\xa0|\xe3\x80\x80|\xef\xbb\xbf)*+'
_NO_ROW = rb"%b(?:%b|\(|(?i:total|grand|sub)|%b)" % (_SPACE, _END, b"|".join(map(str.encode, _WORDS)))


class Skipped:
    """How many lines were passed over and where the first was, by what they are."""

    def __init__(self, found: dict[str, list[int]] | None = None) -> None:
        self.found = found or {}

    def note(self, what: str, line: int) -> None:
        self.add({what: [1, line]})

    def add(self, found: dict[str, list[int]]) -> None:
        """Count more: {what: [lines, the first of them]}."""
        for what, (lines, first) in found.items():
            before = self.found.get(what, [0, first])
            self.found[what] = [before[0] + lines, min(before[1], first)]

    def plus(self, other: Skipped) -> Skipped:
        both = Skipped(dict(self.found))
        both.add(other.found)
        return both

    def as_json(self) -> dict[str, Any]:
        """{what: {"lines": how many, "first": line}}."""
        return {what: {"lines": lines, "first": first} for what, (lines, first) in self.found.items()}


def classify(fields: Sequence[str], headings: Sequence[str], known: Mapping[str, str]) -> str:
    """What a line is that is no row of the table with these headings (`known`: meanings()); empty for a row.

    A line whose first text is the word for a sum is none, whatever stands beside it; another remark is told
    from a row by its fields: it has few, and the table at least three. The headings again may be in other
    letters or in another language. Where most texts are headings, but not all in their order, another table
    begins.
    """
    first = fields[0].strip(_BLANK)
    heads = first.casefold() in known or (len(fields) > 1 and fields[1].strip(_BLANK).casefold() in known)
    if first and not heads and first[0] not in _BEGIN and len(fields) == len(headings):
        return ""  # as nearly all are
    texts = [text for field in fields if (text := field.strip(_BLANK))]
    if not texts:
        return EMPTY
    heads = heads or clean(texts[0]).casefold() in known
    meant = [known.get(clean(text).casefold(), "") for text in texts] if heads else []
    if meant and meant == [known[heading.casefold()] for heading in headings if heading]:
        return HEADINGS
    if heads and len(texts) > 1 and 2 * len([name for name in meant if name]) > len(texts):
        return OTHER_HEADINGS
    if _SUM.fullmatch(texts[0]) or _COUNT.match(texts[0]):
        return SUMMARY
    if len(fields) != len(headings) and len(headings) > 2 and len(texts) < 3 and all(map(_NOTE.match, texts)):
        return SUMMARY
    return ""


def may_have_any(data: bytes, needle: bytes, known: Mapping[str, str]) -> bool:
    """Whether comma-separated lines in UTF-8 may hold one that is no row; `needle`: see Table."""
    if needle in data or (not data.isascii() and codecs.BOM_UTF8 in data):
        return True
    no_row, first = _no_row(frozenset(known)), data.partition(b"\n")[0]
    return bool(no_row.match(b"\n" + first) or no_row.search(data, 0, len(data) - data.endswith(b"\n")))


@lru_cache(16)
def _no_row(known: frozenset[str]) -> re.Pattern[bytes]:
    """A line that may be none of the rows below these headings, with the line break before it."""
    names = b"|".join(re.escape(name.encode()) for name in sorted(known))
    heading = rb"%b(?i:%b)%b(?=[,\n]|\Z)" % (_EDGE, names, _EDGE)
    # Of the first two fields; one alternative for each is quicker than an optional field before.
    heads = rb"%b|[^,\n]*+,%b" % (heading, heading)
    return re.compile(rb"\n(?:%b|%b)" % (_NO_ROW, heads) if known else rb"\n" + _NO_ROW)
