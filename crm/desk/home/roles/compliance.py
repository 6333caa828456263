"""Home of compliance: copy to review, pending requests, and the reveals and exports of today."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.review.desk.figures import review_figures
from crm.desk.home.blocks import Block, Home, Item, capped, first_rows, link_to, to_sentence
from crm.desk.home.members import read_members
from crm.desk.home.open_signals import open_signals, signals_block
from crm.desk.home.pending_requests import (
    describe_pending_requests,
    pending_requests,
    pending_requests_block,
    review_link,
)
from crm.desk.home.review import describe_review, review_blocks, review_next
from crm.runtime.clock import day_of, day_start
from crm.staff.models import Export, Reveal, Staff
from crm.staff.privacy.access_log import field_label, frequent_searchers, reason_text
from crm.staff.privacy.export_log import export_label, term_of
from crm.staff.privacy.personal import mask_term
from members.profiles.member_view import member_number

READ = 100  # reveals, exports


def home(staff: Staff, now: datetime) -> Home:
    """Seven queries."""
    requests, midnight = pending_requests(staff, now), day_start(day_of(now))
    reveals = list(
        Reveal.objects.filter(at__gte=midnight).select_related("staff").order_by("-at", "id")[:READ]
    )
    exports = list(
        Export.objects.filter(at__gte=midnight, begun=None).select_related("staff").order_by("-at")[:READ]
    )
    searchers = frequent_searchers(midnight, now)
    signals = open_signals()
    members = read_members(staff, (row.member_id for row in first_rows(signals)))
    review = review_figures(staff, now)
    parts = [*describe_review(review), *describe_pending_requests(requests)]
    if searchers:
        words = ngettext(
            "%(count)s staff member searched unusually often",
            "%(count)s staff members searched unusually often",
            len(searchers),
        )
        parts.append(words % {"count": len(searchers)})
    if reveals:
        words = ngettext("%(count)s value revealed today", "%(count)s values revealed today", len(reveals))
        parts.append(words % {"count": capped(len(reveals), READ)})
    if exports:
        words = ngettext("%(count)s list exported", "%(count)s lists exported", len(exports))
        parts.append(words % {"count": capped(len(exports), READ)})
    return Home(
        to_sentence(parts, _("No pending requests. No values revealed and no lists exported today.")),
        (),
        (
            *review_blocks(review),
            pending_requests_block(requests),
            *([_searches_block(searchers)] if searchers else []),
            _reveals_block(reveals),
            _exports_block(exports),
            signals_block(
                signals,
                members,
                _("Complaints and closure requests"),
                _("No complaints or closure requests."),
                now,
            ),
        ),
        review_next(review) or (review_link() if requests else None),
    )


def _reveals_block(rows: list[Reveal]) -> Block:
    lines = [
        Item(
            str(row.staff),
            "",
            _revealed(row),
            row.at,
        )
        for row in rows[:8]
    ]
    more = link_to(_("View full log"), "reveals")
    return Block(_("Values revealed today"), lines, more=more, empty=_("No values revealed today."))


def _revealed(row: Reveal) -> str:
    """Mobile of #12: to call back; a search without whom it found."""
    words = {"field": field_label(row.field), "reason": reason_text(row.reason)}
    if row.member_id is None:
        return _("Search by %(field)s: %(reason)s") % words
    words["member"] = member_number(row.member_id)
    return _("%(field)s of %(member)s: %(reason)s") % words


def _searches_block(found: list[tuple[Staff, int]]) -> Block:
    lines = [
        Item(str(staff), "", _("%(count)s searches in one hour") % {"count": count}, None)
        for staff, count in found
    ]
    return Block(_("Unusual numbers of searches"), lines, more=link_to(_("View full log"), "reveals"))


def _exports_block(rows: list[Export]) -> Block:
    lines = [Item(_exporter(row), "", _what_was_exported(row), row.at) for row in rows[:8]]
    return Block(_("Exports today"), lines, empty=_("No exports today."))


def _exporter(row: Export) -> str:
    return str(row.staff) if row.staff else _("Command on the server")


def _what_was_exported(row: Export) -> str:
    """Members: Stage, Assets; searched for 张*."""
    words = export_label(row.what)
    if row.columns:
        words = _("%(what)s: %(columns)s") % {"what": words, "columns": ", ".join(row.columns)}
    term = term_of(row)
    return _("%(what)s; search: %(term)s") % {"what": words, "term": mask_term(term)} if term else words
