"""Uses of benefits keep within the quota, whoever records them, and can be undone for a day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connection, transaction

from crm.staff.models import Role
from members.loyalty.benefits.quota import use
from members.loyalty.benefits.quota.available import available_benefits
from members.loyalty.models import BenefitUse
from members.profiles.models import Member
from tests.crm.cast import NOW, member, staff_of
from tests.members.loyalty.benefits.town import benefit, family, used

pytestmark = pytest.mark.django_db


def left(who, what, at=NOW):
    return available_benefits(who.pk, at, what.pk)[0].left


def refused(code, **given):
    with pytest.raises(use.UseRefused) as error:
        used(**given)
    assert error.value.code == code


def test_a_use_counts_against_the_quota_until_it_is_used_up():
    who, what = member(), benefit(quotas={"basic": 2})
    one = used(who, what, "one")
    assert (one.cost, one.tier.code, left(who, what)) == (Decimal("180.00"), "basic", 1)
    used(who, what, "two")
    refused("benefit_used_up", who=who, what=what, key="three")
    assert BenefitUse.objects.count() == 2


def test_the_same_key_adds_nothing_and_another_content_under_it_is_refused():
    who, what = member(), benefit(quotas={"basic": 2})
    first = used(who, what, "one", reference="B-1")
    assert used(who, what, "one", reference="B-1").pk == first.pk
    assert left(who, what) == 1
    refused("benefit_key_used", who=who, what=what, key="one", reference="B-2")
    other = benefit("clinic")
    refused("benefit_key_used", who=who, what=other, key="one", reference="B-1")


def test_a_system_outside_records_by_key_too():
    who, what = member(), benefit()
    given = {"member_id": who.pk, "benefit_id": what.pk, "key": "app 7", "source": "app"}
    first = use.record(**given, now=NOW)
    assert use.record(**given, now=NOW + timedelta(minutes=3)).pk == first.pk
    assert (first.recorded_by, first.source) == (None, "app")
    with pytest.raises(ValueError, match="somebody"):
        use.record(**given | {"source": ""}, now=NOW)


def test_undoing_gives_the_quota_back_and_says_who_and_when():
    who, what = member(), benefit(quotas={"basic": 1})
    staff, one = staff_of(Role.CUSTOMER_SERVICE), used(who, what, "one")
    later = NOW + timedelta(hours=24)
    use.undo(member_id=who.pk, use_id=one.id, staff=staff, now=later)
    one.refresh_from_db()
    assert (one.undone_at, one.undone_by, left(who, what)) == (later, staff, 1)
    with pytest.raises(use.UseRefused, match="already_undone"):
        use.undo(member_id=who.pk, use_id=one.id, staff=staff, now=later)
    used(who, what, "two")


def test_a_day_later_it_stays():
    who, what = member(), benefit()
    one, staff = used(who, what, "one"), staff_of(Role.CUSTOMER_SERVICE)
    late = NOW + timedelta(hours=24, seconds=1)
    with pytest.raises(use.UseRefused, match="undo_too_late"):
        use.undo(member_id=who.pk, use_id=one.id, staff=staff, now=late)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        BenefitUse.objects.filter(member=who, id=one.id).update(undone_at=late, undone_by=staff)


@pytest.mark.parametrize(
    "change", [{"cost": 1}, {"reference": "x"}, {"key": "x"}, {"at": NOW - timedelta(1)}]
)
def test_what_was_recorded_cannot_be_altered(change):
    who, what = member(), benefit()
    used(who, what, "one")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        BenefitUse.objects.update(**change)


@pytest.mark.parametrize("verb", ["DELETE FROM loyalty_benefituse", "TRUNCATE loyalty_benefituse"])
def test_the_application_cannot_take_uses_away(verb):
    used(member(), benefit(), "one")
    with (
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(verb)


def test_direct_sql_keeps_within_the_quota_too_and_cannot_choose_cost_or_day():
    who, what = member(), benefit(quotas={"basic": 1})
    insert = """INSERT INTO loyalty_benefituse
        (member_id, benefit_id, version_id, tier_id, at, day, cost, key, recorded_at, source)
        VALUES (%s, %s, 0, 0, %s, '2020-01-01', 0, %s, %s, 'sql')"""
    with connection.cursor() as cursor:
        cursor.execute(insert, [who.pk, what.pk, NOW, "one", NOW])
        row = BenefitUse.objects.get()
        assert (row.cost, str(row.day), row.tier.code) == (Decimal("180.00"), "2026-03-16", "basic")
        with pytest.raises(IntegrityError, match="used up"), transaction.atomic():
            cursor.execute(insert, [who.pk, what.pk, NOW, "two", NOW])


def test_periods_end_with_the_platforms_days():
    """31 March 16:00 UTC is 1 April in Shanghai: another month and another quarter."""
    last, first = datetime(2026, 3, 31, 15, 59, tzinfo=UTC), datetime(2026, 3, 31, 16, 0, tzinfo=UTC)
    who = member()
    for period in ("month", "quarter"):
        what = benefit(f"by_{period}", period=period, quotas={"basic": 1})
        used(who, what, f"{period} last", at=last)
        refused("benefit_used_up", who=who, what=what, key=f"{period} again", at=last)
        used(who, what, f"{period} first", at=first)
    yearly = benefit("by_year", period="year", quotas={"basic": 1})
    used(who, yearly, "year", at=last)
    refused("benefit_used_up", who=who, what=yearly, key="year again", at=first)
    used(who, yearly, "next year", at=datetime(2026, 12, 31, 16, 0, tzinfo=UTC))


@pytest.mark.parametrize(
    ("period", "days"),
    [("month", ("2026-02-01", "2026-02-28")), ("quarter", ("2026-01-01", "2026-03-31")),
     ("year", ("2026-01-01", "2026-12-31"))],
)  # fmt: skip
def test_a_period_is_told_by_its_days(period, days):
    at = datetime(2026, 2, 10, tzinfo=UTC)
    who, what = member(), benefit(period=period, now=at)
    found = available_benefits(who.pk, at, what.pk)[0]
    assert (str(found.period_start), str(found.last_day)) == days


def test_a_use_is_recorded_neither_ahead_nor_long_after():
    who, what = member(), benefit()
    refused("benefit_in_the_future", who=who, what=what, key="a", at=NOW + timedelta(seconds=1), now=NOW)
    refused("benefit_recorded_too_late", who=who, what=what, key="a", at=NOW - timedelta(days=32), now=NOW)


def test_a_benefit_is_there_between_its_days_only():
    who = member()
    what = benefit(valid_from="2026-03-17", valid_until="2026-03-18")
    assert [bool(available_benefits(who.pk, NOW + timedelta(days=n), what.pk)) for n in range(4)] == [
        False, True, True, False,
    ]  # fmt: skip


def test_a_household_shares_one_quota_and_sees_whose_uses_they_are():
    wife, husband, other = member("王一"), member("王二"), member("李三")
    what = benefit(quotas={"basic": 2}, is_shared=True)
    home = family(wife, husband)
    used(wife, what, "one")
    used(husband, what, "two")
    refused("benefit_used_up", who=wife, what=what, key="three")
    found = available_benefits(wife.pk, NOW, what.pk)[0]
    assert (found.used, found.used_by_member, found.household_id) == (2, 1, home.pk)
    assert left(other, what) == 2


def test_moving_to_another_household_gives_no_second_quota():
    """Uses stay with the household they were drawn from, and go with the member who made them."""
    wife, husband = member("王一"), member("王二")
    what = benefit(quotas={"basic": 2}, is_shared=True)
    family(wife, husband)
    used(wife, what, "one")
    used(wife, what, "two")
    Member.objects.filter(pk=wife.pk).update(household=None)
    assert (left(wife, what), left(husband, what)) == (0, 0)
    family(wife, member("赵四"), name="赵家")
    assert left(wife, what) == 0
    assert left(Member.objects.get(name="赵四"), what) == 2


def test_only_who_may_record_and_sees_the_member_records():
    manager, analyst = staff_of(Role.RELATIONSHIP_MANAGER), staff_of(Role.ANALYST)
    who, what = member(), benefit()
    for staff in (manager, analyst):
        with pytest.raises(PermissionDenied):
            used(who, what, "one", staff=staff)
    used(member("李四", manager=manager), what, "one", staff=manager)
