"""Find members by any part of the name, pinyin, initials, outside id, exact mobile, ID number or e-mail."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Q

from crm.runtime.database.prepared import fetch_prepared
from crm.runtime.secrets.crypto import blind_index
from crm.runtime.sql_files import sql_beside
from crm.staff.models import Staff
from crm.staff.permissions import may
from crm.web.ids import id_or_none
from members.profiles.imports import personal_values
from members.profiles.masking import seen_by
from members.profiles.models import Member
from members.profiles.permissions import SEARCH_PEOPLE
from members.profiles.visibility import sees_everybody

LONGEST = 120  # characters; nothing longer is stored
FEW = 1_000  # hits that a list is better narrowed to by their ids than looked for among all members
_EXACT_MOST = 200  # exact hits looked at, before those out of sight are taken away
_EXACT, _BOOKS, _SCAN = map(sql_beside(__file__), ("exact", "books", "scan"))
_NORMAL = {
    "mobile": personal_values.mobile,
    "email": personal_values.email,
    "id_number": personal_values.id_number,
}


def find(text: str, staff: Staff, limit: int = 50, after: int | None = None) -> list[int]:
    """Ids of the next `limit` members that `staff` may see: exact hits first, then by beginning of a term.

    `after` is the last id of the page before (None: the first page); fewer than `limit` ids are the last
    page. Nobody comes twice, and every page costs the same. A member number (#12; without SEARCH_PEOPLE
    also 12) finds that member for everybody who may see it; all else needs that action. Whatever is typed is
    data: no character means anything but itself. At most 5 queries.
    """
    asked = _read(text, staff)
    if asked.number:
        known = Member.objects.visible_to(staff).filter(id=asked.number).values_list("id", flat=True)
        return [] if after else list(known)
    if not asked.starts:
        return []
    exact = _exact(asked.text, staff)
    if after in exact:
        found, after = exact[exact.index(after) + 1 :][:limit], None
    else:
        found = exact[:limit] if after is None else []
    places = _places(asked.starts, staff, after)
    if not sees_everybody(staff):
        return found + _in_books(asked.starts, next(places, None), staff, limit - len(found), without=exact)
    for place in places:
        if len(found) < limit:
            found += _by_term(place, limit - len(found), without=exact)
    return found


def matching(text: str, staff: Staff, path: str = "") -> Q:
    """What narrows a list to the members that find() would find, for lists with an order of their own.

    `path` leads from the list's rows to the member ("member__"); the list starts at what `staff` may see.
    Few hits are named by id; of many the list looks at each row, since the first page is full soon. At most
    3 queries.
    """
    asked = _read(text, staff)
    if asked.number:
        return Q(**{f"{path}id": asked.number})
    if not asked.starts:
        return Q(pk__in=[])
    condition = Q(**{f"{path}id__in": _exact(asked.text, staff)})
    if sees_everybody(staff):
        hits: list[int] = []
        for place in _places(asked.starts, staff, None):
            hits += _by_term(place, FEW, without=[])
        if len(hits) < FEW:
            return condition | Q(**{f"{path}id__in": hits})
    for start in asked.starts:
        condition |= Q(**{f"{path}search_text__contains": f"\n{start}"})
    return condition


@dataclass(frozen=True)
class _Asked:
    """What was typed: a member number, or a text and the beginnings of terms it may be."""

    text: str = ""
    number: int = 0
    starts: tuple[str, ...] = ()


def _read(text: str, staff: Staff) -> _Asked:
    text = _clean(text[: LONGEST * 4])
    if text.startswith("#") and (member_id := id_or_none(text[1:])):
        return _Asked(text, member_id)
    if not may(staff, SEARCH_PEOPLE):
        # Who finds members by number only can mean nothing else by digits.
        return _Asked(text, id_or_none(text) or 0)
    if not text or len(text) > LONGEST:
        return _Asked(text)
    start = text.lower()
    joined = start.replace(" ", "")  # "zhang san" finds what "zhangsan" does
    return _Asked(text, starts=(start,) if joined == start else (start, joined))


def _clean(text: str) -> str:
    """Width and compatibility forms made one; what is no character (controls, NUL, surrogates) taken out."""
    normal = unicodedata.normalize("NFKC", text)
    kept = "".join(sign for sign in normal if unicodedata.category(sign) not in {"Cc", "Cs"})
    return " ".join(kept.split())


def _exact(text: str, staff: Staff) -> list[int]:
    """By keyed index and by outside identity; one query, a second one where sight is to be checked."""
    values: dict[str, Any] = {field: _sealed_forms(field, text) for field in _NORMAL}
    with connection.cursor() as cursor:
        cursor.execute(_EXACT, {**values, "value": text, "most": _EXACT_MOST})
        found = [member_id for (member_id,) in cursor.fetchall()]
    if not found or sees_everybody(staff):
        return found
    visible = set(Member.objects.visible_to(staff).filter(id__in=found).values_list("id", flat=True))
    return [member_id for member_id in found if member_id in visible]


def _sealed_forms(field: str, text: str) -> list[bytes]:
    """The keyed indexes under which the text could be stored in a field, in the form that imports seal."""
    try:
        value = _NORMAL[field](text)
    except ValueError:  # not one of these
        return []
    # A foreign number is stored with or without its +, as it came.
    forms = {value, value.lstrip("+"), f"+{value.lstrip('+')}"} if field == "mobile" else {value}
    return [blind_index(field, form) for form in sorted(forms)]


@dataclass(frozen=True)
class _Place:
    """Where to go on: at terms that begin with `start`, after the last one, without who matches `other`."""

    start: str
    other: str = ""
    last_term: str = ""
    last_id: int = 0


def _places(starts: Sequence[str], staff: Staff, after: int | None) -> Iterator[_Place]:
    """The beginnings still to be walked, the first one from behind the member `after`."""
    others = ("", *starts)
    if after is None:
        yield from map(_Place, starts, others)
        return
    last = Member.objects.visible_to(staff).filter(id=after).values_list("search_text", flat=True)
    text = next(iter(last), "")
    for number, (start, other) in enumerate(zip(starts, others, strict=False)):
        at = text.find(f"\n{start}") + 1
        if at:
            yield _Place(start, other, text[at:].partition("\n")[0], after)
            yield from map(_Place, starts[number + 1 :], others[number + 1 :])
            return


def _by_term(place: _Place, limit: int, *, without: Sequence[int]) -> list[int]:
    """Along the index of all terms, for who sees everybody."""
    line, other = f"\n{place.start}", place.other and f"\n{place.other}"
    values = {**vars(place), "line": line, "other": other, "without": [*without], "limit": limit}
    values["last_term"] = place.last_term or place.start  # no member has the number 0
    with connection.cursor() as cursor:
        cursor.execute(_SCAN, {**values, "end": _after(place.start)})
        return [member_id for (member_id,) in cursor.fetchall()]


def _in_books(
    starts: Sequence[str], place: _Place | None, staff: Staff, limit: int, *, without: Sequence[int]
) -> list[int]:
    """The same, for who has books, in one statement: their members are few and looked at each."""
    if place is None or limit <= 0:
        return []
    seen, sight = seen_by(staff)
    lines = [f"\n{start}" for start in (starts[0], starts[-1])]
    after = [starts.index(place.start), place.last_term, place.last_id]
    rows = fetch_prepared(_BOOKS.format(seen=seen), [*lines, *sight, *after, [*without], limit])
    return [member_id for (member_id,) in rows]


def _after(start: str) -> str | None:
    """The first text, in code point order, that no longer begins with `start`; None: there is none."""
    for position in range(len(start) - 1, -1, -1):
        code = ord(start[position]) + 1
        if code == 0xD800:  # surrogates are no characters
            code = 0xE000
        if code <= 0x10FFFF:
            return start[:position] + chr(code)
    return None
