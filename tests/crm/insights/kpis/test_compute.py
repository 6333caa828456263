"""Counting months: the same rows however often, whole days, what is missing; a failed run leaves the old."""

import json
import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from crm.insights.kpis import compute as computing
from crm.insights.kpis.compute import compute, compute_cohorts, is_behind, refresh
from crm.insights.kpis.definition import Group
from crm.insights.kpis.registry import BY_CODE, KPIS
from crm.insights.models import KpiValue
from crm.insights.tasks import KPIS_JOB, aggregate_counts, catch_up_kpis, count_kpis
from crm.runtime.models import JobRun
from members.lifecycle.models import StageCount
from tests.crm.cast import NOW
from tests.crm.insights.people import FEBRUARY, LAST, channel, client, counted, person, policy, spend

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _policy(settings):
    settings.BUSINESS_NOW = NOW.isoformat()
    policy()


def stored() -> list[tuple]:
    fields = ("kpi", "month", "through", "scope", "scope_id", "numerator", "denominator", "definition")
    return sorted(KpiValue.objects.values_list(*fields))


def test_every_kpi_of_the_design_is_registered_once_with_all_its_words():
    groups = {group: [kpi.code for kpi in KPIS if kpi.group == group] for group in Group}
    assert {group: len(codes) for group, codes in groups.items()} == {
        "money": 9,
        "acquisition": 6,
        "activation": 3,
        "growth": 5,
        "maturity": 5,
        "decline": 7,
        "review": 5,
    }
    assert len(BY_CODE) == len(KPIS) == 40
    for kpi in KPIS:
        assert kpi.name and kpi.definition and kpi.numerator and kpi.denominator and kpi.department.label
        assert bool(kpi.sql) is not bool(kpi.waiting)
        assert all(re.search(rf"(FROM|JOIN) {name}\b", kpi.sql) for name in kpi.reads if kpi.sql)


def test_counting_again_leaves_the_same_rows():
    client(), person(registered=NOW - timedelta(days=20))
    spend(channel("search"), date(2026, 2, 2), "10")
    compute(last_day=LAST, now=NOW), compute_cohorts(last_day=LAST, now=NOW)
    first = stored()
    compute(last_day=LAST, now=NOW + timedelta(hours=1)), compute_cohorts(last_day=LAST, now=NOW)
    assert stored() == first
    assert {row[1] for row in first if not row[0].startswith("cohort.")} == {FEBRUARY}


def test_a_run_that_fails_half_way_leaves_the_values_of_before():
    client("100")
    assert counted("aum_per_client") == (100, 1)
    before = stored()
    client("300")
    broken = replace(BY_CODE["churn_rate"], code="there_is_no_such_file")
    with pytest.raises(FileNotFoundError):
        compute(last_day=LAST, now=NOW, kpis=[*KPIS, broken])
    assert stored() == before
    assert counted("aum_per_client") == (400, 2)


def test_a_refresh_counts_this_month_the_last_one_and_what_is_missing_or_was_defined_otherwise():
    client()
    asked = []
    assert refresh(now=NOW, progress=lambda done, total: asked.append((done, total))) == 13
    assert asked[-1] == (13, 13)
    assert set(
        KpiValue.objects.filter(kpi="retention").values_list("month", "through").order_by("month")
    ) >= {
        (date(2026, 3, 1), date(2026, 3, 15)),
        (date(2026, 2, 1), date(2026, 2, 28)),
        (date(2025, 3, 1), date(2025, 3, 31)),
    }
    assert refresh(now=NOW) == 2
    KpiValue.objects.filter(month=date(2025, 8, 1), kpi="retention").update(definition="of before")
    KpiValue.objects.filter(month=date(2025, 7, 1), kpi="vip_share").delete()
    assert refresh(now=NOW) == 4
    assert not KpiValue.objects.filter(definition="of before").exists()


