"""How many members match and what they hold, in words, and the tabs of the stages; an estimate says so."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crm.directory.list.list_members import MemberPage
from crm.directory.list.totals import ASSETS, MEMBERS, Totals, rounded
from crm.web import amounts, formats
from members.lifecycle.models import Stage

Pill = tuple[str, str | Promise, str]  # stage (empty: all), label, number


def size_words(page: MemberPage) -> SafeString | str:
    """The members that match and their assets, where that is known."""
    total, totals = page.total, page.totals
    if total is None:
        if totals is None or totals.below is None:
            return ""
        return _about(_("fewer than %(count)s members") % {"count": formats.number(totals.below)})
    members = _members_and_leads(total.members, page.leads, is_estimate=MEMBERS in page.estimated)
    if ASSETS in page.estimated:
        assets = format_html(_("assets about {}"), formats.short_money(total.assets))
    else:
        assets = format_html(_("assets {}"), amounts.amount(total.assets))
    words = format_html("{} · {}", members, assets)
    return _about(words) if page.estimated else words


def _members_and_leads(all_of_them: int, leads: int, *, is_estimate: bool) -> str:
    """Whoever has not registered is a lead and counts apart."""
    members, parts = all_of_them - leads, []
    if members or not leads:
        if is_estimate:
            words = ngettext("about %(count)s member", "about %(count)s members", members)
        else:
            words = ngettext("%(count)s member", "%(count)s members", members)
        parts.append(words % {"count": formats.number(rounded(members) if is_estimate else members)})
    if leads:
        if is_estimate:
            words = ngettext("about %(count)s lead", "about %(count)s leads", leads)
        else:
            words = ngettext("%(count)s lead", "%(count)s leads", leads)
        parts.append(words % {"count": formats.number(leads)})
    return " · ".join(parts)


def _about(words: str) -> SafeString:
    why = _("Estimated from a sample: counting this many members would take too long.")
    return format_html('<span title="{}">{}</span>', why, words)


def stage_pills(totals: Totals | None) -> list[Pill]:
    """A tab for all and each stage, with the members that match the other filters, where that is known."""

    def number(stage: str) -> str:
        if totals is None or totals.below is not None:
            return ""
        sign = "≈" if MEMBERS in totals.estimated else ""
        return sign + formats.number(totals.of(stage).members)

    all_of_them: list[Pill] = [("", gettext_lazy("All"), number(""))]
    return all_of_them + [(stage, Stage(stage).label, number(stage)) for stage in Stage.values]
