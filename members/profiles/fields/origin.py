"""Where a member came from, and since when it is known."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from members.profiles.models import Channel
from members.profiles.privacy import CLASSES
from members.rules.catalogue import groups
from members.rules.catalogue.fields import Display, Field, Index, Past
from members.rules.catalogue.types import Choice, Type

_OF_MEMBER = CLASSES["Member"]
_TABLES = ("profiles_member",)
_CHANNEL = "(SELECT {} FROM profiles_channel AS c WHERE c.id = m.channel_id)"
_NAME_OF_CHANNEL = "CASE WHEN %(english)s AND c.name_en <> '' THEN c.name_en ELSE c.name END"


def channels() -> Sequence[Choice]:
    return [
        Choice(channel.code, channel.local_name, (channel.name, channel.name_en))
        for channel in Channel.objects.order_by("code")
    ]


FIELDS = (
    Field(
        name="registered_at",
        label=_("Registered"),
        help=_("When the member registered. Missing for leads."),
        type=Type.INSTANT,
        happens=True,
        sql="m.registered_at",
        privacy=(_OF_MEMBER["registered_at"],),
        tables=_TABLES,
        past=Past.SAME,
        index=Index("member_by_registration", ties_opposed=True),
        group=groups.ORIGIN,
        searched_by=("sign-up", "joined"),
    ),
    Field(
        name="known_at",
        label=_("Known since"),
        help=_("The first touch, registration or import of the member, whichever is earliest."),
        type=Type.INSTANT,
        happens=True,
        sql="m.known_at",
        privacy=(_OF_MEMBER["known_at"],),
        tables=_TABLES,
        past=Past.SAME,
        group=groups.ORIGIN,
        searched_by=("first seen",),
    ),
    Field(
        name="channel",
        label=_("Channel"),
        help=_("The acquisition channel through which the member came."),
        type=Type.CHOICE,
        sql=_CHANNEL.format("c.code"),
        privacy=(_OF_MEMBER["channel"],),
        tables=_TABLES,
        choices=channels,
        group=groups.ORIGIN,
        searched_by=("source",),
        display=Display(sql=_CHANNEL.format(_NAME_OF_CHANNEL)),
    ),
    Field(
        name="campaign",
        label=_("Campaign"),
        help=_("The campaign through which the member came."),
        type=Type.TEXT,
        sql="nullif(m.campaign, '')",
        privacy=(_OF_MEMBER["campaign"],),
        tables=_TABLES,
        group=groups.ORIGIN,
    ),
    Field(
        name="referred",
        label=_("Referred by a member"),
        negated=_("Not referred by a member"),
        help=_("Whether another member referred this one."),
        type=Type.FLAG,
        sql="m.referrer_id IS NOT NULL",
        privacy=(_OF_MEMBER["referrer"],),
        tables=_TABLES,
        group=groups.ORIGIN,
        searched_by=("referral", "referrer"),
    ),
)
