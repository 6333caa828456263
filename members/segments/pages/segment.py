"""The page of one segment."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET

from crm.runtime import clock
from crm.staff.permissions import allowed, may
from crm.web.charts import bars, curve
from crm.web.ids import id_or_none
from crm.web.permissions import EXPORT
from crm.web.responses import StaffRequest, render_page
from members.lifecycle.models import Stage
from members.profiles.links import MEMBERS
from members.rules.language.errors import BadRules
from members.rules.language.parse import parse
from members.rules.sentences import Line, parts
from members.segments.models import Kind, Segment
from members.segments.pages.computing import answer_poll, is_poll
from members.segments.pages.forms import rule_text
from members.segments.permissions import MANAGE_SEGMENTS, SEE_SEGMENTS
from members.segments.reading.history import shown_versions
from members.segments.reading.members import Overlap, members_in, overlap_of
from members.segments.reading.numbers import Mix, Numbers, growth_of, knows_week, mix_of
from members.segments.sentences.refusals import FAILURES
from members.segments.used_by import uses_seen
from members.segments.visibility import NAME, visible_segments


@allowed(SEE_SEGMENTS)
@require_GET
def segment_page(request: StaffRequest, segment_id: int) -> HttpResponse:
    """Who is in the segment, what it is worth, how it grew, what it shares, what it was, who uses it."""
    staff, now = request.user, clock.now()
    found = visible_segments(staff)
    segment = next((one for one in found if one.pk == segment_id), None)
    if segment is None:
        raise Http404
    if is_poll(request):
        return answer_poll(is_computing=segment.is_computing)
    growth = growth_of(segment.pk, staff, now)
    numbers = growth.numbers
    mix = mix_of(segment.pk, numbers, staff)
    others = [one for one in found if one.pk != segment.pk]
    context = {
        "segment": segment,
        "numbers": numbers,
        "knows_week": knows_week(segment, now),
        "mix": mix,
        "stages": _stage_bars(mix),
        "growth": curve([(day, Decimal(members)) for day, members in growth.points], steps=True),
        "rows": members_in(segment.pk, staff),
        "rule": _lines(segment),
        "rule_text": rule_text(segment.rule) if segment.rule else "",
        "failure": FAILURES.get(segment.failure, ""),
        "versions": shown_versions(segment),
        "uses": uses_seen(segment.pk, found),
        "others": others,
        "overlap": _overlap(request, segment, others, numbers),
        "members_address": _members_address(segment),
        "may_manage": may(staff, MANAGE_SEGMENTS),
        "may_export": may(staff, EXPORT),
        "is_list": segment.kind == Kind.LIST,
    }
    return render_page(request, "segments/segment.html", context)


def _lines(segment: Segment) -> Line | None:
    """The rule in words; None for a list, and for a rule that names what no longer exists."""
    try:
        return parts(parse(segment.rule)) if segment.rule else None
    except BadRules:
        return None


def _stage_bars(mix: Mix | None) -> Any:
    if mix is None:
        return None
    return bars([(stage, stage.label, mix.stages.get(stage, 0)) for stage in Stage])


def _members_address(segment: Segment) -> str:
    """The list of members, filtered by this segment."""
    rule = {"field": NAME, "op": "has_any", "value": [str(segment.pk)]}
    address = MEMBERS.address()
    return f"{address}?{urlencode({'rule': json.dumps(rule, separators=(',', ':'))})}" if address else ""


@dataclass(frozen=True)
class ShownOverlap:
    """Members shared with `other`, as shares of this segment and of the other one."""

    other: Segment
    found: Overlap
    share: float | None
    share_of_other: float | None


def _overlap(
    request: StaffRequest, segment: Segment, others: Sequence[Segment], numbers: Numbers
) -> ShownOverlap | None:
    """The overlap with the segment that the address names, if it is one of these."""
    asked = id_or_none(request.GET.get("with", ""))
    other = next((one for one in others if one.pk == asked), None)
    if other is None:
        return None
    found = overlap_of(segment.pk, other.pk, request.user, members=numbers.members)
    return ShownOverlap(other, found, _share(found, numbers.members), _share(found, found.of_other))


def _share(found: Overlap, members: int) -> float | None:
    return found.both / members if members else None
