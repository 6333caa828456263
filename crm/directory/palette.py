"""Members for the command palette: what the list finds without a log entry, shown as the list shows it."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from crm.staff.models import Staff
from crm.staff.permissions import REVEAL, may
from crm.web.palette import Hit
from crm.web.palette.registry import SHOWN
from members.lifecycle.models import Stage, Standing
from members.profiles.member_view import member_views
from members.profiles.permissions import SEE_MEMBERS
from members.profiles.search.personal import field_of
from members.profiles.search.search_members import search_members


def members(text: str, staff: Staff) -> Iterator[Hit]:
    """The first members that fit, each with its stage; at most 2 queries beside those of the search."""
    if not may(staff, SEE_MEMBERS):
        return
    found = search_members(text, staff, limit=SHOWN)
    if not found and may(staff, REVEAL) and field_of(text, staff):
        words = _("Search members for “%(text)s” (logged)") % {"text": text}
        yield Hit(words, reverse("member-search"), fields=(("q", text),), post=True)
    stages = dict(Standing.objects.filter(member__in=found).values_list("member_id", "stage"))
    for view in member_views(found, staff=staff, fields=("name",)):
        stage = stages.get(view.id) or ""
        note = f"{view.number} · {Stage(stage).label}" if stage else view.number
        yield Hit(view.name, reverse("member", args=[view.id]), note=note, stage=stage)
