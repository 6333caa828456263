from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.desk.home.changes.recent_changes import is_improvement, is_setback
from crm.runtime import clock
from crm.staff.models import Role
from members.lifecycle.models import Policy, Transition
from members.portfolio.models import Transaction, Valuation
from tests.crm.cast import NOW, approved_policy, browser_of, markup, member, move, staff_of
from tests.crm.desk.home.homes import lines, today, warn

pytestmark = pytest.mark.usefixtures("world")
WITHIN_A_WEEK = "Expected within 7 days"


@pytest.fixture(autouse=True)
def _policy(world):
    Policy.objects.get_or_create(version=1, defaults={"effective_from": NOW - timedelta(days=4000)})


@pytest.mark.parametrize("role", Role)
def test_home_opens_for_every_role_with_names_as_the_role_may_see_them(role):
    staff = staff_of(role)
    keeps_book = role in {Role.RELATIONSHIP_MANAGER, Role.TEAM_LEAD}
    row = member("王小明", manager=staff if keeps_book else None)
    warn(row, "signal")
    move(row, "growth", "decline")
    page = browser_of(staff).get("/")
    assert page.status_code == 200
    assert ("王小明" in page.content.decode()) == keeps_book
    assert page.context_data["today"].sentence


def test_a_manager_is_told_whom_to_call_first():
    manager = staff_of(Role.RELATIONSHIP_MANAGER)
    mine, second, other = member("王小明", manager=manager), member("张三", manager=manager), member("李雷")
    warn(mine, "idle", days=5), warn(mine, "signal", days=0.1), warn(other, days=0.1)
    move(mine, "growth", "decline", NOW - timedelta(hours=20))
    move(second, "growth", "maturity", NOW - timedelta(days=5))
    move(other, "growth", "decline", NOW - timedelta(hours=20))
    page = browser_of(manager).get("/")
    said = page.context_data["today"]
    assert (
        said.sentence
        == "1 member to call; 1 is new since yesterday; 1 member entered Decline since yesterday."
    )
    assert (said.action.label, said.action.address) == ("Start with 王小明", f"/members/{mine.pk}/")
    (row,) = said.calls.rows
    assert (row.place, row.is_new, [str(words) for _kind, words in row.reasons]) == (
        1, True, ["Filed a complaint on 16 Mar 2026", "No login or trade for 31 days, since 13 Feb 2026"]
    )  # fmt: skip
    assert lines(manager, "Negative stage changes this week") == ["王小明"]
    assert lines(manager, "Positive stage changes this week") == ["张三"]
    assert "No calls due today" in today(staff_of(Role.RELATIONSHIP_MANAGER)).sentence


def test_home_begins_with_ten_calls_and_opens_all():
    manager = staff_of(Role.RELATIONSHIP_MANAGER)
    for _ in range(12):
        warn(member(manager=manager))
    browser = browser_of(manager)
    assert markup(browser.get("/")).count("data-peek=") == 10
    assert "Show all 12" in markup(browser.get("/"))
    assert markup(browser.get("/?calls=all")).count("data-peek=") == 12


def test_calls_and_changes_tell_namesakes_apart_and_mask_the_mobile():
    manager = staff_of(Role.RELATIONSHIP_MANAGER)
    row = member("王小明", manager=manager, number="M-1", mobile="13812345678")
    warn(row), move(row, "growth", "decline")
    page = browser_of(manager).get("/").content.decode()
    assert page.count("M-1 · 138****5678") == 2
    assert "13812345678" not in page
    assert "tel:" not in page


def test_evidence_says_its_day_and_how_it_is_now():
    manager = staff_of(Role.RELATIONSHIP_MANAGER)
    mine = member("王小明", manager=manager, aum=Decimal(277_110))
    warn(mine, "idle", days=29, evidence={"idle_days": 30, "active_on": "2026-01-16"})
    fall = {"peak_aum": "434884.00", "aum": "345757.00", "window_days": 90}
    warn(mine, "aum_fall", days=20, evidence=fall)
    (row,) = today(manager).calls.rows
    assert [words for _kind, words in row.reasons] == [
        "Down 20.5% in 90 days on 24 Feb 2026, from ¥434,884 to ¥345,757; now ¥277,110",
        "No login or trade for 59 days, since 16 Jan 2026",
    ]
    page = browser_of(manager).get(f"/members/{mine.id}/").content.decode()
    assert "now ¥277,110" in page
    assert "59 days, since 16 Jan 2026" in page


def test_changes_for_the_worse_are_told_from_those_for_the_better():
    row = member()
    for left, left_sub, entered, entered_sub, worse in [
        ("growth", None, "decline", "at_risk", True), ("decline", "at_risk", "decline", "dormant", True),
        ("decline", "dormant", "decline", "at_risk", False), ("decline", "at_risk", "growth", None, False),
        ("maturity", None, "growth", None, True), ("growth", None, "maturity", None, False),
        ("activation", None, "activation", "stalled", True), ("activation", "stalled", "growth", None, False),
        (None, None, "acquisition", None, False),
    ]:  # fmt: skip
        one = Transition(
            member=row, from_stage=left, from_sub_state=left_sub, to_stage=entered, to_sub_state=entered_sub,
            effective_at=NOW, inputs={},
        )  # fmt: skip
        assert is_setback(one) == worse, (left, left_sub, entered, entered_sub)
        assert is_improvement(one) == (not worse and entered != "decline")


