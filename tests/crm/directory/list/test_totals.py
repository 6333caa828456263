"""How many match and what they hold: exact in a book, estimated and said so among very many."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.db import connection

from crm.directory.list import totals
from crm.directory.list.list_members import list_members
from crm.directory.list.totals import Total, Totals, rounded
from crm.runtime.clock import day_start
from crm.staff.models import Role, Team
from members.lifecycle.models import Standing
from members.profiles.models import Complaint, Member
from tests.crm.cast import NOW, browser_of, markup, member, staff_of


def page_of(staff, **asked):
    return list_members(asked, staff, NOW, counted=True)


def test_a_book_is_counted_and_summed_exactly_and_the_tabs_follow_the_filter(world, monkeypatch):
    monkeypatch.setattr("crm.directory.list.list_members.SIZE", 2)
    manager = staff_of(Role.RELATIONSHIP_MANAGER)
    for _ in range(3):
        member(manager=manager, aum=Decimal("100000.50"), warnings=1)
    member(manager=manager, aum=Decimal(7), stage="decline", warnings=1)
    member(manager=manager, aum=Decimal(9), stage="decline")
    member(aum=Decimal(10**9))
    page = page_of(manager, warning="any", stage="growth")
    assert page.total == Total(3, Decimal("300001.50"))
    assert page.totals.of() == Total(4, Decimal("300008.50"))
    assert page.totals.of("decline") == Total(1, Decimal(7))
    shown = markup(browser_of(manager).get("/members/?warning=any&stage=growth"))
    assert "3 members · assets" in shown and 'title="¥300,001.50"' in shown
    tabs = shown.split('aria-label="Stages"')[1].split("</nav>")[0]
    assert "All <small>4</small>" in tabs and "Decline <small>1</small>" in tabs
    assert "Maturity <small>0</small>" in tabs


def test_a_leads_totals_are_those_of_the_team(world):
    team = Team.objects.create(name="一部")
    member(manager=staff_of(Role.RELATIONSHIP_MANAGER, team), aum=Decimal(5))
    member(manager=staff_of(Role.RELATIONSHIP_MANAGER), aum=Decimal(9))
    assert page_of(staff_of(Role.TEAM_LEAD, team)).total == Total(1, Decimal(5))


def test_while_the_platform_is_small_everybodys_totals_are_exact(world, monkeypatch):
    monkeypatch.setattr("crm.directory.list.list_members.SIZE", 1)
    for number in range(4):
        member(aum=Decimal(10 * number))
    page = page_of(staff_of(Role.OPERATIONS), aum_min="10")
    assert (page.total, page.estimated) == (Total(3, Decimal(60)), frozenset())


@pytest.mark.parametrize("size", [2, 50])
def test_leads_count_apart_from_members(world, monkeypatch, size):
    monkeypatch.setattr("crm.directory.list.list_members.SIZE", size)
    for stage in ("acquisition", "growth", "growth", "decline"):
        member(stage=stage, aum=Decimal(5))
    reader = browser_of(staff_of(Role.OPERATIONS))
    assert "3 members · 1 lead · assets" in markup(reader.get("/members/?view=all"))
    assert "1 lead · assets" in markup(reader.get("/members/?stage=acquisition"))
    shown = markup(reader.get("/members/?stage=growth"))
    assert "2 members · assets" in shown and "lead ·" not in shown


PEOPLE = """
INSERT INTO profiles_member (id, name, region, occupation, income_band, language, tags, campaign,
                             known_at, registered_at, source, updated_at)
SELECT id, '', CASE WHEN id %% 8 = 0 THEN '上海' ELSE '北京' END, '', '', '', '{}', '',
       %(at)s, %(at)s, '', %(at)s
FROM generate_series(1, 8000) AS id
"""
STANDINGS = """
UPDATE lifecycle_standing SET
    stage = CASE WHEN member_id % 4 = 0 THEN 'decline' ELSE 'growth' END,
    aum = CASE WHEN member_id % 500 = 0 THEN 5000000 ELSE member_id % 1000 END
