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
from crm.staff.names.surnames import family_name
from crm.staff.permissions import REVEAL, may
from crm.web.ids import id_or_none
from members.profiles.imports import personal_values
from members.profiles.masking import may_sort_by, visible_ids_sql
from members.profiles.models import Member
from members.profiles.permissions import SEARCH_PEOPLE
from members.profiles.visibility import sees_everybody

LONGEST = 120  # characters; nothing longer is stored
FEW_HITS = 1_000  # up to here a list is narrowed by the ids of the hits, beyond by a condition on each row
FEWEST_DIGITS = 6  # of a mobile or an ID number
_MOST_EXACT = 200  # exact hits read, before those that the reader may not see are removed
_EXACT, _SCAN_VISIBLE, _SCAN_TERMS = map(
    sql_beside(__file__), ("exact_matches", "scan_visible", "scan_terms")
)
_NORMALISE = {
    "mobile": personal_values.mobile,
    "email": personal_values.email,
    "id_number": personal_values.id_number,
}


def search_members(
    text: str, staff: Staff, limit: int = 50, after: int | None = None, *, granted: bool = False
) -> list[int]:
    """Ids of the next `limit` members that `staff` may see: exact hits first, then by beginning of a term.

    `after` is the last id of the page before (None: the first page); fewer than `limit` ids are the last
    page. Nobody is found twice, and every page costs the same. A search that is not `granted` (see
    search.personal) tells no more than the reader sees: it knows no mobile, e-mail or ID number, and where
    names are masked only whole ids of other systems and family names. A member number (#12; without
    SEARCH_PEOPLE also 12) finds that member for everybody who may see it; all else needs that permission. No
    character of the text is a wildcard or operator. At most 5 queries.
    """
    query = _parse(text, staff, granted)
    if query.number:
        known = Member.objects.visible_to(staff).filter(id=query.number).values_list("id", flat=True)
        return [] if after else list(known)
    if not (query.starts or query.ids):
        return []
    exact = _exact_matches(query, staff)
    if not query.starts:
        if exact:  # few, so they are one page
            return [] if after else exact[:limit]
        return _of_family(query.family, staff, limit, after)
    if after in exact:
        found, after = exact[exact.index(after) + 1 :][:limit], None
    else:
        found = exact[:limit] if after is None else []
    positions = _positions(query.starts, staff, after)
    if not sees_everybody(staff):
        rest = limit - len(found)
        return found + _scan_visible(query.starts, next(positions, None), staff, rest, without=exact)
    for position in positions:
        if len(found) < limit:
            found += _scan_terms(position, limit - len(found), without=exact)
    return found


def search_condition(text: str, staff: Staff, path: str = "", *, granted: bool = False) -> Q:
    """A condition that narrows a list to the members that search_members() finds, whatever the list's order.

    `path` leads from the list's rows to the member ("member__"); the list starts at what `staff` may see.
    Few hits are listed by id; for many the condition is on each row, since the first page fills soon. At
    most 3 queries.
    """
    query = _parse(text, staff, granted)
    if query.number:
        return Q(**{f"{path}id": query.number})
    if not (query.starts or query.ids):
        return Q(pk__in=[])
    condition = Q(**{f"{path}id__in": _exact_matches(query, staff)})
    if not query.starts:
        return condition | Q(**{f"{path}name__startswith": query.family}) if query.family else condition
    if sees_everybody(staff):
        hits: list[int] = []
        for position in _positions(query.starts, staff, None):
            hits += _scan_terms(position, FEW_HITS, without=[])
        if len(hits) < FEW_HITS:
            return condition | Q(**{f"{path}id__in": hits})
    for start in query.starts:
        condition |= Q(**{f"{path}search_text__contains": f"\n{start}"})
    return condition


@dataclass(frozen=True)
class _Query:
    """A parsed search: a member number, or a text and what may be looked for by it.

    `ids`: it may be an id of another system; `sealed`: a mobile, e-mail or ID number. `starts` are the term
    beginnings that it stands for, `family` the family name that it is.
    """

    text: str = ""
    number: int = 0
    ids: bool = False
    sealed: bool = False
    starts: tuple[str, ...] = ()
    family: str = ""


def _parse(text: str, staff: Staff, granted: bool) -> _Query:
    text = _clean(text[: LONGEST * 4])
    if text.startswith("#") and (member_id := id_or_none(text[1:])):
        return _Query(text, member_id)
    if not may(staff, SEARCH_PEOPLE):
        # For readers who can search by number only, digits are one.
        return _Query(text, id_or_none(text) or 0)
    if not text or len(text) > LONGEST:
        return _Query(text)
    if not (granted and may(staff, REVEAL)) and not may_sort_by("name", staff):
        return _Query(text, ids=True, family=family_of(text))
    sealed = granted and may(staff, REVEAL)
    start = text.lower()
    joined = start.replace(" ", "")  # "zhang san" finds what "zhangsan" does
    starts = (start,) if joined == start else (start, joined)
    return _Query(text, ids=True, sealed=sealed, starts=starts)


