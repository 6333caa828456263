"""What a text is searched by: folded so that whatever spells the same name is the same key.

Stored terms and what somebody asks are folded by this one function.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path

from crm.runtime.text.normal_form import BLANK, BREAK, INVISIBLE, VARIANT

# Between the parts of a name, or within one, nobody remembers which: blanks, dots, hyphens, apostrophes.
_SEPARATORS = (
    r"·•‧∙⋅・\u119e.。\-\u2010-\u2015\u2212"  # noqa: RUF001  # they are meant
    r"'‘’‛ʼʻʹʾʿ`´′‵ꞌ"  # noqa: RUF001  # they are meant
)
_PASSED_OVER = re.compile(f"[{BLANK}{BREAK}{INVISIBLE}{VARIANT}\\x00\\ud800-\\udfff{_SEPARATORS}]+")
_ACCENTS = re.compile("[\u0300-\u036f]+")  # those of Latin, Greek and Cyrillic letters
_LETTERS = str.maketrans(
    {
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "æ": "ae",
        "œ": "oe",
        "ı": "i",
        "ħ": "h",
        "ŧ": "t",
        "ŋ": "ng",
    }
)


def compact_form(text: str) -> str:
    """One width, case and order of signs, without accents, blanks, separators and apostrophes."""
    if not text.isascii():
        text = _ACCENTS.sub("", unicodedata.normalize("NFKD", _PASSED_OVER.sub("", text)))
        text = unicodedata.normalize("NFKC", text)
    return _PASSED_OVER.sub("", text.casefold()).translate(_LETTERS)


def search_key(text: str) -> str:
    """The compact form with simplified characters for traditional ones, one for one."""
    text = compact_form(text)
    return text if text.isascii() else text.translate(_simplified())


def simplified(character: str) -> str:
    """The simplified form of a character; the character itself where it has none."""
    return _simplified().get(ord(character), character)


@cache
def _simplified() -> dict[int, str]:
    lines = Path(__file__).with_name("traditional.txt").read_text(encoding="utf-8").splitlines()
    pairs = "".join(line for line in lines if not line.startswith("#"))
    return {ord(old): new for old, new in zip(pairs[::2], pairs[1::2], strict=True)}
