"""A cell's text as it is meant: the marks that keep 00012 a text taken off, words for nothing as nothing.

`plain_text` and `plain_text_sql` say the same; personal values and what is derived pass through this process,
all others are read in the database.
"""

from __future__ import annotations

import re

from crm.runtime.sql_files import sql_beside

FUNCTIONS = sql_beside(__file__)("functions")  # of one session, for readings of every kind
# Exactly as programs and people write them; "Na" and "Null" in other letters may be somebody's name.
NOTHING = frozenset((
    "NULL", "null", "(null)", "(NULL)", "[NULL]", "[null]", "<null>", "<NULL>", "\\N", "N/A", "n/a",
    "N.A.", "n.a.", "#N/A", "#NA", "#N/A N/A", "#NULL!", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!",
    "#SPILL!", "#CALC!", "#ERROR!", "#GETTING_DATA", "#BUSY!", "#FIELD!", "#BLOCKED!",
    "(blank)", "NA", "<NA>", "NaN", "nan", "NAN", "NaT", "None", "NONE", "none", "nil", "NIL", "undefined",
    "无", "無", "空", "暂无", "（空）", "(空)", "空白", "（空白）", "(空白)", "无数据", "未填", "未填写",
    "未知", "不详", "-", "--", "---", "–", "—", "——", "－", "－－", "/", "\\", "...", "…",
    *("#" * width for width in range(3, 21)),  # what a column shows that is too narrow
))  # fmt: skip
LONGEST = max(len(word.encode()) for word in NOTHING)
# Most texts begin with a sign that no such word and no mark begins with; one look at it is all they cost.
_PLAIN_BEGINNINGS = sorted({*range(33, 127)} - {ord("'"), ord("=")} - {ord(word[0]) for word in NOTHING})
_AS_TEXT = re.compile(r'= *["“”]([^"“”]*)["“”]')
_APOSTROPHE = re.compile(r"['‘’][0-9=+\-@＝＋－＠]")  # noqa: RUF001  # as word processors write it


def plain_text(text: str, *, nothing: bool = True) -> str:
    """The text that a trimmed cell means, empty where it means nothing; `nothing`: its words are empty."""
    if text.startswith("="):
        match = _AS_TEXT.fullmatch(text)
        return match[1].strip(" ") if match else text
    if _APOSTROPHE.match(text):
        return text[1:]
    return "" if nothing and text in NOTHING else text


def plain_text_sql(column: str, *, nothing: bool = True) -> str:
    """The same as an expression on a column that holds trimmed texts, NULL where empty."""
    words = ", ".join(f"'{word}'" for word in sorted(NOTHING))
    is_nothing = f"octet_length({column}) <= {LONGEST} AND {column} IN ({words})"
    return (
        f"CASE WHEN ascii({column}) IN ({', '.join(map(str, _PLAIN_BEGINNINGS))}) THEN {column}"
        f" WHEN ascii({column}) IN (39, 61, 8216, 8217) THEN pg_temp.imports_unmarked({column})"
        + f" WHEN {is_nothing} THEN NULL" * nothing
        + f" ELSE {column} END"
    )