def _clean(text: str) -> str:
    """The text in one form of width and compatibility, without controls, NUL and surrogates."""
    normal = unicodedata.normalize("NFKC", text)
    kept = "".join(sign for sign in normal if unicodedata.category(sign) not in {"Cc", "Cs"})
    return " ".join(kept.split())


def sealed_fields(text: str) -> list[str]:
    """Which encrypted fields could hold a text; a text of letters only is none of them."""
    text = _clean(text[: LONGEST * 4])
    if sum(sign.isdigit() for sign in text) < FEWEST_DIGITS and "@" not in text:
        return []
    return [field for field in _NORMALISE if _sealed_forms(field, text)]


def family_of(text: str) -> str:
    """The text where it is a Chinese family name, as masks show it; else empty."""
    is_han = all("\u3400" <= sign <= "\u9fff" for sign in text)
    return text if is_han and family_name(text + "某某") == text else ""


def _of_family(family: str, staff: Staff, limit: int, after: int | None) -> list[int]:
    """Members of a family name by their number: any other order would tell more of their names."""
    if not family:
        return []
    rows = Member.objects.visible_to(staff).filter(name__startswith=family, id__gt=after or 0)
    if sees_everybody(staff):  # a rare name is found along the terms, since few members have it
        hits = _scan_terms(_Position(family), FEW_HITS, without=[])
        if len(hits) < FEW_HITS:
            rows = rows.filter(id__in=hits)
    return list(rows.order_by("id").values_list("id", flat=True)[:limit])


def _exact_matches(query: _Query, staff: Staff) -> list[int]:
    """Members by blind index and by outside id. One query, a second one to check who may be seen."""
    values: dict[str, Any] = {
        field: _sealed_forms(field, query.text) if query.sealed else [] for field in _NORMALISE
    }
    with connection.cursor() as cursor:
        cursor.execute(_EXACT, {**values, "value": query.text, "most": _MOST_EXACT})
        found = [member_id for (member_id,) in cursor.fetchall()]
    if not found or sees_everybody(staff):
        return found
    visible = set(Member.objects.visible_to(staff).filter(id__in=found).values_list("id", flat=True))
    return [member_id for member_id in found if member_id in visible]


def _sealed_forms(field: str, text: str) -> list[bytes]:
    """The blind indexes under which the text could be stored in a field, in the form that imports encrypt."""
    try:
        value = _NORMALISE[field](text)
    except ValueError:  # not one of these
        return []
    # A foreign number is stored with or without its +, as it came.
    forms = {value, value.lstrip("+"), f"+{value.lstrip('+')}"} if field == "mobile" else {value}
    return [blind_index(field, form) for form in sorted(forms)]


@dataclass(frozen=True)
class _Position:
    """Where a scan goes on: terms that begin with `start`, after the last one, no member of `other`."""

    start: str
    other: str = ""
    last_term: str = ""
    last_id: int = 0


def _positions(starts: Sequence[str], staff: Staff, after: int | None) -> Iterator[_Position]:
    """The beginnings still to be scanned, the first one from behind the member `after`."""
    others = ("", *starts)
    if after is None:
        yield from map(_Position, starts, others)
        return
    last = Member.objects.visible_to(staff).filter(id=after).values_list("search_text", flat=True)
    text = next(iter(last), "")
    for number, (start, other) in enumerate(zip(starts, others, strict=False)):
        at = text.find(f"\n{start}") + 1
        if at:
            yield _Position(start, other, text[at:].partition("\n")[0], after)
            yield from map(_Position, starts[number + 1 :], others[number + 1 :])
            return


def _scan_terms(position: _Position, limit: int, *, without: Sequence[int]) -> list[int]:
    """Along the index of all terms, for readers who see every member."""
    line, other = f"\n{position.start}", position.other and f"\n{position.other}"
    values = {**vars(position), "line": line, "other": other, "without": [*without], "limit": limit}
    values["last_term"] = position.last_term or position.start  # no member has the number 0
    with connection.cursor() as cursor:
        cursor.execute(_SCAN_TERMS, {**values, "end": _after(position.start)})
        return [member_id for (member_id,) in cursor.fetchall()]


def _scan_visible(
    starts: Sequence[str], position: _Position | None, staff: Staff, limit: int, *, without: Sequence[int]
) -> list[int]:
    """The same for readers who see the members of books: these are few, so one statement reads each."""
    if position is None or limit <= 0:
        return []
    visible, parameters = visible_ids_sql(staff)
    lines = [f"\n{start}" for start in (starts[0], starts[-1])]
    after = [starts.index(position.start), position.last_term, position.last_id]
    statement = _SCAN_VISIBLE.format(visible=visible)
    rows = fetch_prepared(statement, [*lines, *parameters, *after, [*without], limit])
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
