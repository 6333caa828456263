"""Members for the command palette: found as the list finds them, shown as the list shows them."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from crm.staff.models import Staff
from crm.staff.permissions import may
from crm.web.palette import Hit
from crm.web.palette.registry import SHOWN
from members.lifecycle.models import Stage, Standing
from members.profiles.masking import member_views
from members.profiles.permissions import SEE_MEMBERS
from members.profiles.search.search_members import search_members


def members(text: str, staff: Staff) -> Iterator[Hit]:
    """The first members that fit, each with its stage; at most 2 queries beside those of the search."""
    if not may(staff, SEE_MEMBERS):
        return
    found = search_members(text, staff, limit=SHOWN)
    stages = dict(Standing.objects.filter(member__in=found).values_list("member_id", "stage"))
    for view in member_views(found, staff=staff, fields=("name",)):
        stage = stages.get(view.id) or ""
        note = f"{view.number} · {Stage(stage).label}" if stage else view.number
        yield Hit(view.name, reverse("member", args=[view.id]), note=note, stage=stage)
