"""Hand-made members, spend and trades, by the platform's own days; February 2026 is the month counted."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from itertools import count
from zoneinfo import ZoneInfo

from crm.insights.kpis.compute import compute
from crm.insights.models import KpiValue
from members.lifecycle.models import Policy, Standing
from members.loyalty.models import IncentiveVersion, QuestProgress
from members.portfolio.models import Category, Product, Transaction, Valuation
from members.profiles.models import Channel, ChannelSpend, Event, Member, Touch
from tests.crm.cast import NOW
from tests.members.loyalty.incentives.worlds import approved, did, quest_draft, step

SHANGHAI = ZoneInfo("Asia/Shanghai")
FEBRUARY, LAST = date(2026, 2, 1), date(2026, 2, 28)
_serial = count(1)


def at(month: int, day: int, hour: int = 12, minute: int = 0, *, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


def person(
    known: datetime | None = None,
    registered: datetime | None = None,
    invested: datetime | None = None,
    *,
    channel: Channel | None = None,
    referrer: Member | None = None,
    **standing,
) -> Member:
    """Somebody as import and stage engine leave them."""
    row = Member.objects.create(
        known_at=known or registered or at(1, 1, year=2020),
        registered_at=registered,
        channel=channel,
        referrer=referrer,
        updated_at=NOW,
    )
    stage = "growth" if invested else "activation" if registered else "acquisition"
    facts = {
        "stage": stage,
        "first_invested_at": invested,
        "evaluated_at": NOW,
        "policy_version": 1,
    } | standing
    Standing.objects.update_or_create(member=row, defaults=facts)
    return row


def client(aum: str = "50000", **fields) -> Member:
    """Somebody who holds assets since last year."""
    row = person(None, at(6, 1, year=2025), at(6, 2, year=2025), **fields)
    Valuation.objects.create(member=row, date=date(2025, 6, 2), aum=Decimal(aum))
    return row


def trade(
    row: Member,
    when: datetime,
    amount: str = "100",
    kind: str = "buy",
    product: Product | None = None,
    **more,
) -> None:
    Transaction.objects.create(
        member=row, id=str(next(_serial)), at=when, kind=kind, amount=Decimal(amount), product=product, **more
    )


def login(row: Member, when: datetime) -> None:
    Event.objects.create(member=row, id=str(next(_serial)), at=when, name="login")


def visit(on: Channel, when: datetime, visitor: str = "") -> None:
    """A touch of somebody who left no name."""
    Touch.objects.create(id=f"T{next(_serial)}", at=when, channel=on, visitor_id=visitor)


def channel(code: str) -> Channel:
    return Channel.objects.create(code=code, name=code.title())


def spend(on: Channel, day: date, amount: str) -> None:
    ChannelSpend.objects.create(channel=on, date=day, amount=Decimal(amount))


def product(category: str) -> Product:
    known, _ = Category.objects.get_or_create(code=category, defaults={"name": category})
    number = next(_serial)
    return Product.objects.create(code=f"P{number}", name=f"Product {number}", category=known, risk="R1")


def policy() -> None:
    Policy.objects.get_or_create(version=1, defaults={"effective_from": at(1, 1, year=1990)})


def counted(code: str, scope: str = "all", scope_id: int = 0) -> tuple[Decimal, Decimal] | None:
    """(numerator, denominator) of a KPI in February, counted anew."""
    compute(last_day=LAST, now=NOW)
    row = KpiValue.objects.filter(kpi=code, month=FEBRUARY, scope=scope, scope_id=scope_id).first()
    return (row.numerator, row.denominator) if row else None


def newcomer_quest(code: str = "newcomer") -> IncentiveVersion:
    """A quest as an approval leaves it."""
    lesson = step(did("lesson"))
    return approved(quest_draft(lesson, rule={"field": "registered_at", "op": "present"}, code=code))


def on_quest(
    row: Member,
    version: IncentiveVersion,
    started: datetime,
    ends: datetime | None,
    completed: datetime | None,
    gone: datetime | None = None,
) -> QuestProgress:
    """Somebody on a quest, as the engine leaves it; `gone`: superseded then."""
    return QuestProgress.objects.create(
        member=row,
        incentive=version.incentive,
        version=version,
        started_at=started,
        ends_at=ends,
        completed_at=completed,
        recorded_at=NOW,
        superseded_at=gone,
        reason="corrected" if gone else "",
    )
