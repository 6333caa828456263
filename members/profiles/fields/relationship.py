"""Who looks after a member, what it complains of, and when it was last active."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from crm.staff.models import Role, Staff
from members.profiles.privacy import CLASSES
from members.rules.catalogue import groups
from members.rules.catalogue.fields import Display, Field, Source
from members.rules.catalogue.types import Choice, Type

BOOK = Source("book", "profiles_book", "member_id", optional=True, condition="book.ended_at IS NULL")
_BOOK, _COMPLAINT = CLASSES["Book"], CLASSES["Complaint"]
_BOOK_THEN = (
    "(SELECT {} FROM profiles_book AS b WHERE b.member_id = m.id AND b.started_at <= %(now)s"
    " AND (b.ended_at IS NULL OR b.ended_at > %(now)s))"
)
_NEXT_OF_BOOK = (
    "(SELECT min(e.at) FROM profiles_book AS b"
    " CROSS JOIN LATERAL (VALUES (b.started_at), (b.ended_at)) AS e (at)"
    " WHERE b.member_id = m.id AND e.at > %(now)s)"
)
_OPEN_COMPLAINT = (
    "FROM profiles_complaint AS c WHERE c.member_id = m.id AND c.received_at <= %(now)s"
    " AND (c.closed_at IS NULL OR c.closed_at > %(now)s)"
)
_NEXT_OF_COMPLAINTS = (
    "(SELECT min(e.at) FROM profiles_complaint AS c"
    " CROSS JOIN LATERAL (VALUES (c.received_at), (c.closed_at)) AS e (at)"
    " WHERE c.member_id = m.id AND e.at > %(now)s)"
)
_HAS_COMPLAINT, _COMPLAINING_SINCE = (
    f"EXISTS (SELECT {_OPEN_COMPLAINT})", f"(SELECT min(c.received_at) {_OPEN_COMPLAINT})"
)  # fmt: skip
_LAST_EVENT = (
    "(SELECT max(e.at) FROM profiles_event AS e WHERE e.member_id = m.id AND e.at <= %(now)s)",
    "(SELECT min(e.at) FROM profiles_event AS e WHERE e.member_id = m.id AND e.at > %(now)s)",
)
_LAST_TOUCH = (
    "(SELECT max(t.at) FROM profiles_touch AS t WHERE t.member_id = m.id AND t.at <= %(now)s)",
    "(SELECT min(t.at) FROM profiles_touch AS t WHERE t.member_id = m.id AND t.at > %(now)s)",
)


def _managers() -> Sequence[Choice]:
    """Whoever can have a book, closed accounts included: their members keep them."""
    keeps = (Role.RELATIONSHIP_MANAGER, Role.TEAM_LEAD)
    staff = Staff.objects.filter(role__in=keeps).order_by("name_key")
    return [Choice(str(one.pk), str(one), (one.username,)) for one in staff]


FIELDS = (
    Field(
        name="manager",
        label=_("Relationship manager"),
        help=_("Who looks after the member. Missing where nobody does."),
        type=Type.CHOICE,
        sql="book.staff_id::text",
        sources=("book",),
        privacy=(_BOOK["staff"],),
        tables=("profiles_book",),
        past=_BOOK_THEN.format("b.staff_id::text"),
        past_next=_NEXT_OF_BOOK,
        choices=_managers,
        lookup=(
            "SELECT b.member_id AS id FROM profiles_book AS b"
            " WHERE b.staff_id = %(value)s::bigint AND b.ended_at IS NULL"
        ),
        group=groups.RELATIONSHIP,
        searched_by=("RM", "book"),
        display=Display(sql="(SELECT x.display_name FROM staff_staff AS x WHERE x.id = book.staff_id)"),
    ),
    Field(
        name="assigned_since",
        label=_("Assigned since"),
        help=_("Since when the member has its present relationship manager."),
        type=Type.INSTANT,
        sql="book.started_at",
        sources=("book",),
        privacy=(_BOOK["started_at"],),
        tables=("profiles_book",),
        past=_BOOK_THEN.format("b.started_at"),
        past_next=_NEXT_OF_BOOK,
        group=groups.RELATIONSHIP,
        searched_by=("book",),
    ),
    Field(
        name="has_complaint",
        label=_("Open complaint"),
        negated=_("No open complaint"),
        help=_("Whether a complaint is open. While one is, products are not offered."),
        type=Type.FLAG,
        sql=_HAS_COMPLAINT,
        privacy=(_COMPLAINT["received_at"], _COMPLAINT["closed_at"]),
        tables=("profiles_complaint",),
        past=_HAS_COMPLAINT,
        next=_NEXT_OF_COMPLAINTS,
        group=groups.RELATIONSHIP,
    ),
    Field(
        name="complaint_since",
        label=_("Complaint open since"),
        help=_("When the oldest open complaint was received."),
        type=Type.INSTANT,
        sql=_COMPLAINING_SINCE,
        privacy=(_COMPLAINT["received_at"], _COMPLAINT["closed_at"]),
        tables=("profiles_complaint",),
        past=_COMPLAINING_SINCE,
        next=_NEXT_OF_COMPLAINTS,
        group=groups.RELATIONSHIP,
    ),
    Field(
        name="last_event",
        label=_("Last event"),
        help=_("The latest behaviour event of any name, logins included."),
        type=Type.INSTANT,
        sql=_LAST_EVENT[0],
        privacy=(CLASSES["Event"]["at"],),
        tables=("profiles_event",),
        past=_LAST_EVENT[0],
        next=_LAST_EVENT[1],
        group=groups.ACTIVITY,
        searched_by=("behaviour",),
    ),
    Field(
        name="last_touch",
        label=_("Last touch"),
        help=_("The latest contact through a channel, such as an advertisement seen."),
        type=Type.INSTANT,
        sql=_LAST_TOUCH[0],
        privacy=(CLASSES["Touch"]["at"],),
        tables=("profiles_touch",),
        past=_LAST_TOUCH[0],
        next=_LAST_TOUCH[1],
        group=groups.ACTIVITY,
        searched_by=("advertisement",),
    ),
)
