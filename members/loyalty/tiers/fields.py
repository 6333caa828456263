"""The tier of a member in the main programme, as fields of lists, rules and exports."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from members.loyalty.models import Tier
from members.loyalty.privacy import CLASSES
from members.rules.catalogue import groups
from members.rules.catalogue.fields import Display, Field, Source
from members.rules.catalogue.platform_days import day_start
from members.rules.catalogue.types import Choice, Type

_MAIN = "(SELECT p.id FROM loyalty_programme AS p WHERE p.is_main)"
STANDING = Source(
    "lt", "loyalty_tierstanding", "member_id", optional=True, condition=f"lt.programme_id = {_MAIN}"
)
_CLASSES = CLASSES["TierStanding"]
_TABLES = ("loyalty_tierstanding",)
_THEN = (
    "(SELECT {} FROM loyalty_tierchange AS c JOIN loyalty_tier AS t ON t.id = c.to_tier_id"
    " JOIN loyalty_programme AS p ON p.id = c.programme_id AND p.is_main"
    " WHERE c.member_id = m.id AND c.superseded_at IS NULL"
    " AND c.effective_at <= %(now)s ORDER BY c.effective_at DESC LIMIT 1)"
)
_NEXT_CHANGE = (
    "(SELECT min(c.effective_at) FROM loyalty_tierchange AS c"
    " JOIN loyalty_programme AS p ON p.id = c.programme_id AND p.is_main"
    " WHERE c.member_id = m.id AND c.superseded_at IS NULL AND c.effective_at > %(now)s)"
)
_NEXT = f"CASE WHEN lt.due_on > %(today)s THEN {day_start('lt.due_on')} END"


def tiers() -> Sequence[Choice]:
    found = Tier.objects.filter(programme__is_main=True).order_by("rank")
    return [Choice(tier.code, tier.local_name) for tier in found]


_NAME = (
    "(SELECT coalesce(CASE WHEN %(english)s THEN nullif(t.name_en, '') END, t.name)"
    " FROM loyalty_tier AS t WHERE t.id = lt.{})"
)

FIELDS = (
    Field(
        name="tier",
        label=_("Tier"),
        help=_("The tier in the main loyalty programme. Missing for leads, and before the first review."),
        type=Type.CHOICE,
        sql="(SELECT t.code FROM loyalty_tier AS t WHERE t.id = lt.tier_id)",
        sources=("lt",),
        privacy=(_CLASSES["tier"],),
        tables=_TABLES,
        past=_THEN.format("t.code"),
        past_next=_NEXT_CHANGE,
        next=_NEXT,
        choices=tiers,
        group=groups.LOYALTY,
        searched_by=("VIP", "level", "loyalty"),
        display=Display(sql=_NAME.format("tier_id")),
    ),
    Field(
        name="tier_since",
        label=_("In tier since"),
        help=_("When the member got the present tier."),
        type=Type.INSTANT,
        sql="lt.since",
        sources=("lt",),
        privacy=(_CLASSES["since"],),
        tables=_TABLES,
        past=_THEN.format("c.effective_at"),
        past_next=_NEXT_CHANGE,
        next=_NEXT,
        group=groups.LOYALTY,
        searched_by=("VIP", "upgrade", "downgrade"),
    ),
    Field(
        name="tier_falls_on",
        label=_("Expected tier downgrade"),
        help=_("The day on which the tier falls if no new data arrives. Missing where it is kept."),
        type=Type.DAY,
        sql="lt.falls_on",
        sources=("lt",),
        privacy=(_CLASSES["falls_on"],),
        tables=_TABLES,
        next=_NEXT,
        group=groups.LOYALTY,
        searched_by=("downgrade", "VIP"),
    ),
    Field(
        name="earned_tier",
        label=_("Tier by the rules"),
        help=_("The tier that the rules give; an override may set another one for a time."),
        type=Type.CHOICE,
        sql="(SELECT t.code FROM loyalty_tier AS t WHERE t.id = lt.earned_id)",
        sources=("lt",),
        privacy=(_CLASSES["earned"],),
        tables=_TABLES,
        next=_NEXT,
        choices=tiers,
        group=groups.LOYALTY,
        searched_by=("VIP", "override"),
        display=Display(sql=_NAME.format("earned_id")),
    ),
)
