"""Who uses a segment, which cannot be deleted then. Other apps register where they use segments."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from django.urls import reverse

from crm.runtime.extension.labels import Label, untranslated
from crm.runtime.extension.registry import Registry
from members.segments.models import Reference


@dataclass(frozen=True)
class Use:
    """Something that uses the segment `segment`: what it is called, and its page where it has one."""

    segment: int
    name: str
    address: str = ""


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


def _find(segments: Collection[int]) -> Iterator[tuple[User, Use]]:
    for user in _users.values():
        yield from ((user, use) for use in user.find(segments))


def other_segments(segments: Collection[int]) -> list[Use]:
    """Segments whose rules name one of these."""
    rows = Reference.objects.filter(names__in=segments, segment__deleted_at=None).select_related("segment")
    return [
        Use(row.names_id, row.segment.name, reverse("segment", args=[row.segment_id]))
        for row in rows.order_by("segment__name")
    ]
