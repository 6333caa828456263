"""Fold signs: one width and case, simplified characters, Latin for look-alikes, nothing invisible."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from crm.runtime.text.normal_form import INVISIBLE, VARIANT
from crm.runtime.text.search_key import simplified

_UNSEEN = re.compile(f"[{INVISIBLE}{VARIANT}\\x00\\ud800-\\udfff]")
_MARKS = frozenset({"Mn", "Me"})  # accents, enclosing keycaps
# Japanese forms that are no variants in Chinese.
_JAPANESE = str.maketrans(
    "収険験証値売銭産営検図実対応総発変価経済戦広", "收险验证值卖钱产营检图实对应总发变价经济战广"
)
# Capitals of other scripts, small capitals and letters in squares and circles, which NFKC leaves alone.
_LETTERS = str.maketrans(
    "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧАВЕКМНОРСТУХɢɴʀɪʟᴀᴇᴅᴏᴜᴛᴋᴍᴘʏᴢᴠᴡʙᴄʜᴊ\u2010\u2011\u2012\u2013\u2212",  # noqa: RUF001
    "abezhikmnoptyxabekmhopctyxgnrilaedoutkmpyzvwbchj-----",
) | {first + place: chr(97 + place) for first in (0x1F150, 0x1F170) for place in range(26)}
# Characters in use that search takes for variants of others.
_AS_THEY_ARE = frozenset("么抬著")


class _Fold(dict[int, str]):
    """Each sign folded, as far as that is one sign; others stay and are folded one by one."""

    def __missing__(self, code: int) -> str:
        folded = fold_sign(chr(code))
        self[code] = one = folded if len(folded) == 1 else chr(code)
        return one


CONFUSABLES = dict(zip("авеёкмнорстухіјѕԁɡοαερτυνκ", "abeekmhopctyxijsdgoaeptuvk", strict=True))


@cache
def fold_sign(sign: str) -> str:
    """One sign folded; empty where it is not seen."""
    if _UNSEEN.match(sign) or unicodedata.category(sign) in _MARKS:
        return ""
    text = unicodedata.normalize("NFKC", sign.translate(_LETTERS)).casefold().translate(_JAPANESE)
    plain = "".join(
        one for one in unicodedata.normalize("NFKD", text) if unicodedata.category(one) not in _MARKS
    )
    return "".join(
        CONFUSABLES.get(one) or (one if one in _AS_THEY_ARE else simplified(one)) for one in plain or text
    )


FOLD = _Fold()
# Signs whose folded form is not one sign are found by this, made of all of the basic plane once.
ODD = re.compile(
    "["
    + "".join(
        f"\\u{code:04x}"
        for code in range(0x80, 0x10000)
        if not 0x3400 <= code <= 0x9FFF and not 0xAC00 <= code <= 0xD7A3 and len(fold_sign(chr(code))) != 1
    )
    + "\U000e0000-\U000e0fff\U0001f100-\U0001f1e5]"
)


def hides_something(text: str) -> bool:
    """Whether a text has signs that are not seen, or letters of another script that look like Latin ones."""
    return any(one in CONFUSABLES or not fold_sign(one) for one in text.casefold() if not one.isascii())
