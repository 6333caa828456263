"""Record that a member used a benefit, and undo it within a day."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction

from crm.runtime.clock import day_of
from crm.runtime.errors import CodedError
from crm.staff.models import Staff
from crm.staff.permissions import require
from members.loyalty.benefits.quota.available import Available, available_benefits
from members.loyalty.models import BenefitUse
from members.loyalty.permissions import RECORD_BENEFITS
from members.profiles.models import Member

UNDONE_WITHIN = timedelta(days=1)  # the database holds it too
RECORDED_WITHIN = timedelta(days=31)  # how late a use may be recorded
# Member before household, as the trigger locks them.
_LOCK = (
    "SELECT household_id FROM profiles_member WHERE id = %s FOR NO KEY UPDATE",
    "SELECT FROM profiles_household WHERE id = %s FOR NO KEY UPDATE",
)


class Refusal(StrEnum):
    """Why nothing is recorded or undone: members.loyalty.benefits.sentences words each code."""

    NOT_AVAILABLE = "benefit_not_available"  # the member's tier does not have it then
    USED_UP = "benefit_used_up"
    NEEDS_APPROVAL = "benefit_needs_approval"
    IN_THE_FUTURE = "benefit_in_the_future"
    TOO_LATE = "benefit_recorded_too_late"  # days: how far back a use may lie
    OTHER_CONTENT = "benefit_key_used"  # the key names another use
    ALREADY_UNDONE = "benefit_already_undone"
    UNDO_TOO_LATE = "benefit_undo_too_late"
    NOT_FOUND = "benefit_use_not_found"
    NO_REQUEST_NEEDED = "benefit_needs_no_request"
    COST_CHANGED = "benefit_cost_changed"


class UseRefused(CodedError):
    """Nothing has changed; `code` is a Refusal."""


def record(
    *,
    member_id: int,
    benefit_id: int,
    key: str,
    now: datetime,
    at: datetime | None = None,
    staff: Staff | None = None,
    source: str = "",
    reference: str = "",
) -> BenefitUse:
    """Record a use at `at` (None: now), by a person of the staff or by the system `source`.

    The same key again gives the same use and adds nothing.

    Raises PermissionDenied (the role may not, or the member is not visible), UseRefused, and ValueError
    without a key, or without anybody who records.
    """
    if not key or not (staff or source):
        raise ValueError("a use has a key, and somebody who records it")
    if staff:
        require_member(member_id, staff)
    given = {"benefit_id": benefit_id, "reference": reference.strip()} | ({"at": at} if at else {})
    with transaction.atomic():
        lock_quota(member_id)
        if known := BenefitUse.objects.filter(member=member_id, key=key).first():
            return _same(known, given)
        found = require_available(member_id, benefit_id, at=at or now, now=now)
        if found.needs_approval:
            raise UseRefused(Refusal.NEEDS_APPROVAL)
        return store(
            found, member_id, at=at or now, reference=reference, key=key, staff=staff, source=source, now=now
        )


def undo(
    *, member_id: int, use_id: int, now: datetime, staff: Staff | None = None, source: str = ""
) -> BenefitUse:
    """Undo a use within a day of its recording: the quota has it back.

    Raises PermissionDenied, UseRefused, and ValueError without anybody who undoes.
    """
    if not (staff or source):
        raise ValueError("somebody undoes a use")
    if staff:
        require_member(member_id, staff)
    with transaction.atomic():
        use = BenefitUse.objects.select_for_update(no_key=True).filter(member=member_id, id=use_id).first()
        if use is None:
            raise UseRefused(Refusal.NOT_FOUND)
        if use.undone_at is not None:
            raise UseRefused(Refusal.ALREADY_UNDONE)
        if not can_be_undone(use, now):
            raise UseRefused(Refusal.UNDO_TOO_LATE)
        use.undone_at, use.undone_by, use.undone_source = now, staff, source
        use.save(update_fields=["undone_at", "undone_by", "undone_source"])
    return use


def can_be_undone(use: BenefitUse, now: datetime) -> bool:
    """Whether undo() still takes it back."""
    return use.undone_at is None and use.recorded_at <= now <= use.recorded_at + UNDONE_WITHIN


def require_member(member_id: int, staff: Staff) -> None:
    """Raises PermissionDenied unless this person may record uses of this member."""
    require(staff, RECORD_BENEFITS)
    if not Member.objects.visible_to(staff).filter(pk=member_id).exists():
        raise PermissionDenied


def lock_quota(member_id: int) -> None:
    """Lock what the quota of a member is counted for, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK[0], [member_id])
        for (household,) in cursor.fetchall():
            cursor.execute(_LOCK[1], [household])


def require_available(member_id: int, benefit_id: int, *, at: datetime, now: datetime) -> Available:
    """What is left of the benefit at `at`. Raises UseRefused where nothing is, or `at` is out of bounds."""
    if at > now:
        raise UseRefused(Refusal.IN_THE_FUTURE)
    if at < now - RECORDED_WITHIN:
        raise UseRefused(Refusal.TOO_LATE, days=RECORDED_WITHIN.days)
    found = available_benefits(member_id, at, benefit_id)
    if not found:
        raise UseRefused(Refusal.NOT_AVAILABLE)
    if not found[0].left:
        raise UseRefused(Refusal.USED_UP)
    return found[0]


def store(
    found: Available,
    member_id: int,
    *,
    at: datetime,
    key: str,
    staff: Staff | None,
    now: datetime,
    source: str = "",
    reference: str = "",
    request_id: int | None = None,
) -> BenefitUse:
    """Insert the use; the database counts again and fills in the same day, tier, cost and household."""
    return BenefitUse.objects.create(
        member_id=member_id,
        benefit_id=found.benefit_id,
        at=at,
        key=key,
        reference=reference.strip(),
        recorded_at=now,
        recorded_by=staff,
        source=source,
        request_id=request_id,
        version=found.version,
        tier=found.tier,
        cost=found.cost,
        day=day_of(at),
        household_id=found.household_id,
    )


def _same(known: BenefitUse, given: dict[str, object]) -> BenefitUse:
    if any(getattr(known, name) != value for name, value in given.items()):
        raise UseRefused(Refusal.OTHER_CONTENT)
    return known
