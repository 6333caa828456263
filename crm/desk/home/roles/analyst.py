"""Home of an analyst: assets, net new money and money lost, then the stages; without personal data."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from crm.desk.home.blocks import Block, Cell, Figure, Home, Table, capped, link_to, to_sentence
from crm.desk.home.changes.transition_counts import transition_counts, transition_counts_block
from crm.insights.kpis.money import Money, read_money
from crm.runtime.clock import day_of
from crm.staff.models import Staff
from crm.web import amounts, formats
from members.lifecycle.counts.stage_counts import count_by_stage, stage_totals
from members.lifecycle.models import Stage, SubState


def home(staff: Staff, now: datetime) -> Home:
    """Three queries."""
    today = day_of(now)
    money = read_money(staff, today.replace(day=1))
    found = count_by_stage(staff)
    yesterday = today - timedelta(days=1)
    transitions = transition_counts(yesterday, yesterday)
    fell = sum(count for (_left, to), count in transitions.items() if to == Stage.DECLINE)
    recovered = sum(
        count for (left, to), count in transitions.items() if left == Stage.DECLINE and to != Stage.DECLINE
    )
    parts = _describe_money(money)
    if fell or recovered:
        values = {"fell": formats.number(fell), "rose": formats.number(recovered)}
        parts.append(_("yesterday %(fell)s entered Decline and %(rose)s recovered") % values)
    return Home(
        to_sentence(parts, _("This month's money KPIs are not calculated yet.")),
        _money_figures(money),
        (transition_counts_block(transitions, yesterday), _sub_states(found, _members(found))),
        link_to(_("View KPIs"), "kpis"),
        first=_stages(found, money),
    )


def _describe_money(money: Money) -> list[str]:
    """Assets and what moved since the month began; empty where nothing is counted."""
    if money.aum is None:
        return []
    parts = [_("assets of %(aum)s") % {"aum": formats.short_money(money.aum)}]
    if money.net_new is not None:
        words = {"amount": formats.short_money(abs(money.net_new))}
        parts.append(
            (_("net inflow of %(amount)s this month") % words)
            if money.net_new >= 0
            else (_("net outflow of %(amount)s this month") % words)
        )
    return parts


def _money_figures(money: Money) -> list[Figure]:
    """AUM, net new money and money lost, each linked to its KPI."""
    through = formats.day(money.through)
    lost = formats.share(money.lost_share)
    return [
        Figure(_("AUM on %(day)s") % {"day": through}, amounts.amount(money.aum), _kpi("aum")),
        Figure(_("Net new money this month"), amounts.change(money.net_new), _kpi("net_new_money")),
        Figure(
            _("Money lost this month · %(share)s of assets") % {"share": lost},
            amounts.amount(money.lost),
            _kpi("aum_churn"),
        ),
        Figure(_("Clients"), "–" if money.aum is None else capped(money.clients), _kpi("aum")),
    ]


def _kpi(code: str) -> str:
    return reverse("kpi", args=[code])


def _stages(found: dict[tuple[str, str], int], money: Money) -> Block:
    """Leads, then the members by stage with their share, and the assets of the stages that hold some."""
    members, assets = _members(found), dict(money.by_stage)
    figures = []
    for name, count in stage_totals(found).items():
        parts = [str(Stage(name).label)]
        parts.append(
            _("leads") if name == Stage.ACQUISITION else formats.share(count / members if members else None)
        )
        if name in assets:
            parts.append(formats.short_money(assets[name]))
        address = f"{reverse('members')}?stage={name}&view=all"
        figures.append(Figure(" · ".join(parts), capped(count), address, tone=name))
    return Block(_("Leads and members by stage"), figures=figures, more=link_to(_("Lifecycle"), "lifecycle"))


def _members(found: dict[tuple[str, str], int]) -> int:
    """The members: whoever has not registered is a lead and counts apart."""
    return sum(count for (stage, _sub_state), count in found.items() if stage != Stage.ACQUISITION)


def _sub_states(found: dict[tuple[str, str], int], members: int) -> Block:
    rows = [
        [
            Cell(f"{Stage(stage).label} · {SubState(sub).label}", number=False),
            Cell(formats.number(count), f"{reverse('members')}?stage={stage}&sub_state={sub}&view=all"),
            Cell(formats.share(count / members)),
        ]
        for (stage, sub), count in sorted(found.items(), key=lambda row: -row[1])
        if sub
    ]
    return Block(
        _("Sub-states"),
        table=Table([_("Sub-state"), _("Members"), _("Share")], rows),
        more=link_to(_("Lifecycle"), "lifecycle"),
        empty=_("No members in a sub-state."),
    )
