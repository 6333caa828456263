"""Members on home: their names, their addresses, and their numbers by stage."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.urls import reverse

from crm.desk.home.blocks import Figure, capped, first_rows
from crm.staff.models import Staff
from members.lifecycle.models import Stage
from members.profiles.masking import MemberView, member_views


def member_names(staff: Staff, *ids: Iterable[int]) -> dict[int, MemberView]:
    """The members shown in several blocks as this person may see them, by id. One query."""
    wanted = [member_id for some in ids for member_id in first_rows(some)]
    return {view.id: view for view in member_views(wanted, staff=staff, fields=("name",))}


def member_address(member_id: int) -> str:
    return reverse("member", args=[member_id])


def stage_figures(members: Mapping[str, int]) -> list[Figure]:
    """Members by stage, each linked to its list."""
    page = reverse("members")
    return [
        Figure(stage.label, capped(members.get(stage, 0)), f"{page}?stage={stage}&view=all", tone=stage)
        for stage in Stage
    ]
