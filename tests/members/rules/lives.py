"""Members and rules about them, drawn by Hypothesis, and put into the tables.

Days crowd about the end of February and of the month, times about the platform's midnight.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from hypothesis import strategies as st

from members.portfolio.models import Transaction, Valuation
from members.profiles.models import Event, Member, Preference, RiskAssessment
from members.rules.catalogue.types import Type
from members.rules.language.operators import NUMBERS, OPERATORS, PASSED
from tests.members.rules.oracle import Life

ZONES = ("Asia/Shanghai", "UTC", "America/New_York", "Pacific/Auckland")
START, DAYS = date(2024, 2, 22), 18
TIMES = (time(0, 0), time(0, 0, 0, 1), time(1, 30), time(12, 0), time(23, 59, 59, 999999))
TEXTS = ("上海", "上海市", "北京", "O'Brien %s", "a")
AMOUNTS = (Decimal(0), Decimal("0.01"), Decimal(70), Decimal(100), Decimal(150))
days = st.integers(0, DAYS).map(lambda n: START + timedelta(n))


def instants(zone: ZoneInfo) -> st.SearchStrategy[datetime]:
    return st.builds(
        lambda day, clock: datetime.combine(day, clock, zone).astimezone(UTC), days, st.sampled_from(TIMES)
    )


def lives(zone: ZoneInfo) -> st.SearchStrategy[Life]:
    at, maybe = instants(zone), st.none()
    early = datetime.combine(START - timedelta(2), time(), UTC)
    known = st.sampled_from([early, early, early, datetime.combine(START + timedelta(8), time(), UTC)])

    @st.composite
    def draw_life(draw: st.DrawFn) -> Life:
        known_at = draw(known)
        registered = draw(maybe | at)
        properties = st.fixed_dictionaries(
            {}, optional={"page": st.sampled_from([*TEXTS, 3, True]), "n": st.integers(0, 3)}
        )
        names = st.sampled_from(("login", "page"))
        event = st.tuples(at, st.fixed_dictionaries({"name": names, "properties": maybe | properties}))
        trade = st.tuples(
            at,
            st.fixed_dictionaries({"amount": st.sampled_from(AMOUNTS[1:]), "matures_on": maybe | days}),
        )
        assessed = draw(maybe | days)
        return Life(
            {
                "known_at": known_at,
                "registered_at": None if registered is None else max(known_at, registered),
                "region": draw(st.sampled_from(("", *TEXTS))),
                "birth_date": draw(maybe | days),
                "updated_at": draw(at),
                "risk_assessed_on": assessed,
                "risk_class": assessed and draw(st.sampled_from(("C1", "C4"))),
                "tags": draw(st.lists(st.sampled_from(TEXTS), max_size=2, unique=True)),
                "horizon": draw(maybe | st.sampled_from((0, 30, 365))),
            },
            draw(st.lists(event, max_size=4)),
            draw(st.lists(trade, max_size=4)),
            draw(st.lists(days, max_size=2, unique=True)),
            draw(st.dictionaries(days, st.sampled_from(AMOUNTS), max_size=4)),
        )

    return draw_life()


def put(all_lives: list[Life]) -> list[int]:
    """Store them; their ids in the same order."""
    members = [{key: value for key, value in life.values.items() if key != "horizon"} for life in all_lives]
    ids = [one.pk for one in Member.objects.bulk_create(Member(**values) for values in members)]
    rows: list[Any] = []
    for pk, life in zip(ids, all_lives, strict=True):
        if life.values["horizon"] is not None:
            rows.append(Preference(member_id=pk, horizon_days=life.values["horizon"]))
        rows += [Event(member_id=pk, id=str(n), at=at, **row) for n, (at, row) in enumerate(life.events)]
        rows += [
            Transaction(member_id=pk, id=str(n), at=at, kind="buy", **row)
            for n, (at, row) in enumerate(life.trades)
        ]
        rows += [RiskAssessment(member_id=pk, assessed_on=day, risk_class="C1") for day in life.assessments]
        rows += [Valuation(member_id=pk, date=day, aum=aum) for day, aum in life.valuations.items()]
    for model in {type(row) for row in rows}:
        model.objects.bulk_create([row for row in rows if type(row) is model])
    return ids


def set_zone(name: str) -> None:
    """Let the connection know the platform's time zone, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('perennial.zone', %s, true)", [name])


