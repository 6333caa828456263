"""Whom a member belongs with: the household, who brought the member, whom the member brought."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from crm.staff.models import Staff
from members.profiles.masking import MemberView, present
from members.profiles.models import Member

SHOWN = 20


@dataclass(frozen=True)
class Relative:
    """Another member whom the reader may see, with their stage."""

    view: MemberView
    stage: str | None
    sub_state: str | None


@dataclass(frozen=True)
class Relations:
    """Members the reader may see, at most SHOWN a kind; `unseen_referrer`: there is one out of sight."""

    household: list[Relative]
    referrer: Relative | None
    referred: list[Relative]
    unseen_referrer: bool


def relations_of(record: Member, staff: Staff) -> Relations:
    """The household and the chain of referrals of a member. At most two queries."""
    near = Q(referrer=record.pk)
    if record.household_id is not None:
        near |= Q(household=record.household_id)
    if record.referrer_id is not None:
        near |= Q(pk=record.referrer_id)
    # Uses the indexes of both foreign keys and the primary key.
    rows = (
        Member.objects.visible_to(staff)
        .filter(near)
        .exclude(pk=record.pk)
        .order_by("pk")
        .values_list("pk", "household", "referrer", "standing__stage", "standing__sub_state")
    )
    found = list(rows[: 2 * SHOWN + 1])
    views = {view.id: view for view in present([row[0] for row in found], staff=staff, fields=("name",))}
    people = {row[0]: Relative(views[row[0]], row[3], row[4]) for row in found if row[0] in views}
    referrer = people.get(record.referrer_id) if record.referrer_id else None
    same = [people[pk] for pk, home, *_ in found if home and home == record.household_id and pk in people]
    brought = [people[pk] for pk, _home, by, *_ in found if by == record.pk and pk in people]
    return Relations(same[:SHOWN], referrer, brought[:SHOWN], bool(record.referrer_id and not referrer))
