"""The outbox: messages, what the gate withheld, and what waits to be decided again, the latest first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from campaigns.delivery.models import Deferral, Message, MessageState, Outcome, Verdict
from campaigns.delivery.permissions import SEE_OUTBOX
from campaigns.delivery.sentences.reasons import ended_text, reason_text
from campaigns.delivery.sentences.verdicts import row_label
from crm.staff.models import Staff
from crm.staff.permissions import allowed
from crm.staff.privacy.mask_levels import MaskLevel, mask_level
from crm.web.components import tabs
from crm.web.lists.keyset import Order
from crm.web.lists.paging import Page, page_of
from crm.web.lists.tokens import parse_instant
from crm.web.responses import StaffRequest, render_page
from members.profiles.member_view import MemberView, member_views
from members.profiles.models import Member
from members.profiles.visibility import sees_everybody


@dataclass(frozen=True)
class Line:
    """A row of the outbox: a message, verdict or deferral, its member as the reader may see them, and why."""

    view: MemberView
    row: Any
    why: str
    address: str = ""


@dataclass(frozen=True)
class _Tab:
    """`rows` of one kind, in the order of the column `at`."""

    label: Promise
    rows: Callable[[], QuerySet[Any]]
    at: str


def _messages(**only: Any) -> Callable[[], QuerySet[Message]]:
    return lambda: Message.objects.filter(**only)


TABS: dict[str, _Tab] = {
    "all": _Tab(_("Messages"), _messages(), "queued_at"),
    "queued": _Tab(MessageState.QUEUED.label, _messages(state=MessageState.QUEUED), "queued_at"),
    "stopped": _Tab(
        _("Cancelled or dropped"),
        _messages(state__in=[MessageState.CANCELLED, MessageState.DROPPED]),
        "queued_at",
    ),
    "deferred": _Tab(_("Waiting"), lambda: Deferral.objects.filter(ended_at=None), "decide_at"),
    "withheld": _Tab(_("Withheld"), lambda: Verdict.objects.exclude(outcome=Outcome.ALLOW), "decided_at"),
}


@allowed(SEE_OUTBOX)
@require_GET
def outbox_page(request: StaffRequest) -> HttpResponse:
    """`?tab=` names what is listed; members whom the reader may not see are not among it."""
    key = request.GET.get("tab", "")
    tab = TABS.get(key) or TABS["all"]
    rows = visible(tab.rows(), request.user).select_related("copy_version__copy")
    order = Order(tab.at, parse_instant, key_descending=True, nulls=False)
    page = page_of(rows, order, request.GET.get("after", ""))
    context = {
        "page": Page(_lines(page.rows, request.user), page.next, page.first),
        "tabs": tabs([(name, one.label) for name, one in TABS.items()], key, request.GET),
        "kind": key if TABS.get(key) else "all",
        "label": _("Outbox"),
    }
    return render_page(request, "delivery/outbox.html", context, part="rows")


def visible(rows: QuerySet[Any], staff: Staff) -> QuerySet[Any]:
    """Rows of the members that this person may see."""
    if sees_everybody(staff):
        return rows
    return rows.filter(member__in=Member.objects.visible_to(staff))


def _lines(rows: Sequence[Any], staff: Staff) -> list[Line]:
    """One query."""
    views = {
        one.id: one for one in member_views([row.member_id for row in rows], staff=staff, fields=("name",))
    }
    shows_age = mask_level("birth_date", staff) is MaskLevel.PLAIN
    return [
        Line(views[row.member_id], row, why(row, shows_age=shows_age))
        for row in rows
        if row.member_id in views
    ]


def why(row: Any, *, shows_age: bool) -> str:
    """Why a message ended, or a verdict withholds one; empty where there is nothing to say."""
    if isinstance(row, Verdict):
        return gettext("%(reason)s (%(row)s)") % {
            "reason": reason_text(row.reasons[0], shows_age=shows_age).text,
            "row": row_label(row.row, shows_age=shows_age),
        }
    if isinstance(row, Message) and row.reason:
        return ended_text(row.reason, shows_age=shows_age)
    return ""
