"""The log of reveals: nobody reads a masked value without a right, a reason and a row here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count
from django.db.models.functions import TruncHour

from crm.runtime.errors import CodedError
from crm.runtime.extension.labels import Label, untranslated
from crm.runtime.extension.registry import Registry
from crm.runtime.text.normal_form import lines
from crm.staff.models import SHORTEST_REASON, Reveal, Staff
from crm.staff.permissions import REVEAL, require

REASON_TOO_SHORT = "reason_too_short"  # count: the characters it needs
TOO_MANY_SEARCHES = "too_many_searches"  # count: of one hour
HOUR = timedelta(hours=1)
USUAL_SEARCHES = 60  # of one person in an hour; beyond them a purpose is asked for and compliance is told
MOST_SEARCHES = 200


class TooManySearches(CodedError):
    """Nobody searches for so many people in an hour."""


class ReasonMissing(CodedError):
    """The reason is too short to be understood."""


def clean_reason(reason: str) -> str:
    """The reason in its normal form. Raises ReasonMissing when it is shorter than SHORTEST_REASON."""
    reason = lines(reason)
    if len(reason) < SHORTEST_REASON:
        raise ReasonMissing(REASON_TOO_SHORT, count=SHORTEST_REASON)
    return reason


_fields: Registry[Label] = Registry("field of the access log", untranslated)


def register(fields: Mapping[str, Label]) -> None:
    """Publish the words of fields that may be revealed (from AppConfig.ready). Raises RegisteredTwice."""
    for name, label in fields.items():
        _fields.add(name, label)


def fields() -> Mapping[str, Label]:
    """Every field that may be revealed, in words."""
    return _fields


_reasons: Registry[Label] = Registry("reason of the access log", untranslated)


def register_reasons(reasons: Mapping[str, Label]) -> None:
    """Publish usual reasons by the key that is stored (from AppConfig.ready). Raises RegisteredTwice."""
    for key, label in reasons.items():
        _reasons.add(key, label)


def reason_text(reason: str) -> str:
    """A stored reason: a usual one in the reader's language, any other as it was typed."""
    return str(_reasons.get(reason, reason))


def field_label(field: str) -> str:
    """What was revealed, in words; its name where no app has such a field any more."""
    return str(_fields.get(field, field))


def log(*, staff: Staff, member_id: int, field: str, reason: str, now: datetime) -> Reveal:
    """Record that `staff` is about to be shown a value; whoever unseals it calls this first.

    Whether the member is theirs to see is for the caller to check.
    Raises NotAllowed, ReasonMissing, and KeyError for a field that no app has registered.
    """
    if field not in _fields:
        raise KeyError(field)
    require(staff, REVEAL)
    return Reveal.objects.create(
        staff=staff, member_id=member_id, field=field, reason=clean_reason(reason)[:300], at=now
    )


def lock(staff: Staff) -> None:
    """Let the searches of one person wait for each other until the transaction ends: they are counted."""
    Staff.objects.select_for_update(no_key=True).filter(pk=staff.pk).values_list("pk").first()


@dataclass(frozen=True)
class LastHour:
    """The searches of one person that the last hour has on record."""

    searches: int  # different ones, at most MOST_SEARCHES
    repeats: bool  # the search asked about is one of them

    @property
    def needs_purpose(self) -> bool:
        """Whether the next new search needs its purpose in words."""
        return self.searches >= USUAL_SEARCHES

    def refuse_too_many(self) -> None:
        """Raises TooManySearches where there are as many as anybody may make."""
        if self.searches >= MOST_SEARCHES:
            raise TooManySearches(TOO_MANY_SEARCHES, count=MOST_SEARCHES)


def last_hour(staff: Staff, now: datetime, term: bytes = b"") -> LastHour:
    """The last hour's searches of a person, and whether a search for `term` is among them. One query."""
    terms = list(
        Reveal.objects.filter(staff=staff, at__gt=now - HOUR, term__isnull=False)
        .order_by("-at")
        .values_list("term", flat=True)[:MOST_SEARCHES]
    )
    return LastHour(len(terms), term in terms)


def log_search(
    *, staff: Staff, member_id: int | None, field: str, term: bytes, purpose: str, now: datetime
) -> Reveal:
    """Record a search by a value that the person does not see; `member_id` is the only one found.

    Raises NotAllowed, and KeyError for a field that no app has registered.
    """
    if field not in _fields:
        raise KeyError(field)
    require(staff, REVEAL)
    return Reveal.objects.create(
        staff=staff, member_id=member_id, field=field, reason=purpose[:300], at=now, term=term
    )


def frequent_searchers(since: datetime, now: datetime) -> list[tuple[Staff, int]]:
    """Who searched more than is usual in some hour of the clock since then, with the most of an hour.

    Two queries.
    """
    rows = Reveal.objects.filter(at__gte=since, at__lte=now, term__isnull=False)
    by_hour = rows.annotate(hour=TruncHour("at")).values_list("staff", "hour").annotate(count=Count("id"))
    most: dict[int, int] = {}
    for staff_id, _hour, count in by_hour.order_by():
        if count > USUAL_SEARCHES:
            most[staff_id] = max(count, most.get(staff_id, 0))
    people = Staff.objects.in_bulk(list(most)) if most else {}
    return [(people[pk], count) for pk, count in sorted(most.items(), key=lambda one: -one[1])]