"""


@pytest.fixture
def crowd(world, monkeypatch):
    """Eight thousand members for very many, a quarter in decline, and a few who hold most of the assets."""
    monkeypatch.setattr(totals, "EXACT_UP_TO", 100)
    monkeypatch.setattr(totals, "SAMPLED", 2_000)
    monkeypatch.setattr(totals, "RICHEST", 50)
    with connection.cursor() as cursor:
        cursor.execute(PEOPLE, {"at": NOW - timedelta(days=400)})
        cursor.execute(STANDINGS)
    cache.clear()
    return staff_of(Role.OPERATIONS)


class TestEstimates:
    def test_an_estimate_is_near_and_says_that_it_is_one(self, crowd):
        page = page_of(crowd, region="上海")
        exact = Standing.objects.filter(member__region="上海")
        members, assets = exact.count(), sum(exact.values_list("aum", flat=True))
        assert page.estimated == {"members", "assets"}
        assert abs(page.total.members - members) < members / 8
        assert abs(page.total.assets - assets) < assets / 8
        assert page.size is None
        shown = markup(browser_of(crowd).get("/members/?region=上海"))
        assert f"about {page.total.members:,} members" in shown
        assert "Estimated from a sample" in shown
        assert "≈" in shown.split('aria-label="Stages"')[1].split("</nav>")[0]

    def test_members_of_a_stage_are_those_that_are_kept(self, crowd):
        page = page_of(crowd, stage="decline")
        assert page.total.members == 2_000
        assert page.estimated == {"assets"}
        assert abs(page.total.assets - 80_990_000) < 8_000_000

    def test_of_few_no_number_is_made_up(self, crowd, monkeypatch):
        monkeypatch.setattr(totals, "CHEAP", 0)  # as without an index among very many
        Member.objects.filter(pk__lte=9).update(region="拉萨")
        page = page_of(crowd, region="拉萨")
        assert page.total is None or page.is_whole
        assert page.totals.below and page.totals.below >= 9
        shown = browser_of(crowd).get("/members/?region=拉萨&sort=since").content.decode()
        assert "fewer than" in shown or "9 members" in shown

    def test_few_that_an_index_finds_are_counted(self, crowd):
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE profiles_complaint")
        for pk in (5, 4_000, 7_999):
            Complaint.objects.create(member_id=pk, id=f"c{pk}", received_at=NOW - timedelta(days=1))
        found = totals.totals_of(*_planned(crowd, complaint="open"), crowd, NOW)
        assert (found.of().members, found.estimated, found.below) == (3, frozenset(), None)

    @pytest.mark.parametrize("days", [3, 30, 200])
    def test_members_of_an_age_are_estimated_as_well_as_any(self, crowd, days):
        """Ids are given in the order of time: a sample of blocks would have all of an age, or none."""
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE profiles_member SET registered_at = %s - (8000 - id) * interval '1 hour'", [NOW]
            )
        asked = _planned(crowd, registered_from=str((NOW - timedelta(days=days)).date()))
        since = day_start((NOW - timedelta(days=days)).date())
        exact = Member.objects.filter(registered_at__gte=since).count()
        found = totals.totals_of(*asked, crowd, NOW)
        assert abs(found.of().members - exact) <= max(exact / 10, 4)

    def test_nothing_is_counted_row_by_row(self, crowd):
        with connection.execute_wrapper(lambda execute, sql, *more: seen.append(sql) or execute(sql, *more)):
            seen: list[str] = []
            totals.totals_of(*_planned(crowd, region="上海"), crowd, NOW)
        assert any("drawn AS" in one for one in seen)
        assert not any("count(" in one.lower() and "drawn AS" not in one for one in seen)

    def test_an_estimate_is_kept_for_all_who_ask_the_same(self, crowd, django_assert_num_queries):
        asked = _planned(crowd, region="上海")
        first = totals.totals_of(*asked, crowd, NOW)
        other = staff_of(Role.ANALYST)
        with django_assert_num_queries(0):
            assert totals.totals_of(*asked, other, NOW) == first


def _planned(staff, **asked):
    from crm.directory.list.plan import plan
    from crm.directory.list.request.parse import parse

    request = parse(asked, staff)
    return request, plan(request, staff, NOW)


@pytest.mark.parametrize(
    ("value", "shown"), [(0, 0), (7, 7), (99, 99), (123, 120), (4_987, 5_000), (1_250_001, 1_300_000)]
)
def test_an_estimate_tells_its_two_leading_digits(value, shown):
    assert rounded(Decimal(value)) == shown


def test_a_sum_of_estimates_tells_two_digits_too():
    found = Totals(
        {("growth", ""): Total(51_460, Decimal(38_600)), ("decline", ""): Total(5_140, Decimal(0))},
        frozenset({"members"}),
    )
    assert (found.of(), found.of("decline").members) == (Total(57_000, Decimal(38_600)), 5_100)
