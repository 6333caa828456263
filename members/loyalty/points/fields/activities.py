"""What members did with points, for rules."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.runtime.extension.labels import Label
from members.loyalty.privacy import CLASSES
from members.rules.catalogue.activities import Activity, Property
from members.rules.catalogue.types import Type

_ENTRY = CLASSES["PointsEntry"]


def _activity(name: str, label: Label, did: Label, kind: str, points: str) -> Activity:
    return Activity(
        name=name,
        label=label,
        did=did,
        table="loyalty_pointsentry",
        at="a.at",
        condition=f"a.kind = '{kind}'",
        privacy=(_ENTRY["at"],),
        properties=(
            Property(
                name="points", label=_("Points"), type=Type.NUMBER, sql=points, privacy=(_ENTRY["points"],)
            ),
        ),
        searched_by=("loyalty", "points"),
    )


ACTIVITIES = (
    _activity("points_earned", _("Points earned"), _("earned points"), "earn", "a.points"),
    _activity("points_redeemed", _("Points redeemed"), _("redeemed points"), "redeem", "(- a.points)"),
)