def test_less_silence_is_no_change_for_the_better_where_money_left():
    row, at = member(), NOW - timedelta(days=1)
    for inputs, worse in [
        ({"rules": 2, "fallen_on": "2026-01-05", "is_unspent": True}, True),
        ({"rules": 2, "fallen_on": clock.day_of(at).isoformat()}, True),
        ({"rules": 2, "fallen_on": "2026-01-05"}, False),
        ({"rules": 2, "fallen_on": "2026-01-05", "is_unspent": True, "last_login_at": at.isoformat()}, False),
    ]:
        one = Transition(
            member=row, from_stage="decline", from_sub_state="dormant", to_stage="decline",
            to_sub_state="at_risk", effective_at=at, inputs=inputs,
        )  # fmt: skip
        assert is_setback(one) == worse, inputs


def test_a_manager_sees_who_changes_stage_within_a_week_and_into_what():
    manager = staff_of(Role.RELATIONSHIP_MANAGER)
    stalls = member(
        "新人", manager=manager, stage="activation", aum=0, registered_at=NOW - timedelta(days=28),
        due_at=NOW + timedelta(days=2),
    )  # fmt: skip
    member("别人", stage="activation", registered_at=NOW - timedelta(days=28), due_at=NOW + timedelta(days=2))
    member(
        "同级", manager=manager, stage="activation", sub_state="stalled",
        registered_at=NOW - timedelta(days=60), due_at=NOW + timedelta(days=1),
    )  # fmt: skip
    (block,) = [block for block in today(manager).blocks if block.title == WITHIN_A_WEEK]
    assert [(line.name, line.before, line.stage) for line in block.lines] == [
        (stalls.name, ("activation", None), ("activation", "stalled"))
    ]


def idle_investor(name: str, manager, idle: int, **standing):
    """Somebody who bought once, that many days ago, as the stage engine would have stored it."""
    at = NOW - timedelta(days=idle)
    facts = {"aum": 5000, "peak_aum": 5000, "first_invested_at": at, "last_trade_at": at} | standing
    row = member(name, manager=manager, **facts)
    Transaction.objects.create(member=row, id=name, at=at, kind="buy", amount=5000)
    return row


def test_a_change_of_stage_after_a_warning_within_the_week_is_told():
    manager = staff_of(Role.RELATIONSHIP_MANAGER)
    approved_policy(2, effective_from=NOW - timedelta(days=1000), warn_idle_days=58)
    idle_investor("先警后退", manager, 57, due_at=clock.day_start(clock.day_of(NOW) + timedelta(days=1)))
    (block,) = [block for block in today(manager).blocks if block.title == WITHIN_A_WEEK]
    assert [(line.name, line.at, line.stage) for line in block.lines] == [
        ("先警后退", clock.day_start(clock.day_of(NOW) + timedelta(days=3)), ("decline", "at_risk"))
    ]


def test_whom_a_coming_policy_moves_is_told_with_the_policy():
    manager = staff_of(Role.RELATIONSHIP_MANAGER)
    starts = clock.day_start(clock.day_of(NOW) + timedelta(days=2))
    approved_policy(2, effective_from=starts, idle_days=45)
    approved_policy(3, effective_from=NOW + timedelta(days=9), idle_days=40)
    row = idle_investor("早退", manager, 49, due_at=NOW + timedelta(days=11))
    idle_investor("不变", manager, 20, due_at=NOW + timedelta(days=11))
    page = browser_of(manager).get("/")
    (block,) = [block for block in page.context_data["today"].blocks if block.title == WITHIN_A_WEEK]
    assert [(line.name, line.at, line.stage, line.why) for line in block.lines] == [
        ("早退", starts, ("decline", "at_risk"), "under policy v2, effective 18 Mar 2026")
    ]
    change = browser_of(manager).get(f"/members/{row.id}/").context_data["explanation"].next_change
    assert (change.stage, change.sub_state, change.at) == ("decline", "at_risk", starts)


@pytest.mark.parametrize("role", Role)
def test_a_policy_that_comes_within_a_week_is_announced_to_everybody(role):
    staff = staff_of(role)
    words = "Policy v2 takes effect on 18 Mar 2026"
    assert words not in browser_of(staff).get("/").content.decode()
    starts = clock.day_start(clock.day_of(NOW) + timedelta(days=2))
    approved_policy(2, effective_from=starts)
    approved_policy(3, effective_from=NOW + timedelta(days=9))
    assert [(notice.label, notice.address) for notice in today(staff).notices] == [(words, "/policy/")]
    assert words in browser_of(staff).get("/lifecycle/").content.decode()


def test_a_manager_sees_whose_assets_moved_most():
    manager = staff_of(Role.RELATIONSHIP_MANAGER)
    before = clock.day_of(NOW - timedelta(days=9))
    for name, then, now in (("少", 100, 90), ("多", 100, 900), ("平", 50, 50)):
        row = member(name, manager=manager, aum=Decimal(now))
        Valuation.objects.create(member=row, date=before, aum=then)
        type(row.standing).objects.filter(pk=row.pk).update(aum=now)
    assert lines(manager, "Largest asset changes this week") == ["多", "少"]


def test_figures_are_of_whom_one_may_see():
    manager = staff_of(Role.RELATIONSHIP_MANAGER)
    member(manager=manager, stage="maturity"), member(stage="maturity"), member(stage=None)
    (block,) = [block for block in today(manager).blocks if block.figures]
    assert [figure.value for figure in block.figures] == ["0", "0", "0", "1", "0"]


@pytest.mark.parametrize("role", Role)
def test_queries_do_not_grow(role):
    staff = staff_of(role)
    client, counts = browser_of(staff), []
    client.get("/")
    for many in (3, 40):
        for _ in range(many):
            row = member(manager=staff, due_at=NOW + timedelta(days=2))
            warn(row), move(row, "growth", "decline")
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            client.get("/")
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 10
