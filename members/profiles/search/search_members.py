"""Find members by any part of the name, pinyin, initials, outside id, exact mobile, ID number or e-mail.

A mobile is also found by its last four digits, alone or after a name: 5678, 王5678, wang 5678.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Q
from django.db.models.functions import Left

from crm.runtime.database.prepared import fetch_prepared
from crm.runtime.secrets.crypto import TAIL, blind_index, tail_range
from crm.runtime.sql_files import sql_beside
from crm.runtime.text.normal_form import identifier
from crm.runtime.text.search_key import search_key
from crm.staff.models import Staff
from crm.staff.names.surnames import family_name
from crm.staff.permissions import REVEAL, may
from crm.web.ids import id_or_none
from members.profiles.member_view import may_sort_by, visible_ids_sql
from members.profiles.models import Member
from members.profiles.permissions import SEARCH_PEOPLE
from members.profiles.personal import normal_forms
from members.profiles.visibility import sees_everybody

LONGEST = 120  # characters of a term; nothing longer is stored
LONGEST_ASKED = 480  # characters looked at, of an e-mail address say
FEW_HITS = 1_000  # up to here a list is narrowed by the ids of the hits, beyond by a condition on each row
FEWEST_DIGITS = 6  # of a mobile or an ID number
_MOST_EXACT = 200  # exact hits read, before those that the reader may not see are removed
_EXACT, _SCAN_VISIBLE, _SCAN_TERMS = map(
    sql_beside(__file__), ("exact_matches", "scan_visible", "scan_terms")
)
# The last digits of a mobile, alone or after a name of letters.
_BY_TAIL = re.compile(rf"(?P<name>[^\W\d_]+(?:[ ·'][^\W\d_]+)*)? ?(?P<tail>[0-9]{{{TAIL}}})")
_NORMALISE = {
    "mobile": normal_forms.mobile,
    "email": normal_forms.email,
    "id_number": normal_forms.id_number,
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
    if not query.text:
        return []
    exact = _exact_matches(query, staff)
    if not query.start:
        if exact:  # few, so they are one page
            return [] if after else exact[:limit]
        return _of_family(query.family, staff, limit, after)
    if after in exact:
        found, after = exact[exact.index(after) + 1 :][:limit], None
    else:
        found = exact[:limit] if after is None else []
    position = _position(query.start, staff, after)
    if position is None or len(found) == limit:
        return found
    if sees_everybody(staff):
        return found + _scan_terms(position, limit - len(found), without=exact)
    return found + _scan_visible(position, staff, limit - len(found), without=exact)


def search_condition(text: str, staff: Staff, path: str = "", *, granted: bool = False) -> Q:
    """A condition that narrows a list to the members that search_members() finds, whatever the list's order.

    `path` leads from the list's rows to the member ("member__"); the list starts at what `staff` may see.
    Few hits are listed by id; for many the condition is on each row, since the first page fills soon. At
    most 3 queries.
    """
    query = _parse(text, staff, granted)
    if query.number:
        return Q(**{f"{path}id": query.number})
    if not query.text:
        return Q(pk__in=[])
    condition = Q(**{f"{path}id__in": _exact_matches(query, staff)})
    if not query.start:
        return condition | Q(**{f"{path}name__startswith": query.family}) if query.family else condition
    if sees_everybody(staff):
        hits = _scan_terms(_Position(query.start), FEW_HITS, without=[])
        if len(hits) < FEW_HITS:
            return condition | Q(**{f"{path}id__in": hits})
    return condition | Q(**{f"{path}search_text__contains": f"\n{query.start}"})


@dataclass(frozen=True)
class _Query:
    """A parsed search: a member number, or a text and what may be looked for by it.

    The text may be an id of another system; `sealed`: also a mobile, e-mail or ID number; `tail`: the last
    digits of a mobile, after the beginning of a name (`named`). `start` is the beginning of terms that it
    stands for, `family` the family name that it is.
    """

    text: str = ""
    number: int = 0
    sealed: bool = False
    tail: str = ""
    named: str = ""
    start: str = ""
    family: str = ""


def _parse(text: str, staff: Staff, granted: bool) -> _Query:
    text = _clean(text)
    if text.startswith("#") and (member_id := id_or_none(text[1:])):
        return _Query(text, member_id)
    if not may(staff, SEARCH_PEOPLE):
        # For readers who can search by number only, digits are one.
        return _Query(number=id_or_none(text) or 0)
    sealed = granted and may(staff, REVEAL)
    if not sealed and not may_sort_by("name", staff):
        return _Query(text, family=family_of(text))
    start = search_key(text)
    named, tail = _name_and_tail(text) if sealed else ("", "")
    return _Query(text, 0, sealed, tail, search_key(named), start if len(start) <= LONGEST else "")


def _clean(text: str) -> str:
    """The normal form of what may be looked for, without lone surrogates."""
    return identifier(text[:LONGEST_ASKED].encode(errors="ignore").decode())


def sealed_fields(text: str) -> list[str]:
    """Which encrypted fields could hold a text; a text of letters only is none of them."""
    text = _clean(text)
    if _name_and_tail(text)[1]:
        return ["mobile"]
    if sum(sign.isdigit() for sign in text) < FEWEST_DIGITS and "@" not in text:
        return []
    return [field for field in _NORMALISE if _sealed_forms(field, text)]


def is_tail(text: str) -> bool:
    """Whether a text is nothing but as many digits as a mobile is found by."""
    name, tail = _name_and_tail(_clean(text))
    return bool(tail) and not name


def _name_and_tail(text: str) -> tuple[str, str]:
    """What could be a name, and the last digits of a mobile behind it; empty texts for any other text."""
    found = _BY_TAIL.fullmatch(text)
    return (found["name"] or "", found["tail"]) if found else ("", "")


def family_of(text: str) -> str:
    """The text where it is a Chinese family name, as masks show it; else empty."""
    is_han = all("\u3400" <= sign <= "\u9fff" for sign in text)
    return text if is_han and family_name(text + "某某") == text else ""


def _of_family(family: str, staff: Staff, limit: int, after: int | None) -> list[int]:
    """Members of a family name by their number: any other order would tell more of their names."""
    if not family:
        return []
    # The first character is indexed together with the number: few are passed over, however rare the name.
    rows = Member.objects.visible_to(staff).alias(first=Left("name", 1))
    rows = rows.filter(first=family[0], name__startswith=family, id__gt=after or 0)
    return list(rows.order_by("id").values_list("id", flat=True)[:limit])


def _exact_matches(query: _Query, staff: Staff) -> list[int]:
    """Members by blind index and by outside id. One query, a second one to check who may be seen."""
    values: dict[str, Any] = {
        field: _sealed_forms(field, query.text) if query.sealed else [] for field in _NORMALISE
    }
    first, last = tail_range("mobile", query.tail) if query.tail else (None, None)
    values |= {"tail_first": first, "tail_last": last, "named": query.named}
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
    """Where a scan goes on: terms that begin with `start`, after the last one."""

    start: str
    last_term: str = ""
    last_id: int = 0


def _position(start: str, staff: Staff, after: int | None) -> _Position | None:
    """Where a scan begins, behind the member `after`; None where nothing is left to scan."""
    if not start or after is None:
        return _Position(start) if start else None
    last = Member.objects.visible_to(staff).filter(id=after).values_list("search_text", flat=True)
    _, found, rest = next(iter(last), "").partition(f"\n{start}")
    return _Position(start, start + rest.partition("\n")[0], after) if found else None


def _scan_terms(position: _Position, limit: int, *, without: Sequence[int]) -> list[int]:
    """Along the index of all terms, for readers who see every member."""
    values = {**vars(position), "line": f"\n{position.start}", "without": [*without], "limit": limit}
    values["last_term"] = position.last_term or position.start  # no member has the number 0
    with connection.cursor() as cursor:
        cursor.execute(_SCAN_TERMS, {**values, "end": _after(position.start)})
        return [member_id for (member_id,) in cursor.fetchall()]


def _scan_visible(position: _Position, staff: Staff, limit: int, *, without: Sequence[int]) -> list[int]:
    """The same for readers who see the members of books: these are few, so one statement reads each."""
    visible, parameters = visible_ids_sql(staff)
    after = [position.last_term, position.last_id]
    statement = _SCAN_VISIBLE.format(visible=visible)
    rows = fetch_prepared(statement, [f"\n{position.start}", *parameters, *after, [*without], limit])
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
