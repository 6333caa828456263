"""Masks of personal values, and the classes personal data fall into (JR/T 0171).

A mask never returns more of the value than its docstring says, whatever the value holds: rejected
rows put anything into any column. Every mask of nothing is nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from crm.staff.names.surnames import family_name

HIDDEN = "***"


class DataClass(StrEnum):
    """How much harm a field can do: C1 little, C2 identifies a person or their finances, C3 authenticates."""

    C1 = "C1"
    C2 = "C2"
    C3 = "C3"


@dataclass(frozen=True)
class Privacy:
    """What a field is: its class, and the kind of value, which decides the mask and who sees it how."""

    data_class: DataClass
    kind: str


def _name(value: str) -> str:
    """张*, 欧阳*: the family name, a known one of two characters or the first character, of a longer name."""
    return f"{family_name(value)}*" if len(value) > 1 else "*"


def _mobile(value: str) -> str:
    """138****1234: three and four digits of eleven or more, the last two of eight to ten, else none."""
    digits = re.sub(r"[^0-9]", "", value)
    if len(digits) == 13 and digits.startswith("86"):
        digits = digits[2:]
    if len(digits) >= 11:
        return f"{digits[:3]}****{digits[-4:]}"
    return f"****{digits[-2:]}" if len(digits) >= 8 else "****"


def _id_number(value: str) -> str:
    """****123*: the last four but the check digit of eighteen; otherwise the last three of twelve or more
    characters, the last two of eight to eleven, else none.

    With the sequence number the check digit would prove a guess of region and birth date right.
    """
    text = re.sub(r"[^0-9A-Za-z]", "", value)
    if len(text) == 18:
        return f"****{text[-4:-1]}*"
    if len(text) >= 12:
        return f"****{text[-3:]}"
    return f"****{text[-2:]}" if len(text) >= 8 else "****"


_DOMAIN = re.compile(r"(?:[a-z][a-z0-9-]{0,40}\.){1,4}[a-z]{2,12}|[0-9]{2,4}\.(?:com|cn|net)", re.IGNORECASE)


def _email(value: str) -> str:
    """a***@domain: the first of at least two characters, and the domain where it looks like one."""
    local, at, domain = value.partition("@")
    if not at or not _DOMAIN.fullmatch(domain):
        return HIDDEN
    return f"{local[0] if len(local) > 1 else ''}***@{domain}"


_HAN = "[\u4e00-\u9fff]"
_DISTRICT = re.compile(
    rf"""(?=.*[市区县旗])
    (?:{_HAN}{{2,7}}?(?:省|自治区|特别行政区)
      |(?:河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西
         |甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆))?
    (?:{_HAN}{{2,10}}?(?:自治州|地区|(?<![超夜])市(?![场区])|盟))?
    (?:{_HAN}{{1,12}}?(?:(?<![小社园校])区|县|旗|(?<![超夜])市(?!场)))?""",
    re.VERBOSE,
)


def _address(value: str) -> str:
    """上海市浦东新区***: province, city and district of a Chinese address, nothing of any other."""
    found = _DISTRICT.match(value)
    return f"{found.group() if found else ''}{HIDDEN}"


def _birth_date(value: str) -> str:
    """The year of an ISO date."""
    return value[:4] if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value) else "****"


def _text(value: str) -> str:
    """Nothing."""
    return HIDDEN


_MASKS: dict[str, Callable[[str], str]] = {
    "name": _name,
    "mobile": _mobile,
    "email": _email,
    "id_number": _id_number,
    "address": _address,
    "birth_date": _birth_date,
    "text": _text,
    "answers": _text,
}
KINDS = frozenset(_MASKS)


def mask(kind: str, value: str) -> str:
    """The value without what its kind protects; empty stays empty. Raises KeyError on an unknown kind."""
    hide = _MASKS[kind]
    value = value.strip()
    return hide(value) if value else ""
