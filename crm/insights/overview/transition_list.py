"""The transitions behind one number: each with its member and reason, and the main reason of all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.staff.models import Staff
from crm.web import formats
from crm.web.lists.paging import Page
from members.lifecycle.evaluation.bits import RULES, bit_names
from members.lifecycle.models import Standing, Transition
from members.lifecycle.sentences.history import transition_reason
from members.profiles.member_view import MemberView, member_views
from members.profiles.models import Book

COUNTED = 1_000  # transitions that the summary looks at
_ASSETS = Standing.objects.filter(member=OuterRef("member_id")).values("aum")
_MANAGER = Book.objects.filter(member=OuterRef("member_id"), ended_at=None).values("staff__display_name")


@dataclass(frozen=True)
class TransitionRow:
    """A transition with its reason, and its member with the assets and manager of now."""

    view: MemberView
    move: Transition
    why: str
    aum: Decimal | None
    manager: str


def with_members(rows: QuerySet[Transition]) -> QuerySet[Any]:
    """The transitions, annotated with the assets and manager of their members."""
    return rows.annotate(aum=Subquery(_ASSETS[:1]), manager=Subquery(_MANAGER[:1]))


def transition_rows(rows: Sequence[Any], staff: Staff) -> list[TransitionRow]:
    """The rows of a page, without members that this person may not see. One query."""
    found = member_views([row.member_id for row in rows], staff=staff, fields=("name",))
    views = {view.id: view for view in found}
    return [
        TransitionRow(views[row.member_id], row, transition_reason(row), row.aum, row.manager or "")
        for row in rows
        if row.member_id in views
    ]


def summary(rows: QuerySet[Transition], page: Page) -> str:
    """How many transitions there are and, into decline, the main reason; empty but on the first page.

    A member may make the same transition more than once. One query, over COUNTED rows at the most.
    """
    if not page.first or not page.rows:
        return ""
    rules: list[Any] = list(rows.values_list("inputs__rules", flat=True)[: COUNTED + 1])
    count = min(len(rules), COUNTED)
    shown = formats.number(count) + ("+" if len(rules) > COUNTED else "")
    words = ngettext("%(count)s stage change", "%(count)s stage changes", count)
    parts = [words % {"count": shown}, *_main_reason(rules[:COUNTED])]
    return _("%(text)s.") % {"text": _(", ").join(parts)}


def _main_reason(rules: Iterable[Any]) -> list[str]:
    """The rule of decline that holds for most of them, in words; empty where none holds."""
    counted = Counter(name for bits in rules for name in bit_names(int(bits or 0), RULES))
    if not counted:
        return []
    reasons = {
        "idle": _("inactivity"),
        "aum_fall": _("falling assets"),
        "closing": _("an account closure request"),
    }
    (name, count), *_others = counted.most_common(1)
    return [_("%(count)s due to %(reason)s") % {"count": count, "reason": reasons[name]}]
