"""The tab of the member page about risk questionnaires: state, every attempt, and what staff may do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.runtime.clock import day_of
from crm.runtime.text.local_names import reads_english
from crm.staff.accounts.browsers import browser_of
from crm.staff.permissions import may
from crm.staff.privacy.mask_levels import MaskLevel, mask_level, masked_value
from crm.web.responses import StaffRequest
from members.profiles.member_page.tabs import Tab
from members.profiles.member_view import MemberView
from members.profiles.models import (
    AssessmentWithdrawal,
    Attempt,
    Member,
    QuestionnaireLink,
    WithdrawalReason,
)
from members.profiles.operator_role import Feature, may_offer
from members.profiles.permissions import REQUEST_ASSESSMENT, SEE_MEMBERS, WITHDRAW_ASSESSMENT
from members.profiles.questionnaires.validity import State, end_of, state_of

KEY = "questionnaires"
SHOWN = 30  # attempts, and withdrawals


@dataclass(frozen=True)
class ShownAnswer:
    """What was chosen of a question; `options` is empty where this reader may not see it."""

    question: str
    options: Sequence[str]


@dataclass(frozen=True)
class ShownAttempt:
    """An attempt; `device` as the reader may see it."""

    row: Attempt
    device: str
    answers: Sequence[ShownAnswer]


@dataclass(frozen=True)
class Standing:
    """The member's assessment on a day: `ends_on` is the first day on which it is not valid."""

    state: State
    risk_class: str
    assessed_on: date | None
    ends_on: date | None

    @property
    def is_valid(self) -> bool:
        return self.state in (State.VALID, State.EXPIRING)


def context(request: StaffRequest, member: MemberView, now: datetime) -> dict[str, Any]:
    """What the tab shows. Four queries."""
    staff = request.user
    plain = mask_level("answers", staff, own=member.own) is MaskLevel.PLAIN
    attempts = Attempt.objects.filter(member=member.id).select_related("questionnaire")
    withdrawals = list(
        AssessmentWithdrawal.objects.filter(member=member.id).select_related("by").order_by("-number")[:SHOWN]
    )
    link = (
        QuestionnaireLink.objects.filter(member=member.id)
        .select_related("requested_by")
        .order_by("-number")
        .first()
    )
    shown = [
        ShownAttempt(
            row,
            masked_value("text", browser_of(row.device), staff),
            _answers(row.questionnaire.questions, row.answers, plain=plain),
        )
        for row in attempts.order_by("-number")[:SHOWN]
    ]
    is_used = link is not None and any(one.row.id == link.id for one in shown)
    return {
        "member": member,
        "standing": _standing(member.id, withdrawals, day_of(now)),
        "attempts": shown,
        "withdrawals": [
            (row, masked_value("text", row.words, staff), WithdrawalReason(row.reason).label)
            for row in withdrawals
        ],
        "link": link if link and not is_used and link.expires_at > now else None,
        "is_plain": plain,
        "is_offered": may_offer(Feature.RISK_QUESTIONNAIRE),
        "may_request": may(staff, REQUEST_ASSESSMENT),
        "may_withdraw": may(staff, WITHDRAW_ASSESSMENT),
        "reasons": WithdrawalReason.choices,
    }


def _standing(member_id: int, withdrawals: Sequence[AssessmentWithdrawal], today: date) -> Standing:
    found = Member.objects.values_list("risk_class", "risk_assessed_on", "risk_ends_on")
    risk_class, assessed_on, ends_on = found.get(pk=member_id)
    is_withdrawn = ends_on is not None and any(row.day == ends_on for row in withdrawals)
    return Standing(
        state_of(assessed_on, ends_on, today, is_withdrawn=is_withdrawn),
        risk_class or "",
        assessed_on,
        end_of(assessed_on, ends_on) if assessed_on else None,
    )


def _answers(
    questions: Sequence[Mapping[str, Any]], given: Mapping[str, Sequence[str]], *, plain: bool
) -> list[ShownAnswer]:
    language = "en" if reads_english() else "zh"
    return [
        ShownAnswer(
            one["text"][language],
            [o["text"][language] for o in one["options"] if o["key"] in given[one["key"]]] if plain else [],
        )
        for one in questions
    ]


TAB = Tab(KEY, _("Risk questionnaire"), 25, "profiles/questionnaires/member/tab.html", context, SEE_MEMBERS)
