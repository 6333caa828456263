"""The regions that members live in, and which of them somebody means who types in either script."""

from __future__ import annotations

from django.core.cache import cache
from django.db import connection

from crm.runtime.text.search_key import search_key
from crm.staff.names.pinyin import spellings

_CACHED, _SECONDS = "directory:regions", 120
_REGIONS = """
SELECT DISTINCT region FROM (SELECT region FROM profiles_member ORDER BY id DESC LIMIT 3000) AS latest
WHERE region <> '' ORDER BY region
"""


def regions() -> list[str]:
    """The regions of the members known last. At most one query in two minutes."""
    found: list[str] | None = cache.get(_CACHED)
    if found is None:
        with connection.cursor() as cursor:
            cursor.execute(_REGIONS)
            found = [region for (region,) in cursor.fetchall()]
        cache.set(_CACHED, found, _SECONDS)
    return found


def stored_region(text: str) -> str:
    """The stored region written like this, or in the other script ("shanghai", 上海); else the text."""
    known = regions()
    if not text or text in known:
        return text
    return next((one for one in known if _are_one(one, text)), text)


def _are_one(stored: str, typed: str) -> bool:
    """Also where both scripts are stored side by side ("上海 Shanghai")."""
    typed = _short(typed)
    key = search_key(typed)
    names = [_short(name) for name in (stored, *stored.split())]
    return any(key == search_key(one) or _reads(one, key) or _reads(typed, search_key(one)) for one in names)


def _short(name: str) -> str:
    return name.strip().removesuffix("市").removesuffix("省")


def _reads(name: str, key: str) -> bool:
    """Whether the key is the whole name in pinyin, or its initials."""
    return key in spellings(name) and key not in spellings(name[1:])
