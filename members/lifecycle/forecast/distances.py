"""How far a member is from each neighbouring stage: what would have to happen, in words and figures."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal

from django.utils.translation import gettext as _

from crm.runtime.clock import day_of
from crm.web import formats
from members.lifecycle.evaluation import bits
from members.lifecycle.evaluation.answer import Answer
from members.lifecycle.models import Policy, Stage

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Need:
    """One thing that would have to happen. `done` is the share of the way covered (0 to 1), `so_far` the
    same in figures; both are empty where the thing happens or does not.
    """

    words: str
    done: float | None = None
    so_far: str = ""

    def __str__(self) -> str:
        return self.words


@dataclass(frozen=True)
class Distance:
    """A stage next to the member's, and what leads there: every need has to be met (`all_of`), or any."""

    stage: str
    needs: list[Need] = field(default_factory=list)
    all_of: bool = True


def distances(answer: Answer, policy: Policy) -> list[Distance]:
    """The neighbouring stages of an answer under its policy; none for somebody not known yet."""
    if answer.stage == Stage.ACQUISITION:
        return [Distance(Stage.ACTIVATION, [Need(_("registers"))])]
    if answer.stage == Stage.ACTIVATION:
        return [Distance(Stage.GROWTH, [Need(_("makes a first investment"))])]
    if answer.stage == Stage.GROWTH:
        return [_to_maturity(answer, policy), _to_decline(answer, policy)]
    if answer.stage == Stage.MATURITY:
        words = _("assets fall below %(limit)s") % {"limit": formats.money(policy.mature_aum)}
        fall = Need(words, _part(policy.mature_aum, answer.aum), _money_of(answer.aum, policy.mature_aum))
        return [Distance(Stage.GROWTH, [fall]), _to_decline(answer, policy)]
    if answer.stage == Stage.DECLINE:
        return [Distance(Stage.GROWTH, _out_of_decline(answer, policy)), _to_maturity(answer, policy)]
    return []


def _to_maturity(answer: Answer, policy: Policy) -> Distance:
    needs = [] if answer.stage != Stage.DECLINE else [Need(_("leaves decline"))]
    if answer.aum < policy.mature_aum:
        missing = {"missing": formats.money(policy.mature_aum - answer.aum)}
        done, so_far = _part(answer.aum, policy.mature_aum), _money_of(answer.aum, policy.mature_aum)
        needs.append(Need(_("assets rise by %(missing)s") % missing, done, so_far))
        needs.append(Need(_("they stay there for %(days)s") % {"days": formats.days(policy.mature_days)}))
    elif answer.steady_since is not None:
        reached = answer.steady_since + timedelta(days=policy.mature_days - 1)
        if reached > answer.day:
            words = _("assets stay high until %(day)s") % {"day": formats.day(reached)}
            needs.append(_days_passed(words, answer.steady_since, answer.day, policy.mature_days, first=1))
    if answer.registered_at is not None:
        registered = day_of(answer.registered_at)
        tenure = registered + timedelta(days=policy.mature_tenure_days)
        if tenure > answer.day:
            words = _("is registered until %(day)s") % {"day": formats.day(tenure)}
            needs.append(_days_passed(words, registered, answer.day, policy.mature_tenure_days))
    return Distance(Stage.MATURITY, needs)


def _to_decline(answer: Answer, policy: Policy) -> Distance:
    needs = []
    if answer.active_on is not None:
        until = answer.active_on + timedelta(days=policy.idle_days)
        words = _("no login and no trade until %(day)s") % {"day": formats.day(until)}
        needs.append(_days_passed(words, answer.active_on, answer.day, policy.idle_days))
    if answer.peak_aum >= policy.fall_floor:
        limit = _fallen(answer, policy)
        words = _("assets fall to %(limit)s or less") % {"limit": formats.money(limit)}
        done = _part(answer.peak_aum - answer.aum, answer.peak_aum - limit)
        needs.append(Need(words, done, _money_of(answer.aum, limit)))
    needs.append(Need(_("asks to close the account")))
    return Distance(Stage.DECLINE, needs, all_of=False)


def _out_of_decline(answer: Answer, policy: Policy) -> list[Need]:
    needs = []
    if answer.rules & bits.IDLE:
        needs.append(Need(_("trades") if answer.aum <= policy.empty_aum else _("logs in or trades")))
    if answer.rules & bits.AUM_FALL:
        limit = _fallen(answer, policy)
        words = _("assets rise above %(limit)s") % {"limit": formats.money(limit)}
        needs.append(Need(words, _part(answer.aum, limit), _money_of(answer.aum, limit)))
    if answer.rules & bits.CLOSING and answer.closing_at is not None:
        asked = day_of(answer.closing_at)
        day = {"day": formats.day(asked + timedelta(days=policy.signal_days))}
        if answer.aum <= policy.empty_aum:  # an emptied account stays left, however long ago that was
            needs.append(Need(_("buys")))
        else:
            words = _("buys, or the closing request lapses on %(day)s") % day
            needs.append(_days_passed(words, asked, answer.day, policy.signal_days))
    return needs


def _fallen(answer: Answer, policy: Policy) -> Decimal:
    """The assets at which a fall from the present peak counts as decline."""
    return (answer.peak_aum * (1 - policy.fall_share)).quantize(CENT, ROUND_DOWN)


def _part(value: Decimal | int, whole: Decimal | int) -> float:
    """The share of the way, between 0 and 1, to three places."""
    return round(min(max(float(value / whole), 0.0), 1.0), 3) if whole > 0 else 1.0


def _days_passed(words: str, since: date, today: date, needed: int, first: int = 0) -> Need:
    passed = (today - since).days + first
    facts = {"passed": formats.number(passed), "needed": formats.days(needed)}
    return Need(words, _part(passed, needed), _("%(passed)s of %(needed)s") % facts)


def _money_of(value: Decimal, limit: Decimal) -> str:
    return _("%(amount)s now, the limit is %(limit)s") % {
        "amount": formats.money(value),
        "limit": formats.money(limit),
    }
