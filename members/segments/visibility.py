"""Who may see a segment: whoever sees all that its rule reads, through the segments that it names too.

That somebody is in a segment, how many are, even its name tell what its rule reads. Of lists everybody who
may see segments sees their own members.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import OuterRef, Q
from django.http import Http404

from crm.staff.models import Staff
from crm.staff.permissions import may
from members.rules.catalogue.activities import Activity, Property, activities, measures
from members.rules.catalogue.choices import choices_read_once
from members.rules.catalogue.fields import Field, fields
from members.rules.catalogue.hidden_choices import NAMING, hidden_choices
from members.segments.models import Reference, Segment
from members.segments.permissions import SEE_SEGMENTS

NAME = "segment"  # of the field by which rules name segments


@choices_read_once()
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
    of_all = [segment.pk for segment in segments if _asks_of_all_segments(segment.rule)]
    while found:
        one = found.pop()
        if one not in hidden:
            hidden.add(one)
            found += [*named_by[one], *of_all]
    return hidden


def reads_only_plain(rule: Any, staff: Staff) -> bool:
    """Whether this person may ask all that a stored rule asks; what no app has any more tells nothing."""
    return all(is_plain(staff) for is_plain in _asked(rule))


def _sees_choices(of: Field | Property, asked: Any, staff: Staff) -> bool:
    """Whether a condition (None: all rows count) tells of no choice that this person does not see."""
    hidden = hidden_choices(of, staff)
    if not hidden or not isinstance(asked, dict):
        return not hidden
    value = asked.get("value")
    return asked.get("op") in NAMING and hidden.isdisjoint(value if isinstance(value, list) else [value])


def _asked(rule: Any) -> Iterator[Any]:
    """For each thing that a stored rule asks about: whether a person may ask about it."""
    for condition in _conditions(rule):
        if (field := fields.get(condition.get("field", ""))) is not None:
            yield field.is_plain_to
            if field.choices_for and field.name != NAME:
                yield partial(_sees_choices, field, condition)
        if (measure := measures.get(condition.get("change", ""))) is not None:
            yield measure.is_plain_to
        if (activity := activities.get(condition.get("did", ""))) is not None:
            yield activity.is_plain_to
            yield from _asked_of_rows(activity, condition)


def _asked_of_rows(activity: Activity, condition: Mapping[str, Any]) -> Iterator[Any]:
    asked = [*condition.get("where", ()), condition.get("sum", {})]
    named = {one["property"].partition(".")[0]: one for one in asked if "property" in one}
    for one in activity.properties:
        if one.name in named:
            yield one.is_plain_to
        if one.choices_for:
            yield partial(_sees_choices, one, named.get(one.name))


def _conditions(rule: Any) -> Iterator[dict[str, Any]]:
    if not isinstance(rule, dict):
        return
    for group in ("all", "any"):
        for inner in rule.get(group, ()):
            yield from _conditions(inner)
    yield from _conditions(rule.get("not"))
    yield rule


def _asks_of_all_segments(rule: Any) -> bool:
    return any(one.get("field") == NAME and "value" not in one for one in _conditions(rule))
