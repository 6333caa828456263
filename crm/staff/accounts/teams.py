"""Found and rename teams; each leaves a row in the log."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from crm.staff.accounts.change import AccountRefusal, CannotChange
from crm.staff.models import AccountChange, ChangeKind, Staff, Team
from crm.staff.permissions import MANAGE_STAFF, require
from crm.staff.privacy.access_log import clean_reason


def create(*, name: str, name_en: str = "", by: Staff, reason: str, now: datetime) -> Team:
    """A new team; `name_en` is its name for those who read English, where it has one.

    Raises NotAllowed, ReasonMissing, and CannotChange where the name is taken.
    """
    require(by, MANAGE_STAFF)
    reason = clean_reason(reason)[:300]
    try:
        with transaction.atomic():
            team = Team.objects.create(name=name, name_en=name_en)
            AccountChange.objects.create(
                team=team, kind=ChangeKind.FOUNDED, after=name, by=by, reason=reason, at=now
            )
    except IntegrityError as error:
        raise CannotChange(AccountRefusal.TEAM_NAME_TAKEN) from error
    return team


def rename(team_id: int, *, name: str, name_en: str = "", by: Staff, reason: str, now: datetime) -> Team:
    """Give a team other names. Raises as create(), and Team.DoesNotExist."""
    require(by, MANAGE_STAFF)
    reason = clean_reason(reason)[:300]
    try:
        with transaction.atomic():
            team = Team.objects.select_for_update().get(pk=team_id)
            before = team.name, team.name_en
            if before == (name, name_en):
                raise CannotChange(AccountRefusal.NO_CHANGES)
            team.name, team.name_en = name, name_en
            team.save(update_fields=["name", "name_en", "name_key"])
            AccountChange.objects.bulk_create(
                AccountChange(
                    team=team, kind=ChangeKind.RENAMED, before=old, after=new, by=by, reason=reason, at=now
                )
                for old, new in zip(before, (name, name_en), strict=True)
                if old != new
            )
    except IntegrityError as error:
        raise CannotChange(AccountRefusal.TEAM_NAME_TAKEN) from error
    return team
