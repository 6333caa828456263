"""Let compliance set the questionnaire up, members answer it, and staff withdraw what no longer holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from django.db import models

from crm.demo.questionnaires.answers import answers_of
from crm.demo.world.dice import dice
from crm.runtime.clock import day_start
from crm.staff.four_eyes.requests import approve
from crm.staff.models import Role, Staff
from members.profiles.models import Attempt, Questionnaire, RiskAssessment, WithdrawalReason
from members.profiles.questionnaires.answer import answer
from members.profiles.questionnaires.limits import A_YEAR
from members.profiles.questionnaires.links import request_link, token_of
from members.profiles.questionnaires.notices import announce
from members.profiles.questionnaires.versions import change
from members.profiles.questionnaires.versions.ready_made import ready_made
from members.profiles.questionnaires.versions.stored import definition_of, in_force
from members.profiles.questionnaires.withdraw import withdraw

FIRST, SECOND, PROPOSED = 700, 230, 14  # days: both versions are in force since, the third waits
ANSWERING, WAITING, WITHDRAWN, REPEATING = 90, 4, 3, 2  # members
AGREED = "题目与分值已逐项复核 / Questions and scores reviewed one by one"
DEVICES = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 MicroMessenger/8.0.60",
    "Mozilla/5.0 (Linux; Android 15; V2405A) AppleWebKit/537.36 Chrome/130.0 Mobile MicroMessenger/8.0.57",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1",
    "Mozilla/5.0 (Linux; Android 14; 2312DRA50C) AppleWebKit/537.36 Chrome/131.0 Mobile Safari/537.36",
)
WHY = (
    (
        WithdrawalReason.OCCUPATION,
        "电话回访：上月已退休，主要靠养老金 / Retired last month, lives on a pension",
    ),
    (WithdrawalReason.FAMILY, "来电告知：家人患病，近期需用钱 / A relative is ill, the money is needed soon"),
    (
        WithdrawalReason.INCOME,
        "面谈：生意已转让，收入不再稳定 / Sold the business, no steady income any more",
    ),
)


def build_questionnaires(staff: Sequence[Staff], *, seed: str, today: date, now: datetime) -> dict[str, int]:
    """All of it; returns numbers of what there is."""
    chance = dice(seed, "questionnaires")
    _set_up(staff, today=today, now=now)
    answering = _answering(today)
    for member_id, day, risk_class in answering:
        _assess(member_id, day, risk_class, chance)
    by_hand = [member_id for member_id, day, _class in answering if day > today - timedelta(days=120)]
    _repeat(by_hand[:REPEATING], today, chance)
    service = next(person for person in staff if person.role == Role.CUSTOMER_SERVICE)
    for member_id, (reason, words) in zip(by_hand[REPEATING:][:WITHDRAWN], WHY, strict=False):
        withdraw(member_id=member_id, reason=reason, words=words, by=service, now=now - timedelta(days=2))
    for member_id in by_hand[REPEATING + 1 :][:WAITING]:
        request_link(member_id=member_id, by=service, now=now - timedelta(hours=20))
    return {"attempts": Attempt.objects.count(), "announced": announce(now)}


def _set_up(staff: Sequence[Staff], *, today: date, now: datetime) -> None:
    """A first version, the ready-made one after it, and one that waits for approval."""
    maker = next(person for person in staff if person.role == Role.COMPLIANCE)
    checker = next(person for person in staff if person.role == Role.OPERATIONS)
    values = ready_made()
    first = values | {"bands": values["bands"] | {"C4": 60, "C5": 78}}
    for days, given, reason in (
        (FIRST, first, "首版风险测评问卷 / First risk questionnaire"),
        (SECOND, values, "上调 C4、C5 起始分 / Higher scores for C4 and C5"),
    ):
        day = today - timedelta(days=days)
        at = day_start(day)
        asked = _propose(given, day, reason, maker, at)
        approve(request_id=asked, checker=checker, opinion=AGREED, now=at)
    reason = "有效期缩短为 6 个月，征求意见 / Validity of 6 months, for discussion"
    _propose(values | {"validity_months": 6}, today + timedelta(days=PROPOSED), reason, maker, now)


def _propose(values: Mapping[str, Any], day: date, reason: str, maker: Staff, now: datetime) -> int:
    made = change.draft(values=values, effective_from=day, now=now)
    return change.propose(made, reason=reason, maker=maker, now=now).pk


def _answering(today: date) -> list[tuple[int, date, str]]:
    """(member, day, class) of assessments of the last year that members are said to have made here."""
    rows = RiskAssessment.objects.filter(
        assessed_on__gt=today - timedelta(days=360),
        assessed_on__lt=today - timedelta(days=7),
        member__risk_assessed_on=models.F("assessed_on"),
        member__registered_at__date__lt=models.F("assessed_on"),
    )
    found = list(
        rows.order_by("-assessed_on", "member_id").values_list("member_id", "assessed_on", "risk_class")
    )
    return found[:: max(1, len(found) // ANSWERING)][:ANSWERING]


def _assess(member_id: int, day: date, risk_class: str, chance: Random, hour: int = 9) -> None:
    """A link at an hour of the day, an answer within four, with the class that is known of that day."""
    version = in_force(day)
    assert version is not None  # the first one is in force for two years
    given = answers_of(definition_of(version), risk_class, chance)
    if given is not None:
        asked = day_start(day) + timedelta(hours=hour, minutes=chance.randrange(60))
        at = asked + timedelta(minutes=chance.randrange(5, 240))
        _answer(member_id, version, given, asked, at, chance)


def _answer(
    member_id: int,
    version: Questionnaire,
    given: Mapping[str, Sequence[str]],
    asked: datetime,
    at: datetime,
    chance: Random,
) -> None:
    link = request_link(member_id=member_id, by=None, now=asked)
    answer(
        token_of(link),
        questionnaire_id=version.pk,
        answers=given,
        device=chance.choice(DEVICES),
        language="zh",
        now=at,
    )


def _repeat(member_ids: Sequence[int], today: date, chance: Random) -> None:
    """Members who answer again and again until they may no more, each time a little bolder."""
    for member_id in member_ids:
        made = RiskAssessment.objects.filter(
            member=member_id, assessed_on__gt=today - timedelta(days=365)
        ).count()
        for number in range(made, A_YEAR):
            day, hour = today - timedelta(days=(A_YEAR - number + 1) // 2), 9 if number % 2 == 0 else 15
            _assess(member_id, day, f"C{min(5, 2 + number // 2)}", chance, hour)
