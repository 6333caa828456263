"""A preview of a benefit for one reader: its progress, then cost, quotas and the load of managers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from crm.staff.models import Staff
from crm.web.components import Progress
from crm.web.jobs.liveness import liveness
from members.loyalty.benefits.sentences.refusals import FINDINGS
from members.loyalty.benefits.sentences.requests import Line, difference_lines
from members.loyalty.benefits.settings.change import Draft, changes
from members.loyalty.benefits.settings.preview import Load, Preview
from members.loyalty.benefits.settings.trial import VALIDITY, draft_of
from members.loyalty.models import BenefitTrial, Tier

MOST_MANAGERS = 12  # shown, those whose load changes most


@dataclass(frozen=True)
class ShownTrial:
    """A preview. `tiers` has (name, before, after, uses of the last 365 days) for each tier concerned.

    `managers` are (name, hours of a year before, after); `cost` is the most of a year before and after.
    """

    trial: BenefitTrial
    changes: Sequence[Line] = ()
    progress: Progress | None = None
    preview: Preview | None = None
    tiers: Sequence[tuple[str, Load, Load, int]] = ()
    managers: Sequence[tuple[str | Promise, Decimal, Decimal]] = ()
    flag: str | Promise = ""
    can_be_proposed: bool = False
    cost: tuple[Decimal, Decimal] = field(default=(Decimal(0), Decimal(0)))


def shown_trial(trial: BenefitTrial, tiers: Sequence[Tier], address: str, now: datetime) -> ShownTrial:
    """The preview for a reader; `address` is the page that shows it. At most six queries."""
    made = draft_of(trial)
    names = {tier.code: tier.local_name for tier in tiers}
    diff = difference_lines(changes(made), names)
    if trial.finished_at is None:
        return ShownTrial(trial, diff, progress=_progress(trial, address))
    if trial.result is None:
        return ShownTrial(trial, diff)
    found = Preview.from_json(trial.result)
    return ShownTrial(
        trial,
        diff,
        preview=found,
        tiers=[(names.get(code, code), *found.tiers[code]) for code in names if code in found.tiers],
        managers=_managers(found),
        flag=FINDINGS[made.finding] if made.finding else "",
        can_be_proposed=bool(diff) and _still_valid(trial, made, now),
        cost=found.cost,
    )


def _still_valid(trial: BenefitTrial, made: Draft, now: datetime) -> bool:
    number = made.base.number if made.base else 0
    return trial.base == number and bool(trial.finished_at and trial.finished_at > now - VALIDITY)


def _progress(trial: BenefitTrial, address: str) -> Progress:
    alive = liveness()
    return Progress(
        _("Calculating the impact") if trial.total else _("Queued"),
        id="trial-progress",
        done=trial.done,
        total=trial.total or 0,
        words="" if alive.good else alive.words,
        address=address,
        page=address,
    )


def _managers(found: Preview) -> list[tuple[str | Promise, Decimal, Decimal]]:
    """The books whose load changes most, each with its hours of a year; members without a manager last."""
    names = {
        staff.pk: str(staff) for staff in Staff.objects.filter(pk__in=[pk for pk in found.managers if pk])
    }
    rows: list[tuple[str | Promise, Decimal, Decimal]] = [
        (names.get(pk, "") if pk else _("No relationship manager"), *hours)
        for pk, hours in found.managers.items()
    ]
    return sorted(rows, key=lambda row: -abs(row[2] - row[1]))[:MOST_MANAGERS]
