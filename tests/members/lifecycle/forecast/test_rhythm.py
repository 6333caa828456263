"""A silence is unusual against the member's own habit."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crm.runtime.database.prepared import fetch_prepared
from members.lifecycle.forecast.rhythm import LOGIN_RHYTHM, RHYTHM_VALUES, Silence, unusual_silence
from members.profiles.models import Event
from tests.crm.cast import NOW, member

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def silence_of(row, every: int, silent: int, count: int = 10, name: str = "login") -> Silence | None:
    last = NOW - silent * DAY
    Event.objects.bulk_create(
        Event(member=row, id=f"{name}{number}", at=last - number * every * DAY, name=name)
        for number in range(count)
    )
    values = {**RHYTHM_VALUES, "now": NOW, "member": row.pk}
    found = fetch_prepared(LOGIN_RHYTHM.format(member="%(member)s::bigint"), values)
    return unusual_silence(found[0][0] if found else None, NOW)


@pytest.mark.parametrize(
    ("every", "silent", "found"),
    [
        (3, 9, Silence(9, 3)),
        (3, 8, None),
        (1, 6, None),  # a week is nobody's business
        (1, 7, Silence(7, 1)),
        (10, 30, Silence(30, 10)),
        (10, 29, None),
    ],
)
def test_three_times_the_usual_is_unusual(every, silent, found):
    assert silence_of(member(), every, silent) == found


def test_who_has_no_habit_is_never_unusual():
    assert silence_of(member(), 3, 40, count=5) is None
    assert silence_of(member(), 3, 40, name="page") is None
    assert silence_of(member(), 3, 200) is None  # too long ago to be a habit
