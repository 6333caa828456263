"""The relations of a member: household, referrer and referred members."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet, Value, Window

from crm.staff.models import Staff
from members.profiles.member_view import MemberView, member_views
from members.profiles.models import Member

SHOWN = 20


@dataclass(frozen=True)
class Relative:
    """Another member that the reader may see, with the stage."""

    view: MemberView
    stage: str | None
    sub_state: str | None


@dataclass(frozen=True)
class Relatives:
    """Members of one kind, at most SHOWN of `total`, in the order of their numbers."""

    members: list[Relative]
    total: int = 0

    def __iter__(self) -> Iterator[Relative]:
        return iter(self.members)

    def __len__(self) -> int:
        return len(self.members)

    @property
    def cut(self) -> bool:
        """Whether there are more than are shown."""
        return self.total > len(self.members)


@dataclass(frozen=True)
class Relations:
    """Members that the reader may see; `unseen_referrer`: there is a referrer that the reader may not see."""

    household: Relatives
    referrer: Relative | None
    referred: Relatives
    unseen_referrer: bool


def relations_of(record: Member, staff: Staff) -> Relations:
    """The household and the referrals of a member, each kind with its own limit. Two queries."""
    kinds = {"referred": Q(referrer=record.pk)}
    if record.household_id is not None:
        kinds["household"] = Q(household=record.household_id)
    if record.referrer_id is not None:
        kinds["referrer"] = Q(pk=record.referrer_id)
    first, *others = (_of_kind(kind, near, record, staff) for kind, near in kinds.items())
    rows = list(first.union(*others, all=True)) if others else list(first)
    views = {view.id: view for view in member_views({row[1] for row in rows}, staff=staff, fields=("name",))}
    found: dict[str, Relatives] = {}
    for kind, pk, total, stage, sub_state in sorted(rows):
        if pk in views:
            group = found.setdefault(kind, Relatives([], total))
            group.members.append(Relative(views[pk], stage, sub_state))
    none = Relatives([])
    referrer = next(iter(found.get("referrer", none).members), None)
    return Relations(
        household=found.get("household", none),
        referrer=referrer,
        referred=found.get("referred", none),
        unseen_referrer=bool(record.referrer_id and not referrer),
    )


def _of_kind(kind: str, near: Q, record: Member, staff: Staff) -> QuerySet[Any, Any]:
    """(kind, member, how many there are, stage, sub-state) of the first SHOWN; by an index of its own."""
    rows = Member.objects.visible_to(staff).filter(near).exclude(pk=record.pk)
    counted = rows.annotate(kind=Value(kind), total=Window(Count("pk"))).order_by("pk")
    return counted.values_list("kind", "pk", "total", "standing__stage", "standing__sub_state")[:SHOWN]
