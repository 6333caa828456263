"""Find members by any part of the name, pinyin, initials, outside id, exact mobile, ID number or e-mail."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from django.db import connection
from django.db.models import Q

from crm.runtime.crypto import blind_index
from crm.staff.models import Staff
from crm.staff.permissions import Action, may
from members.profiles.intake import personal
from members.profiles.models import Member, SearchTerm
from members.profiles.visibility import sees_everybody

LONGEST = 120  # characters; nothing longer is stored
_IDENTITY_EXACT = (Path(__file__).parent / "sql" / "identity_exact.sql").read_text()
_NORMAL = {"mobile": personal.mobile, "email": personal.email, "id_number": personal.id_number}
_ROWS_PER_MEMBER = 4  # tails of one name that begin alike, allowed for when reading the index


def find(text: str, staff: Staff, limit: int = 50) -> list[int]:
    """Ids of at most `limit` members that `staff` may see: exact hits first, then by beginning of a term.

    A member number (#12) finds that member for everybody who may see it; all else needs
    Action.SEARCH_PEOPLE. Whatever is typed is data: no character means anything but itself.
    """
    text = _clean(text[: LONGEST * 4])
    if number := re.fullmatch(r"#([0-9]{1,18})", text):
        return list(Member.objects.visible_to(staff).filter(id=int(number[1])).values_list("id", flat=True))
    if not text or len(text) > LONGEST or not may(staff, Action.SEARCH_PEOPLE):
        return []
    start = text.lower()
    found = dict.fromkeys([*_exact(text, staff, limit), *_by_term(start, staff, limit)])
    joined = start.replace(" ", "")  # "zhang san" finds what "zhangsan" does
    if len(found) < limit and joined != start:
        found |= dict.fromkeys(_by_term(joined, staff, limit))
    return list(found)[:limit]


def _clean(text: str) -> str:
    """Width and compatibility forms made one; what is no character (controls, NUL, surrogates) taken out."""
    normal = unicodedata.normalize("NFKC", text)
    return "".join(sign for sign in normal if unicodedata.category(sign) not in {"Cc", "Cs"}).strip()


def _exact(text: str, staff: Staff, limit: int) -> Iterator[int]:
    """By keyed index and by outside identity; what cannot be one of these costs no query."""
    visible = Member.objects.visible_to(staff)
    if sealed := _sealed_condition(text):
        yield from visible.filter(sealed).order_by("id").values_list("id", flat=True)[:limit]
    with connection.cursor() as cursor:
        cursor.execute(_IDENTITY_EXACT, {"value": text, "limit": limit})
        named = [member_id for (member_id,) in cursor.fetchall()]
    if named and sees_everybody(staff):
        yield from named
    elif named:
        yield from visible.filter(id__in=named).values_list("id", flat=True)


def _sealed_condition(text: str) -> Q | None:
    """Which sealed fields the text could be in full, in the normal form that imports seal."""
    condition: Q | None = None
    for field, normal in _NORMAL.items():
        try:
            value = normal(text)
        except ValueError:  # not one of these
            continue
        # A foreign number is stored with or without its +, as it came.
        forms = {value, value.lstrip("+"), f"+{value.lstrip('+')}"} if field == "mobile" else {value}
        found = Q(**{f"{field}_index__in": [blind_index(field, form) for form in sorted(forms)]})
        condition = found if condition is None else condition | found
    return condition


def _by_term(start: str, staff: Staff, limit: int) -> Iterator[int]:
    """Walk the index (term, member) from the start's first to its last possible continuation.

    For somebody with a book the database probes each member's terms instead where that is less.
    """
    terms = SearchTerm.objects.filter(term__gte=start)
    if (end := _after(start)) is not None:
        terms = terms.filter(term__lt=end)
    if not sees_everybody(staff):
        terms = terms.filter(member__in=Member.objects.visible_to(staff).values("id"))
    rows = terms.order_by("term", "member_id").values_list("member_id", flat=True)
    yield from list(rows[: limit * _ROWS_PER_MEMBER])


def _after(start: str) -> str | None:
    """The first text, in code point order, that no longer begins with `start`; None: there is none."""
    for position in range(len(start) - 1, -1, -1):
        code = ord(start[position]) + 1
        if code == 0xD800:  # surrogates are no characters
            code = 0xE000
        if code <= 0x10FFFF:
            return start[:position] + chr(code)
    return None
