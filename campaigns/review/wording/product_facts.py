"""Whether what a text says of its product is what the product's record says: its term, its name."""

from __future__ import annotations

import re
from collections.abc import Iterable

from campaigns.review.wording.folding import fold_sign

_DAYS = {"天": (1, 1), "日": (1, 1), "周": (7, 7), "个月": (28, 31), "年": (360, 366)}
_UNITS = {"day": "天", "week": "周", "month": "个月", "year": "年"}
_TERM = re.compile(
    "(?:产品|投资|封闭|持有|存续)?(?:期限|封闭期|锁定期)(?:为|是|:)? ?([0-9]{1,4}) ?(天|日|周|个月|年)"
    "|(?<![a-z])(?:term|lock-up|lock-in)(?: period)?(?: of|:| is)? ?([0-9]{1,4})[ -]?(day|week|month|year)"
)
_SERIAL = re.compile("[0-9]+|[a-d](?![a-z])")


def conflicts_with(folded: str, names: Iterable[str], term_days: int | None) -> bool:
    """Whether a folded text states another term than the product's, or another number in its name.

    A month is taken for 28 to 31 days, a year for 360 to 366. Nothing stated is no conflict.
    """
    return _other_term(folded, term_days) or any(
        _other_serial(folded, _folded(name)) for name in names if name
    )


def _other_term(folded: str, term_days: int | None) -> bool:
    if term_days is None:
        return False
    for found in _TERM.finditer(folded):
        number, unit = int(found[1] or found[3]), found[2] or _UNITS[found[4]]
        least, most = _DAYS[unit]
        if not number * least <= term_days <= number * most:
            return True
    return False


def _other_serial(folded: str, name: str) -> bool:
    """“季季盈3号” where the record says “季季盈2号”."""
    serial = _SERIAL.search(name)
    if serial is None or serial.start() < 2 or name in folded:
        return False
    before, after = re.escape(name[: serial.start()]), re.escape(name[serial.end() :])
    return any(
        found.group() != name for found in re.finditer(f"{before}(?:[0-9]+|[a-d](?![a-z])){after}", folded)
    )


def _folded(text: str) -> str:
    return "".join(map(fold_sign, text))
