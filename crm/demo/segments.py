"""Segments of the demonstration: the ready-made ones of all stages, and a list of guests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import override

from crm.demo.computed import keep_until_computed
from crm.staff.models import Role, Staff
from members.profiles.models import Member
from members.segments.change.save import Draft, create_segment
from members.segments.change.upload_list import By, How, upload_list
from members.segments.keeping.keep import keep
from members.segments.models import Kind, Segment
from members.segments.ready_made import READY_MADE

GUESTS = 40


def create_segments(staff: Sequence[Staff], *, now: datetime) -> int:
    """Create and compute them, by the head of operations; returns how many. In the language of the world."""
    maker = next(person for person in staff if person.role == Role.OPERATIONS)
    with override("zh-hans"):
        for one in READY_MADE:
            draft = Draft(str(one.name), Kind.RULE, dict(one.rule), str(one.why), ready_made=one.key)
            create_segment(draft, staff=maker, now=now)
    guests = create_segment(
        Draft("秋季客户沙龙嘉宾", Kind.LIST, why="已确认出席的客户，会后一周内回访。"), staff=maker, now=now
    )
    ids = Member.objects.filter(standing__stage="maturity").order_by("-standing__aum", "id")
    numbers = [str(pk) for pk in ids.values_list("pk", flat=True)[:GUESTS]]
    if numbers:
        upload_list(guests.pk, numbers, how=How.REPLACE, by=By.NUMBER, staff=maker, now=now)
    for _run in keep_until_computed(lambda: keep(now=now), Segment.objects.to_compute().exists):
        pass
    return len(READY_MADE) + 1
