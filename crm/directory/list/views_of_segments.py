"""Saved views whose rule names a segment: it cannot be deleted while they do."""

from __future__ import annotations

from collections.abc import Collection

from crm.directory.models import SavedView
from members.rules.language.cycles import named_in
from members.rules.language.errors import BadRules
from members.rules.language.json_text import read_json
from members.segments.used_by import Use
from members.segments.visibility import NAME


def views_of(segments: Collection[int]) -> list[Use]:
    """The views, of which others learn the owner's name only unless they are shared."""
    rows = SavedView.objects.filter(deleted_at=None, query__rule__icontains=f'"{NAME}"')
    return [
        Use(segment, f"{view.name} ({view.owner.display_name})" if view.shared else view.owner.display_name)
        for view in rows.select_related("owner").order_by("owner__display_name", "name")
        for segment in sorted(set(segments) & _named_by(view))
    ]


def _named_by(view: SavedView) -> set[int]:
    try:
        named = list(named_in(read_json(view.query["rule"])))
    except BadRules:  # the list leaves it out when the view is opened
        return set()
    return {int(value) for field, value in named if field == NAME and value.isdecimal()}
