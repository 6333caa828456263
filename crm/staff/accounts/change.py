"""Open, change, close and reopen accounts. Each verb leaves a row in the log, in the same transaction.

Nobody does any of this to their own account, and the last administrator stays: the database holds both, this
module gives the reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum

from axes.utils import reset
from django.db import IntegrityError, connection, transaction

from crm.runtime.errors import CodedError
from crm.staff.accounts import sessions
from crm.staff.four_eyes import requests
from crm.staff.models import AccountChange, ChangeKind, Role, Staff, Team
from crm.staff.permissions import MANAGE_STAFF, require
from crm.staff.privacy.access_log import clean_reason

FEWEST_DECIDERS = 2


class AccountRefusal(StrEnum):
    """Why an account or a team is not changed; crm.staff.sentences puts each into words."""

    USERNAME_TAKEN = "username_taken"
    NO_CHANGES = "account_no_changes"
    ALREADY_DEACTIVATED = "account_already_deactivated"
    ACTIVE = "account_active"
    NOT_LOCKED = "account_not_locked"
    NOT_SET_UP = "account_not_set_up"  # its owner has chosen no password yet
    DEACTIVATED = "account_deactivated"  # has to be reactivated first
    OWN_ACCOUNT = "own_account"
    LAST_ADMINISTRATOR = "last_administrator"
    TEAM_NAME_TAKEN = "team_name_taken"
    NEEDS_SECOND_PERSON = "account_needs_second_person"  # may decide requests
    LAST_DECIDERS = "last_deciders"


class CannotChange(CodedError):
    """The account or team cannot be changed like that; `code` is an AccountRefusal."""


def create_account(
    *,
    username: str,
    display_name: str,
    role: str,
    team: Team | None,
    language: str,
    by: Staff,
    reason: str,
    now: datetime,
    approved: bool = False,
) -> Staff:
    """A new account without a password: its owner sets one through a one-time link.

    `approved`: a second person agreed, as accounts of those who may decide requests need. Raises NotAllowed,
    ReasonMissing, and CannotChange where the sign-in name is taken.
    """
    require(by, MANAGE_STAFF)
    reason = clean_reason(reason)
    _second_person(role, approved)
    try:
        with transaction.atomic():
            staff = Staff.objects.create_user(
                username, None, display_name=display_name, role=role, team=team, language=language
            )
            _log(staff, ChangeKind.OPENED, "", role, by=by, reason=reason, now=now)
    except IntegrityError as error:
        raise CannotChange(AccountRefusal.USERNAME_TAKEN) from error
    return staff


def change(
    staff_id: int,
    *,
    display_name: str,
    role: str,
    team: Team | None,
    by: Staff,
    reason: str,
    now: datetime,
    approved: bool = False,
) -> list[ChangeKind]:
    """Give the account this name, role and team; returns what became different.

    `approved`: as of create_account(), for a new role. Whoever is given a role that decides requests starts
    without password or sessions, as a new account does: an administrator alone may have set the old one.

    Raises NotAllowed, ReasonMissing, Staff.DoesNotExist, and CannotChange for one's own account,
    the last administrator's role, or when nothing would change.
    """
    reason = clean_reason(reason)
    with _kept_administrator(), transaction.atomic():
        staff = _somebody_else(staff_id, by)
        wanted = {
            ChangeKind.NAME: (staff.display_name, display_name),
            ChangeKind.ROLE: (staff.role, role),
            ChangeKind.TEAM: (staff.team.name if staff.team else "", team.name if team else ""),
        }
        different = {kind: pair for kind, pair in wanted.items() if pair[0] != pair[1]}
        if not different:
            raise CannotChange(AccountRefusal.NO_CHANGES)
        if ChangeKind.ROLE in different:
            _second_person(role, approved)
            _keep_deciders(staff, role)
        staff.display_name, staff.role, staff.team = display_name, role, team
        if ChangeKind.ROLE in different and decides_requests(role):
            staff.set_unusable_password()
            sessions.end(staff.pk)
        staff.save(update_fields=["display_name", "name_key", "role", "team", "password"])
        AccountChange.objects.bulk_create(
            AccountChange(staff=staff, kind=kind, before=before, after=after, by=by, reason=reason, at=now)
            for kind, (before, after) in different.items()
        )
    return list(different)


def deactivate(staff_id: int, *, by: Staff, reason: str, now: datetime) -> Staff:
    """Shut the account at once: it may nothing any more and its sessions end. Raises as change()."""
    reason = clean_reason(reason)
    with _kept_administrator(), transaction.atomic():
        staff = _somebody_else(staff_id, by)
        if not staff.is_active:
            raise CannotChange(AccountRefusal.ALREADY_DEACTIVATED)
        _keep_deciders(staff, "")
        staff.is_active = False
        staff.save(update_fields=["is_active"])
        sessions.end(staff.pk)
        _log(staff, ChangeKind.CLOSED, "", "", by=by, reason=reason, now=now)
    return staff


def reactivate(staff_id: int, *, by: Staff, reason: str, now: datetime, approved: bool = False) -> Staff:
    """Let the account be used again, with its old password. Raises as change()."""
    reason = clean_reason(reason)
    with transaction.atomic():
        staff = _somebody_else(staff_id, by)
        if staff.is_active:
            raise CannotChange(AccountRefusal.ACTIVE)
        _second_person(staff.role, approved)
        staff.is_active = True
        staff.save(update_fields=["is_active"])
        _log(staff, ChangeKind.REOPENED, "", "", by=by, reason=reason, now=now)
    return staff


def unlock(staff_id: int, *, by: Staff, reason: str, now: datetime) -> int:
    """Forget the failed sign-ins that shut somebody out; returns of how many places. Raises as change()."""
    reason = clean_reason(reason)
    with transaction.atomic():
        staff = _somebody_else(staff_id, by)
        places = reset(username=staff.username)
        if not places:
            raise CannotChange(AccountRefusal.NOT_LOCKED)
        _log(staff, ChangeKind.UNLOCKED, "", "", by=by, reason=reason, now=now)
    return places


def require_new_password(staff_id: int, *, by: Staff, reason: str, now: datetime) -> Staff:
    """The next page the person opens is the one to choose a new password. Raises as change()."""
    reason = clean_reason(reason)
    with transaction.atomic():
        staff = _somebody_else(staff_id, by)
        if not staff.has_usable_password():
            raise CannotChange(AccountRefusal.NOT_SET_UP)
        staff.must_change_password = True
        staff.save(update_fields=["must_change_password"])
        _log(staff, ChangeKind.PASSWORD_ASKED, "", "", by=by, reason=reason, now=now)
    return staff


def reset_password(staff_id: int, *, by: Staff, reason: str, now: datetime, approved: bool = False) -> Staff:
    """Make the password useless and end the sessions, before a one-time link is given. Raises as change()."""
    reason = clean_reason(reason)
    with transaction.atomic():
        staff = _somebody_else(staff_id, by)
        if not staff.is_active:
            raise CannotChange(AccountRefusal.DEACTIVATED)
        _second_person(staff.role, approved)
        staff.set_unusable_password()
        staff.save(update_fields=["password"])
        sessions.end(staff.pk)
        _log(staff, ChangeKind.LINK, "", "", by=by, reason=reason, now=now)
    return staff


def record_password_set(staff: Staff, *, now: datetime, keep_session: str = "") -> None:
    """Note that the person chose a new password; other sessions of theirs end."""
    with transaction.atomic():
        Staff.objects.filter(pk=staff.pk).update(must_change_password=False)
        sessions.end(staff.pk, but=keep_session)
        _log(staff, ChangeKind.PASSWORD_SET, "", "", by=staff, reason="", now=now)


def note_other_browser(staff: Staff, *, before: str, after: str, now: datetime) -> None:
    """Record that a session of this person is used from a browser other than the one that signed in."""
    _log(staff, ChangeKind.OTHER_BROWSER, before[:80], after[:80], by=staff, reason="", now=now)


def is_last_administrator(staff: Staff) -> bool:
    """Whether nobody else could manage accounts."""
    active = Staff.objects.filter(role=Role.ADMINISTRATOR, is_active=True)
    return staff.is_active and staff.role == Role.ADMINISTRATOR and not active.exclude(pk=staff.pk).exists()


def decides_requests(role: str) -> bool:
    """Whether accounts of a role may decide four-eyes requests: a second person has to agree to them."""
    return any(role in kind.deciders.roles for kind in requests.kinds())


def _second_person(role: str, approved: bool) -> None:
    if not approved and decides_requests(role):
        raise CannotChange(AccountRefusal.NEEDS_SECOND_PERSON)


def _keep_deciders(staff: Staff, role: str) -> None:
    """Refuses to take a decider away where two would not be left: nobody could approve another one.

    `role` is the new one. Where there are not two yet, the account stays as changeable as any.
    """
    if decides_requests(role) or not (staff.is_active and decides_requests(staff.role)):
        return
    with connection.cursor() as cursor:  # two who take one another away are counted one after the other
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('staff deciders'))")
    roles = [one for one in Role.values if decides_requests(one)]
    if Staff.objects.filter(role__in=roles, is_active=True).count() == FEWEST_DECIDERS:
        raise CannotChange(AccountRefusal.LAST_DECIDERS)


def _somebody_else(staff_id: int, by: Staff) -> Staff:
    """The account, locked with that of `by`, in key order: of two who close each other the later is refused.

    NO KEY UPDATE, so that log rows that name either of them need not wait.
    """
    locked = Staff.objects.select_for_update(no_key=True, of=("self",)).select_related("team")
    found = {row.pk: row for row in locked.filter(pk__in=[staff_id, by.pk]).order_by("pk")}
    require(found.get(by.pk, by), MANAGE_STAFF)
    if staff_id not in found:
        raise Staff.DoesNotExist
    if staff_id == by.pk:
        raise CannotChange(AccountRefusal.OWN_ACCOUNT)
    return found[staff_id]


@contextmanager
def _kept_administrator() -> Iterator[None]:
    """Gives the database's refusal to lose the last administrator its code."""
    try:
        yield
    except IntegrityError as error:
        if "last administrator" not in str(error):
            raise
        raise CannotChange(AccountRefusal.LAST_ADMINISTRATOR) from error


def _log(
    staff: Staff, kind: ChangeKind, before: str, after: str, *, by: Staff, reason: str, now: datetime
) -> None:
    AccountChange.objects.create(
        staff=staff, kind=kind, before=before, after=after, by=by, reason=reason[:300], at=now
    )
