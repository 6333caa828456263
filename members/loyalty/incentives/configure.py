"""Configure badges and quests: a version is proposed, and stored once a second person approves it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.db import connection, transaction

from crm.runtime import clock
from crm.runtime.errors import CodedError
from crm.runtime.text.normal_form import line
from crm.staff.four_eyes import requests
from crm.staff.models import Request, Staff
from members.loyalty.incentives.compliance.cycles import leads_to
from members.loyalty.incentives.compliance.judge import Finding, judge
from members.loyalty.incentives.keeping.schedule_rules import schedule_rules
from members.loyalty.models import Incentive, IncentiveKind, IncentiveVersion, Period, StepOrder
from members.rules.language.parse import parse
from members.rules.language.to_json import to_json

KIND = "loyalty.incentive"
MOST_STEPS = 12
LONGEST_NAME = 120
_CODE = re.compile(r"[a-z][a-z0-9_]{0,59}")
CONTENT = (
    *("is_active", "name", "name_en", "rule", "period", "steps", "step_order", "limit_days", "points"),
    *("budget", "from_stage", "to_stage", "effect_days"),
)


class Refusal(StrEnum):
    """Why a version is refused: members.loyalty.incentives.sentences words each code."""

    NO_NAME = "incentive_no_name"
    BAD_CODE = "incentive_bad_code"
    CODE_TAKEN = "incentive_code_taken"
    NO_STEPS = "incentive_no_steps"
    TOO_MANY_STEPS = "incentive_too_many_steps"
    NO_REWARDED_STEP = "incentive_no_rewarded_step"
    BUDGET_TOO_SMALL = "incentive_budget_too_small"
    SAME_STAGE = "incentive_same_stage"
    IN_THE_PAST = "incentive_in_the_past"
    NO_CHANGES = "incentive_no_changes"
    BASE_CHANGED = "incentive_base_changed"
    NAMES_ITSELF = "incentive_names_itself"
    NOT_COMPLIANT = "incentive_not_compliant"


class IncentiveRefused(CodedError):
    """A version that cannot be proposed; `findings` are those of compliance."""

    def __init__(self, code: str, findings: tuple[Finding, ...] = (), **params: Any) -> None:
        super().__init__(code, **params)
        self.findings = findings


@dataclass(frozen=True)
class Step:
    """A step as entered: `rule` is JSON of members.rules; `rewarded`: the points wait for it."""

    name: str
    rule: Any
    name_en: str = ""
    rewarded: bool = True


@dataclass(frozen=True)
class Draft:
    """A version as entered. `steps` are those of a quest; a badge has none. `code` names the incentive."""

    programme_id: int
    kind: IncentiveKind
    code: str
    name: str
    rule: Any
    from_stage: str
    to_stage: str
    name_en: str = ""
    period: Period = Period.ONCE
    steps: tuple[Step, ...] = ()
    step_order: StepOrder = StepOrder.FREE
    limit_days: int | None = None
    points: int = 0
    budget: int | None = None
    effect_days: int = 90
    is_active: bool = True


def content_of(draft: Draft, staff: Staff) -> dict[str, Any]:
    """What the version will hold, its rules in one form.

    Raises BadRules (also for what this person may not ask) and IncentiveRefused.
    """
    _check_shape(draft)
    steps = [
        {
            "name": _name(step.name),
            "name_en": line(step.name_en),
            "rule": to_json(parse(step.rule, staff=staff)),
            "rewarded": step.rewarded,
        }
        for step in draft.steps
    ]
    content = {name: getattr(draft, name) for name in CONTENT} | {
        "name": _name(draft.name),
        "name_en": line(draft.name_en),
        "rule": to_json(parse(draft.rule, staff=staff)),
        "steps": steps,
        "period": str(draft.period),
        "step_order": str(draft.step_order),
        "from_stage": str(draft.from_stage),
        "to_stage": str(draft.to_stage),
    }
    if leads_to([content["rule"], *(step["rule"] for step in steps)], draft.code):
        raise IncentiveRefused(Refusal.NAMES_ITSELF)
    if draft.is_active and (findings := judge(content)):
        raise IncentiveRefused(Refusal.NOT_COMPLIANT, tuple(findings))
    return content


def propose(draft: Draft, *, effective_on: date, reason: str, maker: Staff, now: datetime) -> Request:
    """Ask for a version from a platform day on (today: from its approval).

    Raises what content_of and requests.propose raise.
    """
    if effective_on < clock.day_of(now):
        raise IncentiveRefused(Refusal.IN_THE_PAST)
    content, base = content_of(draft, maker), latest_version(draft.code)
    if base and (base.incentive.kind, base.incentive.programme_id) != (draft.kind, draft.programme_id):
        raise IncentiveRefused(Refusal.CODE_TAKEN)
    before = {name: getattr(base, name) for name in CONTENT} if base else {}
    diff = {name: [before.get(name), value] for name, value in content.items() if value != before.get(name)}
    if not diff:
        raise IncentiveRefused(Refusal.NO_CHANGES)
    asked = {
        "programme": draft.programme_id,
        "kind": str(draft.kind),
        "code": draft.code,
        "content": content,
        "effective_from": clock.day_start(effective_on).isoformat(),
    }
    return requests.propose(
        kind=KIND,
        content=asked,
        proposal=asked | {"base": base.number if base else 0},
        diff=diff,
        summary=f"{draft.kind} {draft.code}: {content['name']}",
        reason=reason,
        maker=maker,
        now=now,
    )


def latest_version(code: str) -> IncentiveVersion | None:
    """The version of the highest number of an incentive, in effect or to come."""
    found = IncentiveVersion.objects.filter(incentive__code=code)
    return found.select_related("incentive").order_by("-number").first()


def apply(request: Request, now: datetime) -> None:
    """Store the approved version; where its day has passed meanwhile it is in effect from its approval.

    Raises BasisChanged where another version has been approved since, or compliance now refuses it.
    """
    asked = request.proposal
    with transaction.atomic():
        _one_at_a_time()
        base = latest_version(asked["code"])
        if (base.number if base else 0) != asked["base"]:
            raise requests.BasisChanged(Refusal.BASE_CHANGED)
        if asked["content"]["is_active"] and judge(asked["content"]):
            raise requests.BasisChanged(Refusal.NOT_COMPLIANT)
        incentive = base.incentive if base else _create(asked, now)
        starts = max(datetime.fromisoformat(asked["effective_from"]), now)
        if base:
            starts = max(starts, base.effective_from)
        version = IncentiveVersion.objects.create(
            incentive=incentive,
            number=asked["base"] + 1,
            effective_from=starts,
            request_id=request.pk,
            **asked["content"],
        )
        schedule_rules(version, base)


def _create(asked: Mapping[str, Any], now: datetime) -> Incentive:
    return Incentive.objects.create(
        programme_id=asked["programme"], kind=asked["kind"], code=asked["code"], made_at=now
    )


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('loyalty incentives', 0))")


def _name(given: str) -> str:
    name = line(given)
    if not name or len(name) > LONGEST_NAME:
        raise IncentiveRefused(Refusal.NO_NAME, most=LONGEST_NAME)
    return name


def _check_shape(draft: Draft) -> None:
    if not _CODE.fullmatch(draft.code):
        raise IncentiveRefused(Refusal.BAD_CODE)
    if (draft.kind == IncentiveKind.QUEST) != bool(draft.steps):
        raise IncentiveRefused(Refusal.NO_STEPS)
    if len(draft.steps) > MOST_STEPS:
        raise IncentiveRefused(Refusal.TOO_MANY_STEPS, most=MOST_STEPS)
    if draft.steps and draft.points and not any(step.rewarded for step in draft.steps):
        raise IncentiveRefused(Refusal.NO_REWARDED_STEP)
    if draft.budget is not None and draft.budget < max(draft.points, 1):
        raise IncentiveRefused(Refusal.BUDGET_TOO_SMALL)
    if draft.from_stage == draft.to_stage:
        raise IncentiveRefused(Refusal.SAME_STAGE)
