"""The points of a member in the main programme, as fields of lists, rules and exports."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from members.loyalty.privacy import CLASSES
from members.rules.catalogue.fields import Field, Source
from members.rules.catalogue.platform_days import day_start
from members.rules.catalogue.types import Type

_MAIN = "(SELECT p.id FROM loyalty_programme AS p WHERE p.is_main)"
ACCOUNT = Source(
    "lpa", "loyalty_pointsaccount", "member_id", optional=True, condition=f"lpa.programme_id = {_MAIN}"
)
GROUP = _("Loyalty")
_ACCOUNT, _LOT = CLASSES["PointsAccount"], CLASSES["PointsLot"]
_ENTRIES = (
    "FROM loyalty_pointsentry AS e JOIN loyalty_programme AS p ON p.id = e.programme_id AND p.is_main"
    " WHERE e.member_id = m.id"
)
_LOTS = (
    "FROM loyalty_pointslot AS l JOIN loyalty_programme AS p ON p.id = l.programme_id AND p.is_main"
    " WHERE l.member_id = m.id AND l.remaining > 0 AND l.expires_at > %(now)s"
)
_WINDOW = day_start("(%(today)s::date + 31)")  # the end of the thirtieth day
_DUE = "CASE WHEN lpa.due_at > %(now)s THEN lpa.due_at END"

FIELDS = (
    Field(
        name="points",
        label=_("Points"),
        help=_("Points that can be redeemed now in the main loyalty programme."),
        type=Type.NUMBER,
        sql="coalesce(lpa.balance, 0)",
        sources=("lpa",),
        privacy=(_ACCOUNT["balance"],),
        tables=("loyalty_pointsaccount",),
        past=f"(SELECT coalesce(sum(e.points), 0) {_ENTRIES} AND e.counts_from <= %(now)s)",
        past_next=f"(SELECT min(e.counts_from) {_ENTRIES} AND e.counts_from > %(now)s)",
        next=_DUE,
        group=GROUP,
        searched_by=("balance", "loyalty", "rewards"),
    ),
    Field(
        name="points_expiring_30d",
        label=_("Points expiring in 30 days"),
        help=_("Points that expire within the next 30 days if they are not redeemed."),
        type=Type.NUMBER,
        sql=f"(SELECT coalesce(sum(l.remaining), 0) {_LOTS} AND l.expires_at <= {_WINDOW})",
        privacy=(_LOT["remaining"], _LOT["expires_at"]),
        tables=("loyalty_pointslot",),
        next=(f"(SELECT least(min(l.expires_at), {day_start('(%(today)s::date + 1)')}) {_LOTS})"),
        group=GROUP,
        searched_by=("lapse", "expiry"),
    ),
    Field(
        name="points_debt",
        label=_("Points owed"),
        help=_("Points that were taken back after they had been spent; the next earnings repay them."),
        type=Type.NUMBER,
        sql="coalesce(lpa.debt, 0)",
        sources=("lpa",),
        privacy=(_ACCOUNT["debt"],),
        tables=("loyalty_pointsaccount",),
        past=f"(SELECT coalesce(sum(e.debt), 0) {_ENTRIES} AND e.at <= %(now)s)",
        past_next=f"(SELECT min(e.at) {_ENTRIES} AND e.at > %(now)s)",
        next=_DUE,
        group=GROUP,
        searched_by=("clawback",),
    ),
)
