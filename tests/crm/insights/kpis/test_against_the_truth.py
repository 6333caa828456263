"""The KPIs of a simulated world against what is known to have happened in it (docs/demo-world.md)."""

import json
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.db.models import Sum

from crm.demo.build import SOURCE
from crm.demo.staff import hire
from crm.demo.world.rows import KINDS
from crm.demo.world.simulate import simulate
from crm.imports.loading.load import import_file
from crm.insights.kpis.compute import compute, period
from crm.insights.kpis.registry import BY_CODE
from crm.insights.kpis.relations import for_everybody
from crm.insights.models import KpiValue
from members.lifecycle.recording.restage import restage
from members.profiles.models import Channel, Member
from tests.crm.demo.worlds import TODAY, rows

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 3, 18, 12, tzinfo=SHANGHAI)
MEMBERS = 400


def test_what_is_counted_is_what_happened(db, tmp_path):
    simulate(tmp_path, members=MEMBERS, today=TODAY)
    hire()
    for kind in KINDS:
        assert import_file(kind, tmp_path / f"{kind}.csv", source=SOURCE, now=NOW).rejected == 0
    restage(now=NOW)
    check_spend_and_first_investments(tmp_path)
    check_conversion_by_channel(tmp_path)
    check_assets(tmp_path)


def over_all_years(code: str) -> dict[int | None, tuple[int, int]]:
    """(numerator, denominator) by channel of a KPI over the whole world as one period."""
    values = period(TODAY - timedelta(days=1)) | {
        "first_day": date(2020, 1, 1),
        "start": datetime(2020, 1, 1, tzinfo=SHANGHAI),
    }
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT channel_id, sum(numerator), sum(denominator)"
            f" FROM ({for_everybody(BY_CODE[code].sql)}) AS c GROUP BY 1",
            values,
        )
        return {channel: (numerator, denominator) for channel, numerator, denominator in cursor.fetchall()}


def check_spend_and_first_investments(folder):
    """They are the world's own, member by member."""
    spent: dict[str, float] = {}
    for row in rows(folder, "spend"):
        if row["date"] < TODAY.isoformat():
            spent[row["channel"]] = spent.get(row["channel"], 0) + float(row["amount"])
    costs = over_all_years("cost_per_registration")
    codes = dict(Channel.objects.values_list("id", "code"))
    assert {codes[key]: round(float(value[0]), 2) for key, value in costs.items() if value[0]} == {
        code: round(amount, 2) for code, amount in spent.items() if amount
    }
    invested = {row["member_id"]: row["invested_on"] for row in rows(folder, "truth")}
    counted, known = over_all_years("first_investment_conversion"), {}
    edge = datetime(2026, 3, 18, tzinfo=SHANGHAI) - timedelta(days=30)
    people = Member.objects.filter(registered_at__lt=edge, identities__kind="member")
    people = people.values_list("identities__value", "channel_id", "registered_at")
    for outside, channel, registered in people:
        hits, all_ = known.get(channel, (0, 0))
        day = invested[outside]
        within = (
            bool(day)
            and date.fromisoformat(day) < (registered + timedelta(days=30)).astimezone(SHANGHAI).date()
        )
        known[channel] = (hits + within, all_ + 1)
    assert {key: value[1] for key, value in counted.items()} == {
        key: value[1] for key, value in known.items()
    }
    # The truth knows days, the KPI instants: who invested on the thirtieth day may be on either side.
    assert sum(value[0] for value in known.values()) <= sum(value[0] for value in counted.values())
    assert sum(value[0] for value in counted.values()) - sum(value[0] for value in known.values()) <= 3


def check_conversion_by_channel(folder):
    """It lies where the channel's hidden nature puts it, as far as chance allows."""
    truth = json.loads((folder / "truth.json").read_text())["channels"]
    codes = dict(Channel.objects.values_list("id", "code"))
    for key, (registered, leads) in over_all_years("lead_registration").items():
        nature = truth[codes[key]]["conversion"]
        spread = (nature * (1 - nature) / float(leads)) ** 0.5
        assert abs(float(registered / leads) - nature) < 3.5 * spread + 0.05, codes[key]


def check_assets(folder):
    """They are those at the end of the world, but for the last day."""
    compute(last_day=TODAY - timedelta(days=1), now=NOW, kpis=[BY_CODE["aum_per_client"]])
    row = KpiValue.objects.get(scope="all")
    held = [float(member["aum"]) for member in rows(folder, "truth") if float(member["aum"]) > 1]
    assert abs(int(row.denominator) - len(held)) <= max(2, len(held) // 50)
    assert float(row.numerator) == pytest.approx(sum(held), rel=0.05)
    books = KpiValue.objects.exclude(scope="all").aggregate(total=Sum("numerator"))
    assert not books["total"]
