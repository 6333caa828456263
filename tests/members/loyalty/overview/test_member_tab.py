"""The loyalty tab of the member page: each part within ten queries, for whoever sees the member."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape

import pytest

from crm.staff.models import Role
from members.loyalty.models import Programme, Tier, TierChange, TierPolicy, TierStanding
from members.loyalty.overview.pages.member_tab import PARTS
from members.loyalty.points.ledger.earn import Earning, earn, earn_many
from tests.crm.cast import NOW, browser_of, markup, member, staff_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now(settings):
    settings.BUSINESS_NOW = NOW.isoformat()


@pytest.fixture
def gold():
    """A member in the gold tier of the main programme, with points."""
    programme = Programme.objects.create(code="main", name="长青会员", is_main=True, made_at=NOW)
    base = Tier.objects.create(programme=programme, rank=0, code="base", name="普通", name_en="Member")
    tier = Tier.objects.create(programme=programme, rank=1, code="gold", name="黄金", name_en="Gold")
    TierPolicy.objects.create(
        programme=programme,
        version=1,
        effective_from=date(2024, 1, 1),
        metric="average",
        review="month_end",
        upgrade="at_review",
        downgrade="one_step",
        thresholds=[{"tier": tier.pk, "average": "50000.00"}],
    )
    row, since = member(), NOW - timedelta(days=40)
    TierStanding.objects.create(
        member=row,
        programme=programme,
        tier=tier,
        earned=tier,
        since=since,
        falls_on=NOW.date() + timedelta(days=9),
        falls_to=base,
        policy_version=1,
        evaluated_on=NOW.date(),
        metrics={},
    )
    TierChange.objects.create(
        member=row,
        programme=programme,
        from_tier=base,
        to_tier=tier,
        effective_at=since,
        recorded_at=since,
        reason="reached",
        policy_version=1,
        inputs={},
    )
    earn(programme.pk, Earning(row.pk, "welcome", 250, NOW - timedelta(days=3), "Welcome"), now=NOW)
    return row


def read(row, part: str, role: Role = Role.COMPLIANCE) -> str:
    answer = browser_of(staff_of(role)).get(f"/members/{row.pk}/", {"tab": "loyalty", "part": part})
    assert answer.status_code == 200
    return markup(answer)


@pytest.mark.parametrize("part", PARTS)
def test_a_part_takes_ten_queries_at_most(part, gold, django_assert_max_num_queries):
    client = browser_of(staff_of(Role.COMPLIANCE))
    with django_assert_max_num_queries(10):
        client.get(f"/members/{gold.pk}/", {"tab": "loyalty", "part": part})


@pytest.mark.parametrize("part", PARTS)
def test_it_has_words_for_somebody_without_anything(part):
    assert 'aria-current="page"' in read(member(), part)


def test_the_tier_is_told_with_its_history_and_the_downgrade_ahead(gold):
    assert "Falls to Member on 25 Mar 2026 if nothing changes." in read(gold, "tier")
    page = read(gold, "history")
    assert "Member → Gold" in page
    assert "Threshold reached" in page


def test_points_are_told_with_their_reasons(gold):
    page = read(gold, "points")
    assert "250" in page
    assert "Welcome" in page


def test_postings_are_paged_without_a_gap(gold):
    """Those of one instant too."""
    programme = Programme.objects.get()
    more = [Earning(gold.pk, f"k{n:02}", 10, NOW - timedelta(days=9), f"Gift {n:02}") for n in range(45)]
    earn_many(programme.pk, more, now=NOW)
    page, seen = "", []
    client = browser_of(staff_of(Role.COMPLIANCE))
    for shown in (20, 20, 6):
        html = markup(client.get(f"/members/{gold.pk}/{page or '?tab=loyalty&part=points'}"))
        found = re.findall(r"Gift \d\d|Welcome", html)
        assert len(found) == shown
        seen += found
        older = re.search(r'href="(\?[^"]*after=[^"]+)">\s*Older postings', html)
        page = unescape(older[1]) if older else ""
    assert page == ""
    assert len(set(seen)) == 46
    assert seen[0] == "Welcome"
    bad = client.get(f"/members/{gold.pk}/", {"tab": "loyalty", "part": "points", "after": "x"})
    assert bad.status_code == 400


def test_a_part_that_is_not_there_is_refused(gold):
    client = browser_of(staff_of(Role.COMPLIANCE))
    assert client.get(f"/members/{gold.pk}/", {"tab": "loyalty", "part": "secrets"}).status_code == 400


def test_somebody_elses_member_is_not_there(gold):
    client = browser_of(staff_of(Role.RELATIONSHIP_MANAGER))
    assert client.get(f"/members/{gold.pk}/", {"tab": "loyalty"}).status_code == 404
