"""The nightly run: its order, at month ends and in other zones."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from members.loyalty.models import PointsEntry
from members.loyalty.points.ledger.balance import Balance, get_balance
from members.loyalty.points.nightly import run_nightly
from tests.crm.cast import NOW, member
from tests.members.loyalty.points.worlds import give, programme

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_tiers_are_reviewed_on_what_was_earned_before_anything_lapses_and_again_after():
    points, who = programme(), member()
    give(points, who.pk, 100, days=10)
    give(points, who.pk, 40, pending=5)
    seen = []
    night = run_nightly(
        now=NOW + 10 * DAY, review=lambda at: seen.append((at, get_balance(points.pk, who.pk)))
    )
    assert seen == [(NOW + 10 * DAY, Balance(140)), (NOW + 10 * DAY, Balance(40))]
    assert (night.activated, night.lapsed) == (40, 100)
    assert run_nightly(now=NOW + 10 * DAY, review=lambda at: None).lapsed == 0


def test_a_run_that_comes_late_leaves_what_one_every_night_leaves():
    late, nightly, one, two = programme(), programme(), member(), member()
    for of, who in ((late, one), (nightly, two)):
        give(of, who.pk, 100, days=3)
        give(of, who.pk, 50, pending=1, days=2)
        give(of, who.pk, 30, pending=4)
    for days in range(1, 8):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT loyalty_settle(%s, ARRAY[%s]::bigint[], %s)", [nightly.pk, two.pk, NOW + days * DAY]
            )
    run_nightly(now=NOW + 7 * DAY, review=lambda at: None)

    def postings(who):
        rows = PointsEntry.objects.filter(member=who).order_by("at", "points")
        return list(rows.values_list("kind", "points", "at"))

    assert postings(one) == postings(two)


@pytest.mark.parametrize(
    ("zone", "start", "months", "lapses"),
    [
        ("Asia/Shanghai", datetime(2027, 1, 31, 3, tzinfo=UTC), 1, datetime(2027, 2, 28, 16, tzinfo=UTC)),
        (
            "Asia/Shanghai",
            datetime(2027, 1, 30, 15, 59, tzinfo=UTC),
            1,
            datetime(2027, 2, 28, 16, tzinfo=UTC),
        ),
        ("Asia/Shanghai", datetime(2027, 1, 31, 16, tzinfo=UTC), 1, datetime(2027, 3, 1, 16, tzinfo=UTC)),
        ("Asia/Shanghai", datetime(2028, 1, 31, 3, tzinfo=UTC), 1, datetime(2028, 2, 29, 16, tzinfo=UTC)),
        ("America/New_York", datetime(2027, 2, 1, 3, tzinfo=UTC), 1, datetime(2027, 3, 1, 5, tzinfo=UTC)),
        ("America/New_York", datetime(2027, 2, 14, 12, tzinfo=UTC), 1, datetime(2027, 3, 15, 4, tzinfo=UTC)),
        ("UTC", datetime(2027, 12, 31, 23, 59, tzinfo=UTC), 2, datetime(2028, 3, 1, tzinfo=UTC)),
    ],
)
def test_points_lapse_with_the_last_platform_day_of_their_term(zone, start, months, lapses):
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('perennial.zone', %s, true)", [zone])
        cursor.execute("SELECT loyalty_points_lapse(%s, 'rolling', %s, 0)", [start, months])
        assert cursor.fetchone()[0] == lapses


@pytest.mark.parametrize(("grace", "lapses"), [(0, (2027, 12, 31, 16)), (31, (2028, 1, 31, 16))])
def test_points_of_a_year_lapse_with_it_and_the_grace(grace, lapses):
    with connection.cursor() as cursor:
        for start in (datetime(2026, 12, 31, 16, tzinfo=UTC), datetime(2027, 12, 31, 15, tzinfo=UTC)):
            cursor.execute("SELECT loyalty_points_lapse(%s, 'year_end', 0, %s)", [start, grace])
            assert cursor.fetchone()[0] == datetime(*lapses, tzinfo=UTC)
