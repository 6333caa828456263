"""Found and rename teams; each leaves a row in the log."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from crm.staff.accounts.change import AccountRefusal, CannotChange
from crm.staff.models import AccountChange, ChangeKind, Staff, Team
from crm.staff.permissions import MANAGE_STAFF, require
from crm.staff.privacy.access_log import clean_reason


def create(*, name: str, by: Staff, reason: str, now: datetime) -> Team:
    """A new team. Raises NotAllowed, ReasonMissing, and CannotChange where the name is taken."""
    require(by, MANAGE_STAFF)
    reason = clean_reason(reason)[:300]
    try:
        with transaction.atomic():
            team = Team.objects.create(name=name)
            AccountChange.objects.create(
                team=team, kind=ChangeKind.FOUNDED, after=name, by=by, reason=reason, at=now
            )
    except IntegrityError as error:
        raise CannotChange(AccountRefusal.TEAM_NAME_TAKEN) from error
    return team


def rename(team_id: int, *, name: str, by: Staff, reason: str, now: datetime) -> Team:
    """Give a team another name. Raises as found(), and Team.DoesNotExist."""
    require(by, MANAGE_STAFF)
    reason = clean_reason(reason)[:300]
    try:
        with transaction.atomic():
            team = Team.objects.select_for_update().get(pk=team_id)
            before, team.name = team.name, name
            if before == name:
                raise CannotChange(AccountRefusal.NO_CHANGES)
            team.save(update_fields=["name", "name_key"])
            AccountChange.objects.create(
                team=team, kind=ChangeKind.RENAMED, before=before, after=name, by=by, reason=reason, at=now
            )
    except IntegrityError as error:
        raise CannotChange(AccountRefusal.TEAM_NAME_TAKEN) from error
    return team
