"""What has to happen before a member reaches a neighbouring stage, and how far that is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from crm.web import formats
from members.lifecycle.forecast.distances import Distance, Need, NeedKey, Progress
from members.lifecycle.sentences.params import formatted

NEEDS: dict[NeedKey, str] = {
    NeedKey.REGISTER: gettext_noop("Completes registration"),
    NeedKey.FIRST_INVESTMENT: gettext_noop("Makes a first investment"),
    NeedKey.AUM_BELOW: gettext_noop("Assets fall below %(limit)s"),
    NeedKey.LEAVE_DECLINE: gettext_noop("Leaves Decline first"),
    NeedKey.AUM_RISE_BY: gettext_noop("Assets rise by %(missing)s"),
    NeedKey.AUM_STAYS_FOR: gettext_noop("Assets stay at that level for %(days)s"),
    NeedKey.AUM_HIGH_UNTIL: gettext_noop("Assets stay above the threshold until %(day)s"),
    NeedKey.REGISTERED_UNTIL: gettext_noop("Minimum time since registration reached on %(day)s"),
    NeedKey.INACTIVE_UNTIL: gettext_noop("No login or trade until %(day)s"),
    NeedKey.AUM_FALL_TO: gettext_noop("Assets fall to %(limit)s or below"),
    NeedKey.REQUEST_CLOSING: gettext_noop("Requests account closure"),
    NeedKey.TRADE: gettext_noop("Makes a trade"),
    NeedKey.LOGIN_OR_TRADE: gettext_noop("Logs in or trades"),
    NeedKey.AUM_RECOVERS: gettext_noop(
        "Assets recover to %(limit)s, or a new normal is recorded; otherwise until %(day)s"
    ),
    NeedKey.CLOSE_COMPLAINT: gettext_noop("No complaint is open any more"),
    NeedKey.BUY: gettext_noop("Buys again"),
    NeedKey.BUY_OR_CLOSING_LAPSES: gettext_noop("Buys, or the closure request lapses on %(day)s"),
}


@dataclass(frozen=True, slots=True)
class NeedText:
    """A need in words; `share` of the way is covered (0 to 1, None: no progress), `progress` says so."""

    text: str
    share: float | None
    progress: str


@dataclass(frozen=True, slots=True)
class DistanceText:
    """A neighbouring stage with what leads to it: every need has to be met (`all_of`), or any."""

    stage: str
    needs: list[NeedText]
    all_of: bool


def distance_texts(distances: Iterable[Distance]) -> list[DistanceText]:
    """The distances in words."""
    return [
        DistanceText(distance.stage, [_need(need) for need in distance.needs], distance.all_of)
        for distance in distances
    ]


def _need(need: Need) -> NeedText:
    text = _(NEEDS[need.key]) % formatted(need.params)
    if need.progress is None:
        return NeedText(text, None, "")
    return NeedText(text, need.progress.share, _progress(need.progress))


def _progress(progress: Progress) -> str:
    if progress.unit == "days":
        passed = {"passed": formats.number(progress.value), "needed": formats.days(int(progress.limit))}
        return _("%(passed)s of %(needed)s") % passed
    amounts = {
        "amount": formats.money(Decimal(progress.value)),
        "limit": formats.money(Decimal(progress.limit)),
    }
    return _("now %(amount)s, threshold %(limit)s") % amounts
