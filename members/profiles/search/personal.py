"""Searches that tell more of somebody than the searcher sees: granted, counted and logged as reveals are.

Whoever sees 138****5678 or 张* could ask for one value after another until somebody is found. So a search
by a mobile, an e-mail address or an ID number, and by more of a name than is shown, is for those who may
reveal.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from crm.runtime.secrets.crypto import encrypt
from crm.staff.models import Staff
from crm.staff.permissions import REVEAL, may, require
from crm.staff.privacy import access_log
from crm.staff.privacy.access_log import ReasonMissing
from crm.staff.privacy.export_log import TERM
from members.profiles.member_view import may_sort_by
from members.profiles.permissions import SEARCH_PEOPLE
from members.profiles.search.search_members import family_of, is_tail, sealed_fields, search_members

NOT_STATED = "exact search"  # the purpose on record while none has to be given


def asked_field(text: str, staff: Staff) -> str:
    """The field that a search asks for beyond what this person sees; empty: a search free to everybody.

    "mobile", "email", "id_number" or "name". At most 5 queries.
    """
    if not text or (not is_tail(text) and search_members(text, staff, limit=1)):
        return ""
    return field_of(text, staff)


def field_of(text: str, staff: Staff) -> str:
    """As asked_field(), of a text by which a free search has found nobody. No query."""
    if not may(staff, SEARCH_PEOPLE):
        return ""
    if found := sealed_fields(text):
        return found[0]
    if may_sort_by("name", staff) or text.startswith("#") or family_of(text):
        return ""
    return "name"


def needs_purpose(staff: Staff, now: datetime) -> bool:
    """Whether the next such search of this person needs its purpose in words."""
    return access_log.last_hour(staff, now).needs_purpose


@dataclass(frozen=True)
class Found:
    """At most two members whom a search finds; `granted`: it asked for more than the person sees."""

    ids: list[int]
    granted: bool = False


def find(text: str, *, staff: Staff, purpose: str, now: datetime, typing: bool = False) -> Found:
    """Search, and log it where the text asks for more than this person sees.

    A search that this person may not make, or that needs a purpose in words, finds nobody. Digits that are
    the end of a mobile are looked for as such even where a free search would find somebody; not while
    somebody is `typing`, since every number begins with such digits. Raises TooManySearches.
    """
    by_tail = is_tail(text) and may(staff, REVEAL)
    free = [] if by_tail and not typing else search_members(text, staff, limit=2)
    field = "" if free or (by_tail and typing) else field_of(text, staff)
    if not field or not may(staff, REVEAL):
        return Found(free)
    try:
        return Found(grant(text, field, staff=staff, purpose=purpose, now=now), granted=True)
    except ReasonMissing:
        return Found([])


def grant(text: str, field: str, *, staff: Staff, purpose: str, now: datetime) -> list[int]:
    """Allow one search by a text that asks for a field, and log it with whom it finds; at most two of them.

    The same search within the hour is the same entry. Raises NotAllowed, ReasonMissing where a purpose is
    needed, and TooManySearches.
    """
    require(staff, REVEAL)
    term = encrypt(TERM, text)
    with transaction.atomic():
        access_log.lock(staff)
        hour = access_log.last_hour(staff, now, term)
        if hour.repeats:
            return search_members(text, staff, limit=2, granted=True)
        hour.refuse_too_many()
        if purpose.strip() or hour.needs_purpose:
            purpose = access_log.clean_reason(purpose)
        found = search_members(text, staff, limit=2, granted=True)
        access_log.log_search(
            staff=staff,
            member_id=found[0] if len(found) == 1 else None,
            field=field,
            term=term,
            purpose=purpose or NOT_STATED,
            now=now,
        )
    return found
