"""The field by which rules name segments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.staff.models import Staff
from members.lifecycle.fields.stages import NEXT
from members.profiles.privacy import INTERNAL
from members.rules.catalogue import groups
from members.rules.catalogue.fields import Field
from members.rules.catalogue.types import Choice, Type
from members.segments.models import Segment
from members.segments.visibility import NAME, visible_segments

_IN = """ARRAY(
    SELECT o.segment_id::text FROM segments_membership AS o WHERE o.member_id = m.id AND {spell}
)"""
_LEAVES = """(
    SELECT min(instant) FROM segments_membership AS o
    CROSS JOIN LATERAL (VALUES (o.joined_at), (o.left_at)) AS at (instant)
    WHERE o.member_id = m.id AND instant > %(now)s
)"""
# Time alone changes who is in a segment, also in one that another names, and facts that segments read.
_DUE = "(SELECT min(d.due_at) FROM segments_due AS d WHERE d.member_id = m.id AND d.due_at > %(now)s)"
_STAGED = "(SELECT {next} FROM lifecycle_standing AS s WHERE s.member_id = m.id)"


def _segments() -> list[Choice]:
    return [
        Choice(str(pk), name)
        for pk, name in Segment.objects.existing().order_by("name").values_list("pk", "name")
    ]


def _visible_segments(staff: Staff) -> list[Choice]:
    return [Choice(str(segment.pk), segment.name) for segment in visible_segments(staff)]


def _known_since(values: Sequence[str] | None) -> datetime | None:
    """When the last of these segments began: a frozen one at the instant that it is of."""
    asked = Segment.objects.existing()
    if values is not None:
        asked = asked.filter(pk__in=[int(value) for value in values])
    began = [as_of if as_of and began else began for as_of, began in asked.values_list("as_of", "began_at")]
    if not began:
        return datetime.min.replace(tzinfo=UTC)
    return None if None in began else max(at for at in began if at is not None)


def _rules_of(value: str) -> Iterator[Any]:
    """The rule of a segment, as JSON."""
    if value.isascii() and value.isdigit():
        yield from Segment.objects.filter(pk=int(value), rule__isnull=False).values_list("rule", flat=True)


SEGMENT = Field(
    name=NAME,
    label=_("Segment"),
    help=_("Segments the member belongs to now"),
    type=Type.SET,
    sql=_IN.format(spell="o.left_at IS NULL"),
    past=_IN.format(spell="o.joined_at <= %(now)s AND (o.left_at IS NULL OR o.left_at > %(now)s)"),
    past_next=_LEAVES,
    next=f"least({_DUE}, {_STAGED.format(next=NEXT)})",
    privacy=(INTERNAL,),
    tables=("segments_membership",),
    choices=_segments,
    choices_for=_visible_segments,
    references=_rules_of,
    known_since=_known_since,
    group=groups.RELATIONSHIP,
    searched_by=("audience", "group", "分群", "人群", "客群"),
)
