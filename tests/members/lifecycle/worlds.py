"""Short dense histories, drawn by Hypothesis and put into the tables of facts.

Thresholds are a few days and amounts lie around the thresholds, so that much happens in a month;
instants crowd around the platform's midnights.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from tests.members.lifecycle import oracle

DAYS = 26  # length of a history
ZONES = (
    "Asia/Shanghai",
    "UTC",
    "America/New_York",
    "Europe/London",
    "Asia/Kolkata",
    "Pacific/Auckland",
)
# A leap day, the clock changes of New York, London and Auckland both ways, and the turn of a year.
STARTS = (
    date(2024, 2, 12),
    date(2024, 3, 1),
    date(2024, 3, 20),
    date(2023, 9, 15),
    date(2023, 10, 20),
    date(2023, 12, 20),
)
TIMES = (time(0, 0), time(0, 0, 0, 1), time(0, 30), time(12, 0), time(23, 30), time(23, 59, 59, 999999))
LEVELS = tuple(
    Decimal(cents) / 100
    for cents in (0, 1, 99, 100, 101, 5000, 6000, 7999, 8000, 9999, 10000, 12000, 15000)
    + (16000, 19999, 20000, 20001, 25000, 33333, 100000)
)
SHARES = tuple(Decimal(text) for text in ("0.2", "0.4", "0.25", "0.3333", "0.05"))
ACTS = (
    "buy",
    "buy",
    "redemption",
    "payout",
    "payout",
    "dividend",
    "fee",
    "login",
    "login",
    "page",
    "closing_request",
    "complaint",
    "new_normal",
)


@dataclass(frozen=True)
class Row:
    """One row of a table of facts: a valuation where `day` is given, otherwise something at an instant."""

    kind: str
    at: datetime | None = None
    day: date | None = None
    amount: Decimal = Decimal(0)
    matures_on: date | None = None  # of a buy
    closed_at: datetime | None = None  # of a complaint
    product: int | None = None  # of money that moved


@dataclass
class World:
    """Several members who live at the same time under the same policies."""

    zone: ZoneInfo
    start: date
    policies: list[oracle.Policy]
    members: list[Life] = field(default_factory=list)

    def at(self, day: int, clock: time) -> datetime:
        return datetime.combine(self.start + timedelta(day), clock, self.zone).astimezone(UTC)


@dataclass
class Life:
    known_at: datetime
    registered_at: datetime | None
    rows: dict[str, Row] = field(default_factory=dict)

    def facts(self) -> oracle.Facts:
        rows = list(self.rows.values())
        return oracle.Facts(
            known_at=self.known_at,
            registered_at=self.registered_at,
            transactions=[
                (row.at, row.kind, row.amount)
                for row in rows
                if row.at and row.kind in ("buy", "redemption", "payout", "dividend", "fee")
            ],
            valuations={row.day: row.amount for row in rows if row.day},
            complaints=[(row.at, row.closed_at) for row in rows if row.at and row.kind == "complaint"],
            terms=[(row.at, row.matures_on, row.product) for row in rows if row.at and row.matures_on],
            moves=[
                (row.at, row.product, row.amount if row.kind == "buy" else -row.amount)
                for row in rows
                if row.at and row.product and row.kind in ("buy", "redemption", "payout")
            ],
            normals=[row.at for row in rows if row.at and row.kind == "new_normal"],
            logins=[row.at for row in rows if row.at and row.kind == "login"],
            signals=[(row.at, row.kind) for row in rows if row.at and row.kind == "closing_request"],
        )


def policies(start: date, zone: ZoneInfo) -> st.SearchStrategy[list[oracle.Policy]]:
    """One to three versions; the first applies since long ago, the others come within the history."""

    @st.composite
    def draw_all(draw: st.DrawFn) -> list[oracle.Policy]:
        found = []
        for version in range(1, draw(st.integers(1, 3)) + 1):
            # Drawn one by one, so that a short example shrinks to the plainest policy.
            warn, idle, dormant = sorted(draw(st.integers(1, 12)) for _ in range(3))
            low, high = sorted(draw(st.sampled_from(SHARES)) for _ in range(2))
            came = datetime.combine(
                start + timedelta(draw(st.integers(0, DAYS))), draw(st.sampled_from(TIMES)), zone
            )
            found.append(
                oracle.Policy(
                    version=version,
                    effective_from=datetime(1990, 1, 1, tzinfo=UTC) if version == 1 else came.astimezone(UTC),
                    stalled_days=draw(st.integers(1, 5)),
                    warn_idle_days=warn,
                    payout_grace_days=draw(st.integers(0, 6)),
                    warn_term_days=draw(st.integers(1, 14)),
                    warn_floor=draw(st.sampled_from((Decimal(0), Decimal(1), Decimal(90), Decimal(150)))),
                    idle_days=idle,
                    dormant_days=dormant,
                    churned_days=draw(st.integers(0, 12)),
                    fall_window_days=draw(st.integers(1, 7)),
                    warn_fall_share=low,
                    fall_share=high,
                    fall_recovery_share=draw(st.sampled_from((*SHARES, Decimal("0.5"), Decimal(1)))),
                    fall_memory_days=draw(st.integers(1, 14)),
                    fall_floor=draw(st.sampled_from((Decimal(100), Decimal("0.01"), Decimal(150)))),
                    signal_days=draw(st.integers(1, 6)),
                    mature_aum=draw(st.sampled_from((Decimal(200), Decimal(80), Decimal(100)))),
                    mature_days=draw(st.integers(1, 6)),
                    mature_tenure_days=draw(st.integers(0, 10)),
                    empty_aum=draw(st.sampled_from((Decimal(1), Decimal(0), Decimal(60)))),
                )
            )
        return found

    return draw_all()


@st.composite
def instants(draw: st.DrawFn, start: date, zone: ZoneInfo, days: int = DAYS) -> datetime:
    day = start + timedelta(draw(st.integers(0, days)))
    return datetime.combine(day, draw(st.sampled_from(TIMES)), zone).astimezone(UTC)


@st.composite
def rows(draw: st.DrawFn, start: date, zone: ZoneInfo) -> Row:
    amount = draw(st.sampled_from(LEVELS))
    if draw(st.integers(0, 3)) == 0:
        return Row("valuation", day=start + timedelta(draw(st.integers(0, DAYS))), amount=amount)
    kind = draw(st.sampled_from(ACTS))
    at = draw(instants(start, zone))
    term = draw(st.sampled_from((None, None, 3, 9, 20))) if kind == "buy" else None
    matures_on = None if term is None else oracle.day_of(at, zone) + timedelta(term)
    closed_at = max(at, draw(instants(start, zone))) if kind == "complaint" and draw(st.booleans()) else None
    product = draw(st.sampled_from((None, 1, 1, 2))) if kind in ("buy", "redemption", "payout") else None
    return Row(kind, at, None, max(amount, Decimal("0.01")), matures_on, closed_at, product)


@st.composite
def lives(draw: st.DrawFn, start: date, zone: ZoneInfo, most: int = 9) -> Life:
    known = draw(instants(start, zone, days=DAYS // 2))
    after = draw(st.sampled_from((timedelta(0), timedelta(0), timedelta(days=1, hours=7), None)))
    life = Life(known, None if after is None else known + after)
    for number, row in enumerate(draw(st.lists(rows(start, zone), max_size=most))):
        life.rows[key(row, number)] = row
    return life


def key(row: Row, number: int) -> str:
    """What identifies the row for its member; of two valuations of a day the later drawn one stays."""
    return f"day {row.day}" if row.day else f"row {number}"


@st.composite
def worlds(draw: st.DrawFn, least: int = 6, most: int = 16) -> World:
    zone, start = ZoneInfo(draw(st.sampled_from(ZONES))), draw(st.sampled_from(STARTS))
    world = World(zone, start, draw(policies(start, zone)))
    world.members = draw(st.lists(lives(start, zone), min_size=least, max_size=most))
    return world