texts = st.sampled_from(TEXTS)
spans = st.sampled_from([{"days": n} for n in (0, 1, 2, 5, 8)])
hours = st.sampled_from([{"hours": n} for n in (1, 23, 24, 48)])
isos = days.map(date.isoformat)
CHOICES = {"t_class": st.sampled_from(("C1", "C4", "C5"))}
FIELD_TYPES = {
    "t_region": Type.TEXT, "t_class": Type.CHOICE, "t_registered": Type.INSTANT, "t_born": Type.DAY,
    "t_touched": Type.INSTANT, "t_assessed": Type.DAY, "t_tags": Type.SET, "t_registered_at_all": Type.FLAG,
    "t_horizon": Type.NUMBER,
}  # fmt: skip
HISTORY = ("t_region", "t_class", "t_registered", "t_born", "t_tags", "t_registered_at_all", "t_horizon")


def value_of(type: Type, shape: str, texts: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    numbers = st.sampled_from((0, 1, 2, 30, 100, 365))
    return {
        "number": numbers,
        "numbers": st.lists(numbers, min_size=2, max_size=2).map(sorted),
        "text": texts,
        "texts": st.lists(texts, min_size=1, max_size=3),
        "day": isos,
        "days": st.lists(isos, min_size=2, max_size=2).map(sorted),
        "span": spans | hours if type is Type.INSTANT else spans,
        "flag": st.booleans(),
    }[shape]


@st.composite
def compared(draw: st.DrawFn, operators: dict[str, Any], type: Type, texts: Any = texts) -> dict:
    operator = draw(st.sampled_from(sorted(operators)))
    if operators[operator] == "none":
        return {"op": operator}
    return {"op": operator, "value": draw(value_of(type, operators[operator], texts))}


@st.composite
def field_conditions(draw: st.DrawFn, names: tuple[str, ...]) -> dict[str, Any]:
    name = draw(st.sampled_from(names))
    type = FIELD_TYPES[name]
    return {"field": name, **draw(compared(OPERATORS[type], type, CHOICES.get(name, st.sampled_from(TEXTS))))}


@st.composite
def did_conditions(draw: st.DrawFn) -> dict[str, Any]:
    did = draw(st.sampled_from(("t_event", "t_trade", "t_assessment")))
    type = Type.DAY if did == "t_assessment" else Type.INSTANT
    where: list[Any] = []
    if did == "t_event" and draw(st.booleans()):
        where.append({"property": "name", "op": "=", "value": "login"})
    if did == "t_event" and draw(st.booleans()):
        where.append(
            draw(
                st.sampled_from(
                    [
                        {"property": "properties.page", "op": "starts_with", "value": "上海"},
                        {"property": "properties.page", "op": "missing"},
                        {"property": "properties.page", "op": "=", "value": True},
                        {"property": "properties.page", "op": "!=", "value": True},
                        {"property": "properties.page", "op": "!=", "value": False},
                        {"property": "properties.page", "op": "contains", "value": "海"},
                        {"property": "properties.page", "op": "not_in", "value": ["上海", "3"]},
                        {"property": "properties.n", "op": "between", "value": [1, 2]},
                        {"property": "properties.n", "op": ">=", "value": 2},
                        {"property": "properties.n", "op": "!=", "value": 1},
                    ]
                )
            )
        )
    if did == "t_trade" and draw(st.booleans()):
        where.append({"property": "matures_on", **draw(compared(OPERATORS[Type.DAY], Type.DAY))})
    found: dict[str, Any] = {"did": did, **({"where": where} if where else {})}
    period = draw(st.sampled_from(("", "within_last", "since", "before", "between")))
    if period:
        shape = {"within_last": "span", "between": "days"}.get(period, "day")
        found["period"] = {period: draw(value_of(type, shape, st.nothing()))}
    measure = draw(st.sampled_from(("", "times", "never", "first", "last", "sum")))
    if measure == "never":
        found["never"] = True
    elif measure == "times":
        found["times"] = draw(compared(NUMBERS, Type.NUMBER))
    elif measure == "sum" and did == "t_trade":
        found["sum"] = {"property": "amount", **draw(compared(NUMBERS, Type.MONEY))}
    elif measure in ("first", "last"):
        found[measure] = draw(compared(PASSED, type))
    return found


changes = st.builds(
    lambda direction, by, within: {
        "change": "t_assets", "direction": direction, "by": by, "within": {"days": within},
    },
    st.sampled_from(("fell", "rose")),
    st.sampled_from(({"share": "0.3"}, {"share": 1}, {"amount": 30})),
    st.sampled_from((1, 2, 5)),
)  # fmt: skip


def rules(names: tuple[str, ...] = tuple(FIELD_TYPES)) -> st.SearchStrategy[dict[str, Any]]:
    """Conditions, and groups of them."""
    return st.recursive(
        field_conditions(names) | did_conditions() | changes,
        lambda inner: st.one_of(
            st.lists(inner, min_size=1, max_size=3).map(lambda found: {"all": found}),
            st.lists(inner, min_size=1, max_size=3).map(lambda found: {"any": found}),
            inner.map(lambda one: {"not": one}),
        ),
        max_leaves=5,
    )
