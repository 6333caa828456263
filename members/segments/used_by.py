"""Who uses a segment, which cannot be deleted then. Other apps register where they use segments."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from django.urls import reverse

from crm.runtime.extension.labels import Label, untranslated
from crm.runtime.extension.registry import Registry
from members.loyalty.models import IncentiveVersion
from members.rules.language.cycles import named_in
from members.segments.models import Reference, Segment
from members.segments.visibility import NAME


@dataclass(frozen=True)
class Use:
    """Something that uses the segment `segment`: what it is called, and its page where it has one.

    `by` is the segment that uses it, if it is one: who does not see that does not learn its name.
    """

    segment: int
    name: str
    address: str = ""
    by: int = 0


@dataclass(frozen=True)
class User:
    """A kind of thing that uses segments: `find` gives the uses of any of these segments, in few queries."""

    key: str
    label: Label
    find: Callable[[Collection[int]], Sequence[Use]]


_users: Registry[User] = Registry("user of segments", lambda user: untranslated(user.label))


def register(*users: User) -> None:
    """Publish kinds of users (from AppConfig.ready). Raises RegisteredTwice."""
    for user in users:
        _users.add(user.key, user)


def uses_of(segments: Collection[int]) -> list[tuple[User, Use]]:
    """All that uses one of these segments."""
    return list(_find(segments))


def uses_seen(segment: int, seen: Sequence[Segment]) -> list[tuple[User, Use]]:
    """What uses a segment, of other segments those that a reader sees (with the ids that they name)."""
    found = []
    for user in _users.values():
        if user.find is other_segments:
            found += [(user, _use(segment, one)) for one in seen if segment in one.named]  # type: ignore[attr-defined]
        else:
            found += [(user, use) for use in user.find([segment])]
    return found


def _find(segments: Collection[int]) -> Iterator[tuple[User, Use]]:
    for user in _users.values():
        yield from ((user, use) for use in user.find(segments))


def other_segments(segments: Collection[int]) -> list[Use]:
    """Segments whose rules name one of these."""
    rows = Reference.objects.filter(names__in=segments, segment__deleted_at=None).select_related("segment")
    return [_use(row.names_id, row.segment) for row in rows.order_by("segment__name")]


def _use(segment: int, by: Segment) -> Use:
    return Use(segment, by.name, reverse("segment", args=[by.pk]), by.pk)


def incentives(segments: Collection[int]) -> list[Use]:
    """Badges and quests that have not ended and whose latest version names one of these."""
    latest = IncentiveVersion.objects.order_by("incentive_id", "-number").distinct("incentive_id")
    return [
        Use(segment, version.local_name)
        for version in latest
        if version.is_active
        for segment in sorted(set(segments) & _named_by(version))
    ]


def _named_by(version: IncentiveVersion) -> set[int]:
    named = named_in([version.rule, *(step["rule"] for step in version.steps)])
    return {int(value) for field, value in named if field == NAME and value.isdecimal()}
