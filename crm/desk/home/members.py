"""Members on home: who they are, as the reader may see them, and their numbers by stage."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.urls import reverse

from crm.desk.home.blocks import Figure, capped
from crm.directory.list.rows import Row, rows_of
from crm.staff.models import Staff
from members.lifecycle.models import Stage

Members = Mapping[int, Row]


def read_members(staff: Staff, *ids: Iterable[int]) -> Members:
    """These members as this person may see them. One query."""
    wanted = list(dict.fromkeys(member_id for some in ids for member_id in some))
    return {row.view.id: row for row in rows_of(wanted, staff)} if wanted else {}


def member_note(row: Row, *, manager: bool = False) -> str:
    """What tells a member from namesakes: number, end of the mobile, and the manager where asked for."""
    number = row.number if row.view.name != row.view.number else ""
    return " · ".join(part for part in (number, row.view.mobile, row.manager if manager else "") if part)


def member_address(member_id: int) -> str:
    return reverse("member", args=[member_id])


def stage_figures(members: Mapping[str, int]) -> list[Figure]:
    """Members by stage, each linked to its list."""
    page = reverse("members")
    return [
        Figure(stage.label, capped(members.get(stage, 0)), f"{page}?stage={stage}&view=all", tone=stage)
        for stage in Stage
    ]
