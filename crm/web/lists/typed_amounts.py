"""Parse amounts as people type them: 20万, 1.5亿, 200k, 3m, ¥1,234.50."""

from __future__ import annotations

import re
from decimal import Decimal

_UNITS = {
    "": 1, "k": 10**3, "千": 10**3, "w": 10**4, "万": 10**4, "萬": 10**4, "m": 10**6, "mn": 10**6,
    "百万": 10**6, "千万": 10**7, "亿": 10**8, "億": 10**8, "b": 10**9, "bn": 10**9, "万亿": 10**12,
}  # fmt: skip
_LIMIT = Decimal(10) ** 18  # beyond what a column of amounts holds
_SIGNS = re.compile(r"^(?:CNY|RMB|US\$|USD|HK\$|[¥$€£])\s*|\s*元$", re.IGNORECASE)
_NUMBER = r"([0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"
_PART = re.compile(_NUMBER + r"\s*(万亿|百万|千万|[千万萬亿億]|bn|mn|[kwmb])?\s*", re.IGNORECASE)
_LONGEST = 40
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xFFE5: 0xA5}


def parse_typed_amount(text: str) -> Decimal:
    """The amount, at least 0. Units fall from left to right (1亿2000万); width and case do not matter.

    Raises ValueError on anything else, a comma that groups no thousands among it.
    """
    rest, total, last = _SIGNS.sub("", text.translate(_WIDE).strip()), Decimal(0), None
    if not rest or len(text) > _LONGEST:
        raise ValueError(text)
    while rest:
        part = _PART.match(rest)
        if not part:
            raise ValueError(text)
        unit = _UNITS[(part[2] or "").lower()]
        if last is not None and unit >= last:
            raise ValueError(text)
        total, last, rest = total + Decimal(part[1].replace(",", "")) * unit, unit, rest[part.end() :]
    if total >= _LIMIT:
        raise ValueError(text)
    return total
