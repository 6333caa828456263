"""The overview and its kept counts: right after every change, in few queries, each figure with its list."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from crm.runtime.clock import day_of
from crm.staff.models import Role
from members.loyalty.models import LoyaltyCount, Programme, Tier, TierChange, TierPolicy, TierStanding
from members.loyalty.overview.counts import maintenance
from members.loyalty.overview.counts.read import read_numbers
from tests.crm.cast import NOW, browser_of, markup, member, staff_of

pytestmark = pytest.mark.django_db
ADDRESS = "/loyalty/"
MAY = {Role.COMPLIANCE, Role.OPERATIONS, Role.ADMINISTRATOR, Role.ANALYST}
TODAY = day_of(NOW)
THIS_MONTH = TODAY.replace(day=1)


@pytest.fixture(autouse=True)
def _now(settings):
    settings.BUSINESS_NOW = NOW.isoformat()


@pytest.fixture
def programme() -> Programme:
    made = Programme.objects.create(code="main", name="长青会员", is_main=True, made_at=NOW)
    for rank, (code, name) in enumerate((("base", "普通"), ("gold", "黄金"), ("diamond", "钻石"))):
        Tier.objects.create(programme=made, rank=rank, code=code, name=name, name_en=code.title())
    TierPolicy.objects.create(
        programme=made,
        version=1,
        effective_from=date(2024, 1, 1),
        metric="average",
        review="month_end",
        upgrade="at_once",
        downgrade="one_step",
        thresholds=[],
    )
    return made


def tier(programme: Programme, code: str) -> Tier:
    return programme.tiers.get(code=code)


def stand(programme: Programme, row, code: str) -> TierStanding:
    return TierStanding.objects.create(
        member=row,
        programme=programme,
        tier=tier(programme, code),
        earned=tier(programme, code),
        since=NOW,
        policy_version=1,
        evaluated_on=TODAY,
        metrics={},
    )


def change(programme: Programme, row, left: str | None, to: str, **fields) -> TierChange:
    return TierChange.objects.create(
        **{
            "member": row,
            "programme": programme,
            "from_tier": tier(programme, left) if left else None,
            "to_tier": tier(programme, to),
            "effective_at": NOW - timedelta(days=2),
            "recorded_at": NOW,
            "reason": "reached" if left else "entered",
            "policy_version": 1,
            "inputs": {},
        }
        | fields
    )


def test_counts_follow_every_change_and_compacting_changes_none(programme):
    one, two = member("李雷"), member("韩梅梅")
    standing = stand(programme, one, "base")
    stand(programme, two, "gold")
    TierStanding.objects.filter(member=one).update(tier=tier(programme, "diamond"))
    late = change(programme, one, "base", "gold", effective_at=NOW - timedelta(days=40))
    change(programme, one, "base", "diamond")
    TierChange.objects.filter(member=one, id=late.id).update(superseded_at=NOW)
    gold, diamond, base = (tier(programme, code).pk for code in ("gold", "diamond", "base"))

    def numbers():
        found = read_numbers(programme)
        return {pk: count for pk, count in found.tiers.items() if count}, found.month(THIS_MONTH).moves

    before = numbers()
    assert before == ({gold: 1, diamond: 1}, {(base, diamond): 1})
    assert maintenance.find_miscounts() == []
    assert maintenance.compact() > 0
    assert numbers() == before
    assert maintenance.compact() == 0
    standing.delete()
    assert numbers()[0] == {gold: 1}
    assert maintenance.find_miscounts() == []


def test_a_count_written_past_the_triggers_is_found(programme):
    stand(programme, member(), "gold")
    maintenance.compact()
    LoyaltyCount.objects.update(count=5)
    assert [(one.counted, one.kept, one.found) for one in maintenance.find_miscounts()] == [("tier", 5, 1)]


@pytest.mark.parametrize("role", Role)
def test_it_opens_for_those_who_see_everybody(role, programme):
    client = browser_of(staff_of(role))
    assert client.get(ADDRESS).status_code == (200 if role in MAY else 403)
    assert (f'href="{ADDRESS}"' in client.get("/").content.decode()) == (role in MAY)


def test_without_a_programme_it_says_so():
    page = markup(browser_of(staff_of(Role.ANALYST)).get(ADDRESS))
    assert "No loyalty programme yet" in page


def test_every_figure_opens_its_list(programme, django_assert_max_num_queries):
    for name in ("李雷", "韩梅梅", "王芳"):
        row = member(name)
        stand(programme, row, "gold")
        change(programme, row, "base", "gold")
    client = browser_of(staff_of(Role.COMPLIANCE))
    with django_assert_max_num_queries(10):
        page = markup(client.get(ADDRESS))
    assert "Gold 3" in page
    (address,) = {part.split('"')[0] for part in page.split('href="')[1:] if "tier-changes" in part}
    with django_assert_max_num_queries(10):
        listed = markup(client.get(address.replace("&amp;", "&")))
    assert listed.count("Threshold reached") == 3 and "李*" in listed
    before = (THIS_MONTH - timedelta(days=1)).strftime("%Y-%m")
    assert "No tier changes this month" in markup(client.get(ADDRESS, {"month": before}))
    assert client.get(ADDRESS, {"month": "2099-01"}).status_code == 400
    assert client.get(ADDRESS, {"programme": "nobody"}).status_code == 400
    assert client.get("/loyalty/tier-changes/", {"from": "1"}).status_code == 404


def test_shares_and_steps_are_of_the_month(programme):
    for code in ("base", "gold", "gold", "diamond"):
        stand(programme, member(), code)
    change(programme, member(), "diamond", "gold")
    page = markup(browser_of(staff_of(Role.OPERATIONS)).get(ADDRESS))
    for figure in (
        "<dt>Above the lowest tier</dt> <dd>3 <small>75%</small></dd>",
        "<dt>Downgrades</dt> <dd>1</dd>",
        "<dt>Upgrades</dt> <dd>0</dd>",
    ):
        assert figure in page
    assert Decimal(0) == read_numbers(programme).month(THIS_MONTH).cost
