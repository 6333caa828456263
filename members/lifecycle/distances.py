"""How far a member is from each neighbouring stage: what would have to happen, in words and figures."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import ROUND_DOWN, Decimal

from django.utils.translation import gettext as _

from crm.runtime.clock import day_of
from crm.web import formats
from members.lifecycle import bits
from members.lifecycle.models import Policy, Stage
from members.lifecycle.point import Answer

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Distance:
    """A stage next to the member's, and what leads there: every need has to be met (`all_of`), or any."""

    stage: str
    needs: list[str] = field(default_factory=list)
    all_of: bool = True


def distances(answer: Answer, policy: Policy) -> list[Distance]:
    """The neighbouring stages of an answer under its policy; none for somebody not known yet."""
    if answer.stage == Stage.ACQUISITION:
        return [Distance(Stage.ACTIVATION, [_("registers")])]
    if answer.stage == Stage.ACTIVATION:
        return [Distance(Stage.GROWTH, [_("makes a first investment")])]
    if answer.stage == Stage.GROWTH:
        return [_to_maturity(answer, policy), _to_decline(answer, policy)]
    if answer.stage == Stage.MATURITY:
        fall = _("assets fall below %(limit)s") % {"limit": formats.money(policy.mature_aum)}
        return [Distance(Stage.GROWTH, [fall]), _to_decline(answer, policy)]
    if answer.stage == Stage.DECLINE:
        return [Distance(Stage.GROWTH, _out_of_decline(answer, policy)), _to_maturity(answer, policy)]
    return []


def _to_maturity(answer: Answer, policy: Policy) -> Distance:
    needs = [] if answer.stage != Stage.DECLINE else [_("leaves decline")]
    if answer.aum < policy.mature_aum:
        missing = {"missing": formats.money(policy.mature_aum - answer.aum)}
        needs.append(_("assets rise by %(missing)s") % missing)
        needs.append(_("they stay there for %(days)s") % {"days": formats.days(policy.mature_days)})
    elif answer.steady_since is not None:
        reached = answer.steady_since + timedelta(days=policy.mature_days - 1)
        if reached > answer.day:
            needs.append(_("assets stay high until %(day)s") % {"day": formats.day(reached)})
    if answer.registered_at is not None:
        tenure = day_of(answer.registered_at) + timedelta(days=policy.mature_tenure_days)
        if tenure > answer.day:
            needs.append(_("is registered until %(day)s") % {"day": formats.day(tenure)})
    return Distance(Stage.MATURITY, needs)


def _to_decline(answer: Answer, policy: Policy) -> Distance:
    needs = []
    if answer.active_on is not None:
        until = answer.active_on + timedelta(days=policy.idle_days)
        needs.append(_("no login and no trade until %(day)s") % {"day": formats.day(until)})
    if answer.peak_aum >= policy.fall_floor:
        limit = {"limit": formats.money(_fallen(answer, policy))}
        needs.append(_("assets fall to %(limit)s or less") % limit)
    needs.append(_("asks to close the account"))
    return Distance(Stage.DECLINE, needs, all_of=False)


def _out_of_decline(answer: Answer, policy: Policy) -> list[str]:
    needs = []
    if answer.rules & bits.IDLE:
        needs.append(_("trades") if answer.aum <= policy.empty_aum else _("logs in or trades"))
    if answer.rules & bits.AUM_FALL:
        needs.append(_("assets rise above %(limit)s") % {"limit": formats.money(_fallen(answer, policy))})
    if answer.rules & bits.CLOSING and answer.closing_at is not None:
        ends = day_of(answer.closing_at) + timedelta(days=policy.signal_days)
        needs.append(_("buys, or the closing request lapses on %(day)s") % {"day": formats.day(ends)})
    return needs


def _fallen(answer: Answer, policy: Policy) -> Decimal:
    """The assets at which a fall from the present peak counts as decline."""
    return (answer.peak_aum * (1 - policy.fall_share)).quantize(CENT, ROUND_DOWN)
