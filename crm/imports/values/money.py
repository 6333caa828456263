"""Names of currencies, in files of people and programs."""

from __future__ import annotations

import re
import unicodedata

# What each is called beside its code; a sign that several share means the platform's own.
_ALSO: dict[str, tuple[str, ...]] = {
    "CNY": ("RMB", "CNH", "CN¥", "人民币元", "人民币", "¥", "元", "圆", "块", "YUAN", "156"),
    "HKD": ("HK$", "港元", "港币", "$"),
    "TWD": ("NT$", "新台币", "台币", "$", "元"),
    "USD": ("US$", "美元", "美金", "$"),
    "EUR": ("欧元", "€"),
    "GBP": ("英镑", "£"),
    "JPY": ("日元", "日圆", "¥", "円"),
    "SGD": ("S$", "新加坡元", "新币", "$"),
}


def names(currency: str) -> list[str]:
    """What the currency is called, in capitals and of usual width, the longest first."""
    found = {currency.upper(), *_ALSO.get(currency.upper(), ())}
    return sorted(
        {unicodedata.normalize("NFKC", name) for name in found}, key=lambda name: (-len(name), name)
    )


def pattern(currency: str) -> str:
    """A regular expression, in PostgreSQL and Python alike, for a name of the currency beside an amount."""
    return "|".join(re.escape(name) for name in names(currency) if not name.isdigit())


def is_other(text: str, currency: str) -> bool:
    """Whether the text names a currency that is not this one."""
    plain = unicodedata.normalize("NFKC", text).upper()
    ours = names(currency)
    others = {name for code in _ALSO for name in names(code)} - set(ours)
    for name in ours:  # 美元 ends in 元
        if not any(name in other and other in plain for other in others):
            plain = plain.replace(name, "")
    return any(other in plain for other in others)
