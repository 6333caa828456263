"""An assessment ends before its time, since facts that it rests on have changed."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from django.db import transaction

from crm.runtime.background import changes
from crm.runtime.clock import day_of
from crm.runtime.errors import CodedError
from crm.staff.models import Staff
from crm.staff.permissions import NotAllowed, require
from crm.staff.privacy.access_log import clean_reason
from members.profiles.models import AssessmentWithdrawal, Member, WithdrawalReason
from members.profiles.permissions import WITHDRAW_ASSESSMENT
from members.profiles.questionnaires.validity import is_valid

WITHDRAWN = "questionnaire.withdrawn"  # in the change queue, with the reason's key


class Refusal(StrEnum):
    """Why nothing is withdrawn; members.profiles.questionnaires.sentences words each."""

    NOTHING_VALID = "assessment_nothing_valid"


class WithdrawalRefused(CodedError):
    """Nothing has changed; `code` is a Refusal."""


def withdraw(
    *, member_id: int, reason: WithdrawalReason, words: str, by: Staff, now: datetime
) -> AssessmentWithdrawal:
    """End the valid assessment of a member whom `by` sees, at once.

    It only makes stricter, so one person does it. The way back is a new assessment. Raises NotAllowed,
    ReasonMissing, WithdrawalRefused.
    """
    require(by, WITHDRAW_ASSESSMENT)
    words = clean_reason(words)
    with transaction.atomic():
        seen = Member.objects.visible_to(by).filter(pk=member_id)
        member = seen.select_for_update(no_key=True, of=("self",)).first()
        if member is None:
            raise NotAllowed(f"withdraw_assessment: member {member_id} is not visible")
        if not is_valid(member.risk_assessed_on, member.risk_ends_on, day_of(now)):
            raise WithdrawalRefused(Refusal.NOTHING_VALID)
        row = AssessmentWithdrawal(
            member_id=member_id,
            number=0,  # given by the database, as day and after_number
            at=now,
            day=day_of(now),
            after_number=0,
            reason=reason,
            words=words[:500],
            by=by,
        )
        AssessmentWithdrawal.objects.bulk_create([row])
        changes.append(WITHDRAWN, member_id=member_id, payload={"reason": str(reason)}, at=now)
    return AssessmentWithdrawal.objects.filter(member=member_id).latest("number")
