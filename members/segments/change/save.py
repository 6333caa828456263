"""Create a segment, or save another version of one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from crm.runtime.text.normal_form import line, lines
from crm.staff.models import Staff
from crm.staff.permissions import require
from members.rules.compiling.condition import compile
from members.rules.language.errors import BadRule, BadRules, Mistake
from members.rules.language.parse import parse
from members.rules.language.to_json import to_json
from members.rules.language.tree import All, Any_, FieldIs, Not, Rule
from members.segments.change.refusals import Refusal, SegmentRefused
from members.segments.keeping.locks import take_changes
from members.segments.models import Due, Kind, Read, Reference, Segment, Version
from members.segments.permissions import MANAGE_SEGMENTS
from members.segments.visibility import NAME

MOST = 500  # segments at once
LONGEST_NAME, LONGEST_WHY = 120, 500


@dataclass(frozen=True)
class Draft:
    """What somebody wants a segment to be: `rule` is JSON as entered, None for an uploaded list."""

    name: str
    kind: Kind
    rule: Any = None
    why: str = ""
    as_of: datetime | None = None
    ready_made: str = ""


def create_segment(draft: Draft, *, staff: Staff, now: datetime) -> Segment:
    """Create a segment; its members are computed by the next run of keep().

    Raises NotAllowed, BadRules (also for what this person may not see), NoHistory, SegmentRefused.
    """
    require(staff, MANAGE_SEGMENTS)
    name, why = _texts(draft)
    if draft.kind == Kind.FROZEN and (draft.as_of is None or draft.as_of > now):
        raise SegmentRefused(Refusal.LATER)
    try:
        with transaction.atomic():
            take_changes()
            if Segment.objects.existing().count() >= MOST:
                raise SegmentRefused(Refusal.TOO_MANY, most=MOST)
            rule = _judged(draft, staff, now)
            segment = Segment.objects.create(
                name=name,
                kind=draft.kind,
                why=why,
                rule=to_json(rule) if rule else None,
                as_of=draft.as_of if draft.kind == Kind.FROZEN else None,
                ready_made=draft.ready_made,
                made_by=staff,
                made_at=now,
                computed_at=None if rule else now,
                began_at=None if rule else now,
            )
            _write_version(segment, staff, now)
            _note_what_it_reads(segment, rule, now)
    except IntegrityError as error:
        raise SegmentRefused(Refusal.NAME_TAKEN, name=name) from error
    return segment


def save_version(segment_id: int, draft: Draft, *, version: int, staff: Staff, now: datetime) -> Segment:
    """Save another version of a segment that was read as `version`; without a change none is written.

    Raises what create_segment does, and SegmentRefused where somebody else has changed it meanwhile.
    """
    require(staff, MANAGE_SEGMENTS)
    name, why = _texts(draft)
    try:
        with transaction.atomic():
            take_changes()
            segment = Segment.objects.existing().select_for_update().filter(pk=segment_id).first()
            if segment is None or segment.version != version:
                raise SegmentRefused(Refusal.CHANGED_MEANWHILE)
            if segment.kind != draft.kind:
                raise SegmentRefused(Refusal.KIND_STAYS)
            rule = _judged(draft, staff, now, own=segment.pk) if segment.kind == Kind.RULE else None
            data = to_json(rule) if rule else segment.rule
            if (name, why, data) == (segment.name, segment.why, segment.rule):
                return segment
            is_other_rule = data != segment.rule
            segment.name, segment.why, segment.rule = name, why, data
            segment.version += 1
            if is_other_rule:
                segment.computed_at = segment.writers = segment.failed_at = None
                segment.failure = ""
            segment.save()
            _write_version(segment, staff, now)
            if is_other_rule:
                Due.objects.filter(segment=segment.pk).delete()
                _note_what_it_reads(segment, rule, now)
    except IntegrityError as error:
        raise SegmentRefused(Refusal.NAME_TAKEN, name=name) from error
    return segment


def _texts(draft: Draft) -> tuple[str, str]:
    name, why = line(draft.name), lines(draft.why)
    if not name or len(name) > LONGEST_NAME or len(why) > LONGEST_WHY:
        raise SegmentRefused(Refusal.NO_NAME, most=LONGEST_NAME, most_why=LONGEST_WHY)
    return name, why


def _judged(draft: Draft, staff: Staff, now: datetime, *, own: int = 0) -> Rule | None:
    """The rule as this person may ask it, naming nothing that leads back to this segment."""
    if draft.kind == Kind.LIST:
        return None
    rule = parse(draft.rule, staff=staff, own=(NAME, str(own)) if own else None)
    if draft.kind == Kind.RULE and (paths := list(_of_all_segments(rule))):
        raise BadRules([BadRule(f"{path}.op", Mistake.CYCLE, value=NAME) for path in paths])
    if draft.kind == Kind.FROZEN and draft.as_of is not None and draft.as_of < now:
        compile(rule, draft.as_of, past=True)
    return rule


def _of_all_segments(rule: Rule) -> Iterator[str]:
    """The paths of conditions on all segments, this one among them ("in no segment")."""
    match rule:
        case All() | Any_():
            for one in rule.rules:
                yield from _of_all_segments(one)
        case Not():
            yield from _of_all_segments(rule.rule)
        case FieldIs(field=field, value=None) if field == NAME:
            yield rule.path


def _named(rule: Rule) -> Iterator[tuple[int, str]]:
    """(id of a segment that the rule names, the path where)."""
    match rule:
        case All() | Any_():
            for one in rule.rules:
                yield from _named(one)
        case Not():
            yield from _named(rule.rule)
        case FieldIs(field=field, value=tuple() as values) if field == NAME:
            yield from ((int(value), rule.path) for value in values)


def _write_version(segment: Segment, staff: Staff, now: datetime) -> None:
    Version.objects.create(
        segment=segment,
        number=segment.version,
        name=segment.name,
        why=segment.why,
        rule=segment.rule,
        made_by=staff,
        made_at=now,
    )


def _note_what_it_reads(segment: Segment, rule: Rule | None, now: datetime) -> None:
    """Tell the triggers which tables to watch, and others which segments are named."""
    named = dict(_named(rule)) if rule else {}
    Reference.objects.filter(segment=segment).delete()
    Reference.objects.bulk_create(Reference(segment=segment, names_id=pk) for pk in sorted(named))
    watch_tables(segment, rule, now)


def watch_tables(segment: Segment, rule: Rule | None, now: datetime) -> None:
    """Have changes of the tables that the rule reads mark members, where members follow the facts."""
    Read.objects.filter(segment=segment).delete()
    if rule is not None and segment.kind == Kind.RULE:
        names = sorted(compile(rule, now).tables)
        Read.objects.bulk_create(Read(segment=segment, table_name=name) for name in names)
