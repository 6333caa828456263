"""Home of compliance: what waits for a decision, and who looked at what today."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.desk.home.blocks import Block, Line, Today, counted, link, told
from crm.desk.home.requests import page, requests_block, said_of_requests, waiting
from crm.desk.home.stage_changes import latest_moves, moves_block, names_of, since_yesterday
from crm.desk.home.warnings import open_warnings, warnings_block
from crm.directory.models import ListExport
from crm.runtime.clock import day_of, day_start
from crm.staff.models import Reveal, Staff
from crm.staff.privacy.access_log import field_label
from members.lifecycle.models import Stage, WarningKind
from members.profiles.masking import member_number

READ = 100


def today(staff: Staff, now: datetime) -> Today:
    """Six queries."""
    requests, midnight = waiting(staff, now), day_start(day_of(now))
    reveals = list(
        Reveal.objects.filter(at__gte=midnight).select_related("staff").order_by("-at", "id")[:READ]
    )
    exports = list(
        ListExport.objects.filter(at__gte=midnight, begun=None).select_related("staff").order_by("-at")[:READ]
    )
    signals = open_warnings(staff, midnight, [WarningKind.SIGNAL])
    moves = latest_moves(staff, now, since_yesterday(now), Stage.DECLINE)
    names = names_of(staff, signals.ids, (row.member_id for row in moves))
    parts = said_of_requests(requests)
    if reveals:
        words = ngettext("%(count)s value revealed today", "%(count)s values revealed today", len(reveals))
        parts.append(words % {"count": counted(len(reveals), READ)})
    if exports:
        words = ngettext("%(count)s list exported", "%(count)s lists exported", len(exports))
        parts.append(words % {"count": counted(len(exports), READ)})
    return Today(
        told(parts, _("No pending requests. No values revealed and no lists exported today.")),
        (),
        (
            requests_block(requests),
            _reveals_block(reveals),
            _exports_block(exports),
            warnings_block(signals, names, _("Complaints and closure requests"), now),
            moves_block(moves, names, _("Entered Decline since yesterday")),
        ),
        page() if requests else None,
    )


def _reveals_block(rows: list[Reveal]) -> Block:
    lines = [
        Line(
            str(row.staff),
            "",
            _("%(field)s of %(member)s: %(reason)s")
            % {
                "field": field_label(row.field),
                "member": member_number(row.member_id),
                "reason": row.reason,
            },
            row.at,
        )
        for row in rows[:8]
    ]
    more = link(_("View full log"), "reveals")
    return Block(_("Values revealed today"), lines, more=more, empty=_("No values revealed today."))


def _exports_block(rows: list[ListExport]) -> Block:
    lines = [Line(str(row.staff), "", ", ".join(row.columns), row.at) for row in rows[:8]]
    return Block(_("Exports today"), lines, empty=_("No exports today."))
