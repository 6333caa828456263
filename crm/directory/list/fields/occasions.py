"""Occasions to call a member, each a filter and a column: maturity, assessment, complaint, missed debit.

A column of these is read for the members of a page only when it is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import BigIntegerField, Exists, ExpressionWrapper, F, Max, OuterRef, Q, Subquery
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.runtime.clock import day_of
from crm.web import formats
from members.portfolio.models import DEBITED_WITHIN, Every, SavingPlan, Transaction, TransactionKind
from members.portfolio.suitability import assessed_before, expires_on
from members.profiles.models import Complaint, Member

MOST_DAYS = 3660
Dates = Mapping[int, date]  # by member


@dataclass(frozen=True)
class Occasion:
    """One occasion: the filter `name`, and the column of the same name, which shows a day.

    `parse` raises ValueError; `condition` (of a value, now) is over Standing; `display` words a value; `read`
    gives the days for some members, in one query. `reads` names the fields behind it.
    """

    name: str
    label: str | Promise
    filter_label: str | Promise
    parse: Callable[[str], Any]
    condition: Callable[[Any, datetime], Q]
    display: Callable[[Any], str]
    read: Callable[[Sequence[int], datetime], Dates]
    reads: tuple[str, ...]


def parse_days(text: str, least: int = 1) -> int:
    """A number of days. Raises ValueError."""
    if not (text.isascii() and text.isdigit() and len(text) <= 4 and least <= int(text) <= MOST_DAYS):
        raise ValueError(text)
    return int(text)


def _days_or_none(text: str) -> int:
    return parse_days(text, least=0)


def _matures_within(days: int, now: datetime) -> Q:
    today = day_of(now)
    maturing = Transaction.objects.maturing(today, today + timedelta(days=days)).order_by()
    return Q(Exists(maturing.filter(member=OuterRef("member_id"))))


def _next_maturity(ids: Sequence[int], now: datetime) -> Dates:
    today = day_of(now)
    rows = Transaction.objects.filter(member__in=ids).maturing(today, today + timedelta(days=MOST_DAYS))
    found: dict[int, date] = {}
    for member_id, on in rows.values_list("member_id", "matures_on"):
        if on:
            found.setdefault(member_id, on)
    return found


def _assessment_ends_within(days: int, now: datetime) -> Q:
    return Q(member__risk_assessed_on__lte=assessed_before(day_of(now) + timedelta(days=days)))


def _assessment_ends(ids: Sequence[int], now: datetime) -> Dates:
    rows = Member.objects.filter(pk__in=ids).values_list("pk", "risk_assessed_on")
    return {pk: expires_on(on) for pk, on in rows if on}


def _within(days: int) -> str:
    return _("within %(days)s") % {"days": formats.days(days)} if days else _("ended")


def _open(text: str) -> str:
    if text != "open":
        raise ValueError(text)
    return text


def _has_open_complaint(_value: str, now: datetime) -> Q:
    return Q(Exists(Complaint.objects.open_at(now).order_by().filter(member=OuterRef("member_id"))))


def _open_complaints(ids: Sequence[int], now: datetime) -> Dates:
    """The day of the oldest open complaint."""
    rows = Complaint.objects.filter(member__in=ids).open_at(now).values_list("member_id", "received_at")
    found: dict[int, date] = {}
    for member_id, at in rows:
        found.setdefault(member_id, day_of(at))
    return found


def _has_missed_debit(_value: str, now: datetime) -> Q:
    return Q(Exists(SavingPlan.objects.missed(day_of(now)).filter(member=OuterRef("member_id"))))


def _missed_debits(ids: Sequence[int], now: datetime) -> Dates:
    """The day on which the debit was due that has been missing for longest."""
    own_product = ExpressionWrapper(OuterRef("product"), output_field=BigIntegerField())
    buys = Transaction.objects.filter(member=OuterRef("member_id"), kind=TransactionKind.BUY)
    buys = buys.annotate(of=own_product).filter(Q(of=None) | Q(product=F("of")))
    last = buys.order_by().values("member_id").annotate(last=Max("at")).values("last")
    plans = SavingPlan.objects.missed(day_of(now)).filter(member__in=ids).annotate(last=Subquery(last))
    found: dict[int, date] = {}
    for member_id, every, started_on, at in plans.values_list("member_id", "every", "started_on", "last"):
        after = max(day_of(at), started_on) if at else started_on
        due = after + timedelta(days=DEBITED_WITHIN[Every(every)])
        found[member_id] = min(due, found.get(member_id, due))
    return found


def _missed(text: str) -> str:
    if text != "missed":
        raise ValueError(text)
    return text


OCCASIONS = (
    Occasion(
        "matures", gettext_lazy("Product matures"), gettext_lazy("Product matures"), parse_days,
        _matures_within, _within, _next_maturity, ("Transaction.matures_on",),
    ),
    Occasion(
        "assessment", gettext_lazy("Assessment expires"), gettext_lazy("Assessment expires"), _days_or_none,
        _assessment_ends_within, _within, _assessment_ends, ("Member.risk_assessed_on",),
    ),
    Occasion(
        "complaint", gettext_lazy("Complaint open since"), gettext_lazy("Complaint"), _open,
        _has_open_complaint, lambda value: _("open"), _open_complaints, ("Complaint.received_at",),
    ),
    Occasion(
        "plan", gettext_lazy("Debit missed since"), gettext_lazy("Savings plan"), _missed,
        _has_missed_debit, lambda value: _("debit missed"), _missed_debits, ("SavingPlan.every",),
    ),
)  # fmt: skip
