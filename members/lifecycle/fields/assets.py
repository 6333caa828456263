"""What a member has and did, as it was known when its stage was decided."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from members.lifecycle.fields.stages import COMING, NEXT
from members.lifecycle.privacy import CLASSES
from members.rules.catalogue import groups
from members.rules.catalogue.fields import Field, Index, Past
from members.rules.catalogue.platform_days import day_start
from members.rules.catalogue.types import Type

_STANDING = CLASSES["Standing"]
_TABLES = ("lifecycle_standing",)
_FLOWS = "('buy', 'redemption', 'payout')"
# The last valuation, and what came in and went out on later days.
_AUM_THEN = (
    "(SELECT greatest(coalesce(v.aum, 0) + coalesce((SELECT"
    " sum(CASE t.kind WHEN 'buy' THEN t.amount ELSE -t.amount END) FROM portfolio_transaction AS t"
    f" WHERE t.member_id = m.id AND t.kind IN {_FLOWS} AND t.at <= %(now)s"
    f" AND t.at >= coalesce({day_start('(v.date + 1)')}, '-infinity')), 0), 0)"
    " FROM (SELECT) AS one LEFT JOIN LATERAL (SELECT v.date, v.aum FROM portfolio_valuation AS v"
    " WHERE v.member_id = m.id AND v.date <= %(today)s ORDER BY v.date DESC LIMIT 1) AS v ON true)"
)
_LAST_LOGIN_THEN = (
    "(SELECT max(e.at) FROM profiles_event AS e"
    " WHERE e.member_id = m.id AND e.name = 'login' AND e.at <= %(now)s)"
)
_LAST_TRADE_THEN = (
    "(SELECT max(t.at) FROM portfolio_transaction AS t"
    f" WHERE t.member_id = m.id AND t.kind IN {_FLOWS} AND t.at <= %(now)s)"
)
_NEXT_LOGIN = (
    "(SELECT min(e.at) FROM profiles_event AS e"
    " WHERE e.member_id = m.id AND e.name = 'login' AND e.at > %(now)s)"
)
_NEXT_TRADE = (
    "(SELECT min(t.at) FROM portfolio_transaction AS t"
    f" WHERE t.member_id = m.id AND t.kind IN {_FLOWS} AND t.at > %(now)s)"
)
_NEXT_VALUATION = (
    "(SELECT min(v.date) FROM portfolio_valuation AS v WHERE v.member_id = m.id AND v.date > %(today)s)"
)
# The standing has no day where the run fills all days that the rules look at: then it is the first of these.
_FILLED = (
    "(SELECT %(today)s::date + 1 - greatest(p.fall_memory_days + p.fall_window_days, p.mature_days)"
    " - p.payout_grace_days FROM (SELECT * FROM lifecycle_policy AS p WHERE p.effective_from <= %(now)s"
    " ORDER BY p.effective_from DESC, p.version DESC LIMIT 1) AS p"
    " WHERE s.steady_since IS NULL AND (s.aum >= p.mature_aum OR s.stage = 'maturity'))"
)
_TOMORROW = day_start("(%(today)s::date + 1)")

FIELDS = (
    Field(
        name="aum",
        label=_("Assets"),
        help=_("Current assets: the latest valuation and what moved since."),
        type=Type.MONEY,
        sql="s.aum",
        sources=("s",),
        privacy=(_STANDING["aum"],),
        tables=_TABLES,
        past=_AUM_THEN,
        past_next=f"least({day_start(_NEXT_VALUATION)}, {_NEXT_TRADE})",
        next=COMING,
        index=Index(
            "standing_by_stage_aum", by="stage", among={"warned": "standing_warned_by_aum"}, complete=True
        ),
        group=groups.ASSETS,
        searched_by=("AUM", "balance"),
    ),
    Field(
        name="recent_peak",
        label=_("Recent peak assets"),
        help=_("The highest assets of the days in which falls are measured."),
        type=Type.MONEY,
        sql="s.peak_aum",
        sources=("s",),
        privacy=(_STANDING["peak_aum"],),
        tables=_TABLES,
        next=NEXT,
        group=groups.ASSETS,
        searched_by=("AUM", "highest"),
    ),
    Field(
        name="steady_since",
        label=_("Assets steady since (at the latest)"),
        help=_(
            "Since which day assets have been at the level of maturity without a break. At the latest: days"
            " before those that the stage rules look at are not known. Missing where assets are below it."
        ),
        type=Type.DAY,
        sql=f"coalesce(s.steady_since, {_FILLED})",
        sources=("s",),
        privacy=(_STANDING["steady_since"], _STANDING["aum"], _STANDING["stage"]),
        tables=_TABLES,
        next=f"least({NEXT}, CASE WHEN {_FILLED} IS NOT NULL THEN {_TOMORROW} END)",
        group=groups.ASSETS,
        searched_by=("AUM", "maturity"),
    ),
    Field(
        name="first_invested",
        label=_("First invested"),
        help=_("The first buy, or the first day with assets."),
        type=Type.INSTANT,
        happens=True,
        sql="s.first_invested_at",
        sources=("s",),
        privacy=(_STANDING["first_invested_at"],),
        tables=_TABLES,
        past=Past.SAME,
        next=COMING,
        group=groups.ASSETS,
        searched_by=("first buy", "activated"),
    ),
    Field(
        name="last_trade",
        label=_("Last trade"),
        help=_("The latest buy, redemption or payout."),
        type=Type.INSTANT,
        sql="s.last_trade_at",
        sources=("s",),
        privacy=(_STANDING["last_trade_at"],),
        tables=_TABLES,
        past=_LAST_TRADE_THEN,
        past_next=_NEXT_TRADE,
        next=COMING,
        group=groups.ASSETS,
        searched_by=("transaction",),
    ),
    Field(
        name="last_login",
        label=_("Last login"),
        help=_("The latest login."),
        type=Type.INSTANT,
        sql="s.last_login_at",
        sources=("s",),
        privacy=(_STANDING["last_login_at"],),
        tables=_TABLES,
        past=_LAST_LOGIN_THEN,
        past_next=_NEXT_LOGIN,
        next=COMING,
        group=groups.ACTIVITY,
        searched_by=("silent", "idle"),
    ),
    Field(
        name="last_activity",
        label=_("Last activity"),
        help=_("The latest login or trade."),
        type=Type.INSTANT,
        sql="greatest(s.last_login_at, s.last_trade_at)",
        sources=("s",),
        privacy=(_STANDING["last_login_at"], _STANDING["last_trade_at"]),
        tables=_TABLES,
        past=f"greatest({_LAST_LOGIN_THEN}, {_LAST_TRADE_THEN})",
        past_next=f"least({_NEXT_LOGIN}, {_NEXT_TRADE})",
        next=COMING,
        group=groups.ACTIVITY,
        searched_by=("silent", "idle"),
    ),
    Field(
        name="closing_requested",
        label=_("Account closure requested"),
        help=_("When the member last asked to close the account."),
        type=Type.INSTANT,
        sql="s.closing_at",
        sources=("s",),
        privacy=(_STANDING["closing_at"],),
        tables=_TABLES,
        next=NEXT,
        group=groups.ACTIVITY,
        searched_by=("churn", "leaving"),
    ),
)
