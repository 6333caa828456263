"""Who may see a segment: whoever sees all that its rule reads, through the segments that it names too.

That somebody is in a segment, how many are, even its name tell what its rule reads. Of lists everybody who
may see segments sees their own members.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import OuterRef, Q
from django.http import Http404

from crm.staff.models import Staff
from crm.staff.permissions import may
from members.rules.catalogue.activities import activities, measures
from members.rules.catalogue.fields import fields
from members.segments.models import Reference, Segment
from members.segments.permissions import SEE_SEGMENTS


def visible_segments(staff: Staff) -> list[Segment]:
    """The existing segments that this person may see, by name. One query."""
    return _visible_among(Segment.objects.existing(), staff)


def deleted_segments(staff: Staff, *, since: datetime) -> list[Segment]:
    """The segments deleted since then that this person may see, the latest first. One query."""
    known = Segment.objects.filter(Q(deleted_at=None) | Q(deleted_at__gte=since)).select_related("deleted_by")
    deleted = [(one.deleted_at, one) for one in _visible_among(known, staff) if one.deleted_at is not None]
    return [one for _at, one in sorted(deleted, key=lambda pair: pair[0], reverse=True)]


def _visible_among(known: models.QuerySet[Segment], staff: Staff) -> list[Segment]:
    """Those of the segments that this person may see, by name; `known` are all that these name."""
    if not may(staff, SEE_SEGMENTS):
        return []
    named = Reference.objects.filter(segment=OuterRef("pk")).values("names")
    segments = list(known.annotate(named=ArraySubquery(named)).order_by("name", "pk"))
    hidden = _hidden(segments, staff)
    return [segment for segment in segments if segment.pk not in hidden]


def get_visible_or_404(segment_id: int, staff: Staff) -> Segment:
    """An existing segment that this person may see; Http404 as for one that does not exist."""
    for segment in visible_segments(staff):
        if segment.pk == segment_id:
            return segment
    raise Http404


def _hidden(segments: Sequence[Segment], staff: Staff) -> set[int]:
    """Ids of those whose rule, or that of a segment it leads to, reads what this person does not see."""
    named_by: dict[int, list[int]] = defaultdict(list)
    for segment in segments:
        for named in segment.named:  # type: ignore[attr-defined]  # annotated
            named_by[named].append(segment.pk)
    hidden: set[int] = set()
    found = [segment.pk for segment in segments if not reads_only_plain(segment.rule, staff)]
    while found:
        one = found.pop()
        if one not in hidden:
            hidden.add(one)
            found += named_by[one]
    return hidden


def reads_only_plain(rule: Any, staff: Staff) -> bool:
    """Whether this person may ask all that a stored rule asks; what no app has any more tells nothing."""
    return all(is_plain(staff) for is_plain in _asked(rule))


def _asked(rule: Any) -> Iterator[Any]:
    """For each thing that a stored rule asks about: whether a person may ask about it."""
    if not isinstance(rule, dict):
        return
    for group in ("all", "any"):
        for inner in rule.get(group, ()):
            yield from _asked(inner)
    yield from _asked(rule.get("not"))
    if (field := fields.get(rule.get("field", ""))) is not None:
        yield field.is_plain_to
    if (measure := measures.get(rule.get("change", ""))) is not None:
        yield measure.is_plain_to
    if (activity := activities.get(rule.get("did", ""))) is not None:
        yield activity.is_plain_to
        by_name = {one.name: one for one in activity.properties}
        asked = [
            one["property"] for one in (*rule.get("where", ()), rule.get("sum", {})) if "property" in one
        ]
        for name in asked:
            if (found := by_name.get(name.partition(".")[0])) is not None:
                yield found.is_plain_to
