"""A benefit changes by a request that a second person approves, having seen what it costs."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction

from crm.staff.four_eyes import requests
from crm.staff.models import Request, Role
from members.loyalty.benefits.quota import grant
from members.loyalty.benefits.quota.available import available_benefits
from members.loyalty.models import BenefitQuota, BenefitVersion, TierChange
from tests.crm.cast import NOW, approved_request, member, staff_of
from tests.members.loyalty.benefits.town import approve, benefit, family, programme, propose, used

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 16)


def quota(who, what, at=NOW):
    found = available_benefits(who.pk, at, what.pk)
    return (found[0].used, found[0].quota) if found else None


def in_tier(who, code, at):
    tiers = {tier.code: tier for tier in programme().tiers.all()}
    TierChange.objects.create(
        member=who, programme=programme(), to_tier=tiers[code], effective_at=at, recorded_at=at,
        reason="reached", policy_version=1, inputs={},
    )  # fmt: skip


def test_a_version_applies_from_its_day_on():
    who, what = member(), benefit(quotas={"basic": 2})
    benefit(quotas={"basic": 5}, day=TODAY + timedelta(days=3))
    assert [quota(who, what, NOW + timedelta(days=n)) for n in (2, 3)] == [(0, 2), (0, 5)]


def test_nothing_changes_until_it_is_approved_nor_by_its_maker():
    asked = propose()
    assert not BenefitVersion.objects.exists()
    with pytest.raises(requests.CannotDecide, match="own_request"):
        maker = asked.maker
        requests.approve(request_id=asked.pk, checker=maker, opinion="fine", now=NOW)
    approve(asked)
    assert BenefitVersion.objects.get().request_id == asked.pk


def test_of_two_proposals_on_one_base_the_second_is_returned():
    benefit()
    first, second = propose(quotas={"basic": 3}), propose(quotas={"basic": 4})
    approve(first)
    with pytest.raises(requests.BasisChanged, match="base_changed"):
        approve(second)
    assert Request.objects.get(pk=second.pk).state == "returned"


def test_a_proposal_that_waited_too_long_applies_from_its_approval():
    asked = propose()
    approve(asked, NOW + timedelta(days=2))
    assert BenefitVersion.objects.get().effective_from == TODAY + timedelta(days=2)


@pytest.mark.parametrize(
    ("given", "field"),
    [({"quotas": {}}, "quotas"), ({"quotas": {"no such tier": 1}}, "quotas"), ({"cost": "-1.00"}, "__all__"),
     ({"day": TODAY - timedelta(days=1)}, "effective_from"), ({"kind": "magic"}, "kind"),
     ({"valid_from": "2026-05-02", "valid_until": "2026-05-01"}, "__all__")],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_at_its_field(given, field):
    with pytest.raises(ValidationError) as error:
        propose(**given)
    assert field in error.value.message_dict


@pytest.mark.parametrize(
    "name",
    ["首次申购送京东卡", "投资满10万得礼品", "返现 50 元", "新 春 红-包", "Gift card when you invest",
     "Cash-back on funds", "Free watch with your first purchase"],
)  # fmt: skip
def test_a_gift_for_buying_is_refused_whatever_its_kind(name):
    with pytest.raises(ValidationError) as error:
        propose(name=name)
    assert error.value.message_dict["name"] == ["benefit_gift_for_buying"]


@pytest.mark.parametrize(
    "name", ["机场贵宾厅", "年度体检", "生日礼遇", "Airport lounge", "Annual health check-up"]
)
def test_what_depends_on_the_tier_only_is_not(name):
    assert propose(name=name).pk


def test_direct_sql_stores_no_version_but_the_one_approved():
    asked = propose()
    requests.approve(request_id=asked.pk, checker=staff_of(Role.COMPLIANCE), opinion="looked at it", now=NOW)
    stored = BenefitVersion.objects.get()
    columns = [field.column for field in BenefitVersion._meta.fields if field.column != "id"]
    copy = f"INSERT INTO loyalty_benefitversion ({', '.join(columns)}) SELECT "
    with connection.cursor() as cursor:
        for request_id in (0, approved_request("loyalty.benefit").pk):
            changed = {"number": "2", "request_id": str(request_id)}
            values = ", ".join(changed.get(column, column) for column in columns)
            with pytest.raises(IntegrityError, match="approved|request says"), transaction.atomic():
                cursor.execute(f"{copy}{values} FROM loyalty_benefitversion")
        with pytest.raises(IntegrityError, match="request says"), transaction.atomic():
            gold = programme().tiers.get(code="gold")
            BenefitQuota.objects.create(version=stored, tier=gold, quota=9)
        for verb in ("UPDATE loyalty_benefitversion SET cost = 1", "DELETE FROM loyalty_benefitquota"):
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                cursor.execute(verb)


def test_a_superuser_cannot_approve_their_own_grant():
    who, what = member(), benefit(cost="9000.00", approval_above="5000.00")
    asked_by = staff_of(Role.CUSTOMER_SERVICE)
    asked_by.is_superuser = True
    asked_by.save()
    asked = grant.propose(member_id=who.pk, benefit_id=what.pk, reason="surgery", maker=asked_by, now=NOW)
    with pytest.raises(DatabaseError, match="maker_is_not_checker"), transaction.atomic():
        Request.objects.filter(pk=asked.pk).update(state="approved", checker=asked_by, decided_at=NOW)
    with (
        pytest.raises(IntegrityError, match="approved request"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "INSERT INTO loyalty_benefituse (member_id, benefit_id, version_id, tier_id, at, day, cost, key,"
            " recorded_at, source) VALUES (%s, %s, 0, 0, %s, %s, 0, 'x', %s, 'sql')",
            [who.pk, what.pk, NOW, TODAY, NOW],
        )


def test_a_grant_whose_quota_is_gone_meanwhile_is_returned():
    who, what = member(), benefit(quotas={"basic": 1}, cost="9000.00", approval_above="5000.00")
    staff = staff_of(Role.CUSTOMER_SERVICE)
    asked = grant.propose(member_id=who.pk, benefit_id=what.pk, reason="surgery", maker=staff, now=NOW)
    benefit(quotas={"basic": 1}, cost="4000.00", approval_above="5000.00")  # now without approval
    used(who, what, "one")
    with pytest.raises(requests.BasisChanged, match="used_up"):
        approve(asked)


def test_the_quota_is_that_of_the_tier_at_the_instant_and_what_was_used_stays_counted():
    who = member()
    what = benefit(quotas={"basic": 1, "gold": 4}, now=NOW - timedelta(days=10))
    used(who, what, "one", at=NOW - timedelta(days=9))
    assert quota(who, what) == (1, 1)
    in_tier(who, "gold", NOW - timedelta(days=5))
    assert quota(who, what) == (1, 4)
    used(who, what, "two")
    in_tier(who, "basic", NOW + timedelta(days=1))
    assert quota(who, what, NOW + timedelta(days=2)) == (2, 1)
    assert available_benefits(who.pk, NOW + timedelta(days=2), what.pk)[0].left == 0
    in_tier(who, "diamond", NOW + timedelta(days=3))
    assert quota(who, what, NOW + timedelta(days=4)) is None


def test_a_household_has_the_quota_of_its_best_tier():
    wife, husband = member("王一"), member("王二")
    family(wife, husband)
    what = benefit(quotas={"gold": 3}, is_shared=True)
    assert quota(wife, what) is None
    in_tier(husband, "gold", NOW - timedelta(days=5))
    assert quota(wife, what) == (0, 3)
