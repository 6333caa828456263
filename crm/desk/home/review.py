"""Copy to review and the figures of review, on the home of compliance. Every chart opens its list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.review.desk.figures import WEEKS, Due, Figures
from campaigns.review.desk.sentences.categories import category_label
from campaigns.review.models import Decision
from crm.desk.home.blocks import Block, Drawing, Figure, Item, Link
from crm.web import charts, formats
from crm.web.components import Text


def describe_review(found: Figures) -> list[str]:
    """How much copy waits, and how much of it is late; empty for none."""
    if not found.waiting:
        return []
    words = ngettext("%(count)s version to review", "%(count)s versions to review", found.waiting)
    parts = [words % {"count": formats.number(found.waiting)}]
    if found.late:
        parts.append(_("%(count)s past the deadline") % {"count": formats.number(found.late)})
    return parts


def review_next(found: Figures) -> Link | None:
    """The link to the queue, where something waits."""
    return Link(_("Review copy"), reverse("review-queue")) if found.waiting else None


def review_blocks(found: Figures) -> Sequence[Block]:
    """What is due first, the numbers, and the charts of the last weeks."""
    blocks = (_queue_block, _numbers_block, _decisions_block, _time_block, _rules_block)
    return [block(found) for block in blocks]


def _queue_block(found: Figures) -> Block:
    return Block(
        _("Copy to review"),
        [_item(one) for one in found.first],
        more=Link(_("View queue"), reverse("review-queue")),
        empty=_("No copy is waiting for review."),
        note=_("earliest deadline first"),
    )


def _item(one: Due) -> Item:
    words = ngettext("%(count)s finding", "%(count)s findings", one.findings) % {"count": one.findings}
    if one.blocks:
        words = _("%(findings)s, %(count)s blocked") % {"findings": words, "count": one.blocks}
    if one.holder:
        words = _("%(what)s · %(who)s is reviewing") % {"what": words, "who": one.holder}
    return Item(one.local_name, reverse("review-version", args=[one.version_id]), words, one.deadline)


def _numbers_block(found: Figures) -> Block:
    opinions = reverse("review-opinions")
    share = found.returned / found.decided if found.decided else None
    hours = timedelta(hours=found.hours) if found.hours is not None else None
    return Block(
        _("Review figures"),
        figures=[
            Figure(_("Time to decision"), _duration(hours), reverse("kpi", args=["review_time"])),
            Figure(
                _("Returned share"),
                formats.share(share),
                f"{opinions}?decision={Decision.RETURNED}",
            ),
            Figure(_("Exceptions granted"), formats.number(found.granted), reverse("review-exceptions")),
            Figure(_("Exceptions pending"), formats.number(found.asked), reverse("review-exceptions")),
            Figure(_("Lapsed approvals"), formats.number(found.lapsed), reverse("review-lapsed")),
            Figure(_("Ending soon"), formats.number(found.ending), reverse("review-ending")),
        ],
        more=Link(_("KPIs of review"), f"{reverse('kpis')}#review"),
        note=_("last %(weeks)s weeks") % {"weeks": WEEKS},
    )


def _duration(value: timedelta | None) -> str:
    if value is None:
        return formats.NOTHING
    return _("%(hours)s h") % {"hours": formats.number(round(value.total_seconds() / 3600))}


def _decisions_block(found: Figures) -> Block:
    series = [
        charts.Series("growth", _("Approved"), [week.approved for week in found.weeks]),
        charts.Series("decline", _("Returned"), [week.returned for week in found.weeks]),
        charts.Series("acquisition", _("Rejected"), [week.rejected for week in found.weeks]),
    ]
    chart = charts.lines([week.monday for week in found.weeks], series) if found.decided else None
    return Block(
        _("Decisions by week"),
        drawing=Drawing("web/charts/line.html", chart, "review-decisions") if chart else None,
        more=Link(_("View opinions"), reverse("review-opinions")),
        empty=_("No decisions yet."),
    )


def _time_block(found: Figures) -> Block:
    hours = [None if week.hours is None else round(week.hours, 1) for week in found.weeks]
    series = [charts.Series("", _("Hours"), hours)]
    chart = charts.lines([week.monday for week in found.weeks], series)
    return Block(
        _("Hours from submission to decision"),
        drawing=Drawing("web/charts/line.html", chart, "review-time") if chart else None,
        more=Link(_("View opinions"), reverse("review-opinions")),
        empty=_("No decisions yet."),
        note=_("mean by week"),
    )


def _rules_block(found: Figures) -> Block:
    opinions = reverse("review-opinions")
    rows: list[tuple[Text, int, str]] = [
        (
            f"{category_label(category)} {rule.partition('.')[0]}",
            count,
            f"{opinions}?{urlencode({'rule': rule})}",
        )
        for rule, category, count in found.rules
    ]
    chart = charts.counts(rows)
    return Block(
        _("Findings by rule"),
        drawing=Drawing("web/charts/counts.html", chart, "review-rules") if chart else None,
        more=Link(_("View opinions"), opinions),
        empty=_("No findings in decided copy yet."),
        note=_("in copy decided on"),
    )
