"""Change the policy: see who would move, propose, and let a second person put it in force."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.staff import requests
from crm.staff.models import Request, Staff
from crm.staff.permissions import Action
from crm.web import formats
from members.lifecycle.evaluate import Moment, policy_at, read_range, sql
from members.lifecycle.models import Policy
from members.lifecycle.ranges import over_ranges
from members.lifecycle.thresholds import differences

KIND = "lifecycle.policy"
SAMPLES = 3  # members shown for each way of moving
FIELDS = tuple(
    f.name
    for f in Policy._meta.fields
    if f.name not in {"version", "effective_from", "note", "request_id", "created_at"}
)


class NothingChanges(ValueError):
    """The proposed values are those in force."""


@dataclass
class Preview:
    """What a policy would do at once, if nothing else changed.

    `moves[(from_stage, to_stage)] = (members, their AUM)` for all members, the unmoved included;
    `moved` counts changes of stage or sub-state; `samples` are members who would move, with both
    stages and AUM, the largest first.
    """

    moves: dict[tuple[str, str], tuple[int, Decimal]] = field(default_factory=dict)
    moved: int = 0
    samples: list[dict[str, Any]] = field(default_factory=list)

    @property
    def members(self) -> int:
        return sum(members for members, _aum in self.moves.values())


def draft(values: Mapping[str, Any], *, effective_from: datetime, now: datetime) -> Policy:
    """The policy in force with some values replaced, checked but not stored.

    Raises ValidationError by field: a value out of range, out of order, or a date before now.
    """
    current = policy_at(now)
    unknown = set(values) - set(FIELDS)
    if unknown:
        raise ValidationError({name: _("no such value") for name in unknown})
    given = {name: values.get(name, getattr(current, name)) for name in FIELDS}
    last = Policy.objects.order_by("-version").values_list("version", flat=True)[0]
    policy = Policy(version=last + 1, effective_from=effective_from, **given)
    policy.clean_fields(exclude=["note", "request_id", "created_at"])
    policy.validate_constraints()
    latest = Policy.objects.order_by("-effective_from").values_list("effective_from", flat=True)[0]
    if effective_from < max(now, latest):
        raise ValidationError(
            {
                "effective_from": _(
                    "A policy cannot come into force in the past, or before the one decided last."
                )
            }
        )
    return policy


def preview(values: Mapping[str, Any], *, effective_from: datetime, now: datetime) -> Preview:
    """Who would move if these values were in force now. Stores nothing. Raises ValidationError as draft()."""
    return preview_of(draft(values, effective_from=effective_from, now=now), now=now)


def preview_of(policy: Policy, *, now: datetime) -> Preview:
    """The same for a drafted policy."""
    moment = Moment.of(now, policy)

    def compare(low: int, high: int) -> Any:
        return read_range(moment, low, high, sql("preview"), {"samples": SAMPLES})[0]

    result = Preview()
    for moves, moved, samples in over_ranges(compare):
        for before, after, members, aum in json.loads(moves or "[]"):
            known, worth = result.moves.get((before, after), (0, Decimal()))
            result.moves[(before, after)] = (known + members, worth + Decimal(aum))
        result.moved += moved
        result.samples += json.loads(samples or "[]")
    result.samples = _largest(result.samples)
    return result


def propose(
    values: Mapping[str, Any], *, effective_from: datetime, reason: str, maker: Staff, now: datetime
) -> Request:
    """Ask for a new version. Raises ValidationError, NothingChanges, and what requests.propose raises."""
    policy = draft(values, effective_from=effective_from, now=now)
    current = policy_at(now)
    diff = {
        name: [str(getattr(current, name)), str(getattr(policy, name))]
        for name in FIELDS
        if getattr(current, name) != getattr(policy, name)
    }
    if not diff:
        raise NothingChanges(_("These are the values in force."))
    return requests.propose(
        kind=KIND,
        proposal={
            "values": {name: new for name, (_old, new) in diff.items()},
            "effective_from": effective_from.isoformat(),
        },
        diff=diff,
        summary=_("Lifecycle policy: %(count)s values") % {"count": len(diff)},
        reason=reason,
        maker=maker,
        now=now,
    )


def apply(request: Request, now: datetime) -> None:
    """Store the approved version; members are restaged when it comes into force.

    Its day may have passed while it waited: then it is in force from its approval.
    """
    asked = datetime.fromisoformat(request.proposal["effective_from"])
    with transaction.atomic():
        policy = draft(request.proposal["values"], effective_from=max(asked, now), now=now)
        policy.note = request.reason
        policy.request_id = request.pk
        policy.save(force_insert=True)


def register() -> None:
    """Make policy changes a kind of four-eyes request."""
    requests.register(
        KIND,
        apply,
        Action.DECIDE_REQUEST,
        makers=Action.CHANGE_POLICY,
        label=gettext_lazy("Lifecycle policy"),
        describe=describe,
        page="policy",
    )


def describe(request: Request) -> list[requests.Line]:
    """What a policy request changes, and from which day on, in words."""
    on = formats.day(datetime.fromisoformat(request.proposal["effective_from"]))
    return [*differences(request.diff), (_("In force from"), "", on)]


def _largest(samples: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The members with the highest assets of each way of moving."""
    by_move: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for sample in sorted(samples, key=lambda s: Decimal(str(s["aum"])), reverse=True):
        by_move.setdefault((sample["before"], sample["after"]), []).append(sample)
    return [sample for group in by_move.values() for sample in group[:SAMPLES]]
