"""The normal form of a text: what is stored, compared and searched for, however it was typed.

Four forms, each in Python (`FORMS`) and as an SQL expression (`normal_sql`), held equal by a test:

- ``id``: ids, codes, dates, numbers. As ``line``, with full-width letters, digits and punctuation as ASCII.
- ``line``: names and other short texts. On one line, without invisible signs, otherwise as typed.
- ``text``: as ``line``, but line breaks within stay.
- ``outer``: JSON. Only what is around it goes.

All but ``outer`` are in Unicode's NFC: a letter with its accent is one sign.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import Literal

Form = Literal["id", "line", "text", "outer"]

# Classes of signs in the syntax that Python and PostgreSQL share.
# What looks like a blank, fillers of Hangul and the empty cell of Braille among them; without line breaks.
BLANK = (
    r" \t\v\f\u001c-\u001f\u0085\u00a0\u115f\u1160\u1680\u2000-\u200a"
    r"\u2028\u2029\u202f\u205f\u2800\u3000\u3164\uffa0"
)
BREAK = r"\r\n"
# What nobody sees: controls, soft hyphen, joiners, marks of direction and order, annotations, tags.
INVISIBLE = (
    r"\u0001-\u0008\u000e-\u001b\u007f-\u0084\u0086-\u009f\u00ad\u034f\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    r"\u2060-\u206f\ufeff\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e00ff\U000e01f0-\U000e0fff"
)
VARIANT = r"\ufe00-\ufe0f\U000e0100-\U000e01ef"  # chooses the drawing of the sign before it
WIDE = "".join(map(chr, range(0xFF01, 0xFF5F)))
NARROW = "".join(map(chr, range(0x21, 0x7F)))
# For E'…', in a statement that may have parameters.
_NARROW_QUOTED = NARROW.replace("\\", "\\\\").replace("'", "''").replace("%", "\\x25")
# A number that a program formatted: 12345.0, 1,234, 1,234.00.
FORMATTED = r"^([0-9]+[.]0+|[0-9]{1,3}(,[0-9]{3})+([.]0+)?)$"
# A number of many digits as a spreadsheet writes it: 6.22202E+18, 6,22202E18, 1E+05.
ROUNDED = r"^[-+]?[0-9]([.,][0-9]+[eE][-+]?|[eE][+])[0-9]{1,3}$"

_BLANKS = re.compile(f"[{BLANK}]+")
_ALL_BLANKS = re.compile(f"[{BLANK}{BREAK}]+")
_INVISIBLE = re.compile(f"[{INVISIBLE}\\x00]+")
_VARIANT = re.compile(f"[{VARIANT}]+")
_AROUND = re.compile(f"^[{BLANK}{BREAK}{INVISIBLE}]+|[{BLANK}{BREAK}{INVISIBLE}]+\\Z")
_ROUNDED = re.compile(ROUNDED, re.ASCII)
_TO_NARROW = str.maketrans(WIDE, NARROW)
# Signs that every form keeps, quickly told: ASCII, line feeds between texts, letters with accents, Chinese.
_USUAL = re.compile(r"[\n -~\u00c0-\u017f\u3001-\u3029\u4e00-\u9fff]*")
_IRREGULAR = re.compile(f"[{BLANK[1:]}{INVISIBLE}{VARIANT}\\x00\\r\\uff01-\\uff5e]")


def line(text: str) -> str:
    """On one line, without invisible signs."""
    return unicodedata.normalize("NFC", _ALL_BLANKS.sub(" ", _INVISIBLE.sub("", text)).strip(" "))


def lines(text: str) -> str:
    """As line(), but line breaks within the text stay as they are."""
    return unicodedata.normalize("NFC", _BLANKS.sub(" ", _INVISIBLE.sub("", text)).strip(" \r\n"))


def identifier(text: str) -> str:
    """As line(), with full-width letters, digits and punctuation as ASCII."""
    return line(_VARIANT.sub("", text).translate(_TO_NARROW))


def outer(text: str) -> str:
    """Without blanks and invisible signs around it."""
    return _AROUND.sub("", text)


FORMS: dict[Form, Callable[[str], str]] = {
    "id": identifier,
    "line": line,
    "text": lines,
    "outer": outer,
}


def has_usual_signs(text: str) -> bool:
    """Whether forms change nothing but U+0020 in a text; much quicker than normalising it."""
    if _USUAL.fullmatch(text):
        return True
    return _IRREGULAR.search(text) is None and unicodedata.is_normalized("NFC", text)


def are_regular(texts: Sequence[str]) -> bool:
    """Whether every form leaves these texts as they are; False for a few that they would leave as well."""
    joined = "\n".join(["", *texts, ""])
    return (
        not ("  " in joined or " \n" in joined or "\n " in joined)
        and joined.count("\n") == len(texts) + 1
        and has_usual_signs(joined)
    )


def is_rounded(text: str) -> bool:
    """Whether a spreadsheet made a number of it, whose last digits are lost: 6.22202E+18."""
    return _ROUNDED.match(text) is not None


def normal_sql(form: Form, value: str) -> str:
    """An SQL expression: the normal form of the text expression `value`, NULL where nothing is left of it."""
    if form == "outer":
        around = f"[{BLANK}{BREAK}{INVISIBLE}]+"
        return f"nullif(regexp_replace({value}, '^{around}|{around}$', '', 'g'), '')"
    ignored = INVISIBLE + VARIANT if form == "id" else INVISIBLE
    text = f"regexp_replace({value}, '[{ignored}]+', '', 'g')"
    if form == "id":
        text = f"translate({text}, '{WIDE}', E'{_NARROW_QUOTED}')"
    blanks, around = (BLANK, r" \r\n") if form == "text" else (BLANK + BREAK, " ")
    text = f"btrim(regexp_replace({text}, '[{blanks}]+', ' ', 'g'), E'{around}')"
    return f"nullif(normalize({text}, NFC), '')"


def rounded_sql(value: str) -> str:
    """An SQL condition: is_rounded() of the text expression `value`."""
    # A regular expression costs more than all other checks; seldom a text comes so far. It begins with a sign
    # or a digit, both among the codes from + to 9, and a digit is followed by one of ",.Ee".
    seldom = f"(ascii({value}) < 48 OR ascii(substr({value}, 2, 1)) IN (44, 46, 69, 101))"
    return f"ascii({value}) BETWEEN 43 AND 57 AND {seldom} AND {value} ~ '{ROUNDED}'"


def formatted_sql(value: str) -> str:
    """An SQL condition: the text expression `value` is a whole number written with decimals or separators."""
    seldom = f"(strpos({value}, '.') > 0 OR strpos({value}, ',') > 0)"
    return f"ascii({value}) BETWEEN 48 AND 57 AND {seldom} AND {value} ~ '{FORMATTED}'"