def test_on_the_first_of_a_month_the_month_before_is_counted_to_its_end():
    client()
    refresh(now=datetime(2026, 3, 1, 0, 30, tzinfo=ZoneInfo("Asia/Shanghai")))
    assert not KpiValue.objects.filter(month=date(2026, 3, 1)).exists()
    assert set(KpiValue.objects.filter(month=FEBRUARY).values_list("through", flat=True)) == {LAST}


def test_a_night_without_a_worker_is_caught_up_with_once_it_is_over():
    at = partial(datetime, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert is_behind(now=at(2026, 3, 5, 12))
    refresh(now=at(2026, 3, 5, 12))
    assert not is_behind(now=at(2026, 3, 6, 4, 59)), "the night's own count is still to come"
    assert is_behind(now=at(2026, 3, 6, 5))
    refresh(now=at(2026, 4, 1, 6))
    assert not is_behind(now=at(2026, 4, 1, 23))
    assert is_behind(now=at(2026, 4, 2, 5, 1)), "a month of which nothing is counted yet"


@pytest.mark.parametrize(
    ("zone", "registrations"), [("Asia/Shanghai", 1), ("UTC", 2), ("America/New_York", 0)]
)
def test_days_are_those_of_the_platform_s_zone(settings, zone, registrations):
    settings.BUSINESS_TIME_ZONE = zone
    person(registered=datetime(2026, 2, 28, 15, 0, tzinfo=ZoneInfo("UTC")))
    person(registered=datetime(2026, 2, 28, 16, 0, tzinfo=ZoneInfo("UTC")))
    if zone == "America/New_York":
        person(registered=datetime(2026, 2, 1, 4, 59, tzinfo=ZoneInfo("UTC")))
    _, registered = counted("cost_per_registration")
    assert registered == registrations or (zone, registered) == ("America/New_York", 2)


@pytest.mark.django_db(transaction=True)
def test_the_command_and_the_tasks_count_and_leave_a_run_behind(capsys):
    client("100")
    call_command("kpis", "--day", "2026-02-10", "--json")
    told = json.loads(capsys.readouterr().out)
    assert (told["month"], told["through"], told["months"]) == ("2026-02-01", "2026-02-10", 1)
    found = {kpi["kpi"]: kpi for kpi in told["kpis"]}
    assert found["aum_per_client"]["value"] == 100
    assert found["win_back_success_rate"]["value"] is None
    assert "outreach" in found["win_back_success_rate"]["waits_for"]
    for wrong in ("2026-03-16", "x"):
        with pytest.raises(CommandError):
            call_command("kpis", "--day", wrong)
    count_kpis()
    assert KpiValue.objects.filter(kpi="cohort.invested").exists()
    runs = JobRun.objects.filter(name=KPIS_JOB, state="succeeded").order_by("id")
    assert [(run.caller, run.detail) for run in runs] == [
        ("command", {"months": 1}),
        ("beat", {"months": 13}),
    ]
    catch_up_kpis()
    assert runs.count() == 2, "nothing was left to catch up with"
    call_command("kpis")
    assert "aum_per_client               100.0000  (100.00 / 1.00)" in capsys.readouterr().out
    aggregate_counts()
    assert StageCount.objects.get().is_total


@pytest.mark.parametrize(
    "wrong",
    [
        {"month": date(2026, 2, 2)},
        {"through": date(2026, 1, 31)},
        {"scope": "all", "scope_id": 3},
        {"scope": "team", "scope_id": 0},
        {"scope": "city", "scope_id": 3},
        {"denominator": -1},
    ],
)
def test_the_database_refuses_values_that_cannot_be(wrong):
    values = {
        "kpi": "x",
        "month": FEBRUARY,
        "through": LAST,
        "scope": "all",
        "numerator": 1,
        "denominator": 2,
        "definition": "",
        "computed_at": NOW,
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        KpiValue.objects.create(**values | wrong)


def test_months_kept_are_those_the_pages_show():
    from crm.insights.kpis.values import SHOWN_MONTHS

    assert computing.KEPT_MONTHS >= SHOWN_MONTHS
