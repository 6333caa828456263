from datetime import timedelta
from decimal import Decimal

import pytest
from axes.models import AccessAttempt
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from crm.desk.home.changes.recent_changes import is_setback
from crm.imports.models import ImportRun
from crm.insights.models import KpiValue
from crm.runtime import clock
from crm.runtime.models import JobRun
from crm.staff.models import Request, Reveal, Role, Team
from crm.web.amounts import amount
from members.lifecycle.models import Policy, Transition, Warning
from members.portfolio.models import Category, Product, Transaction, Valuation
from members.profiles.models import Complaint
from tests.crm.cast import NOW, approved_policy, browser_of, markup, member, move, staff_of

pytestmark = pytest.mark.usefixtures("world")
WITHIN_A_WEEK = "Expected within 7 days"


@pytest.fixture(autouse=True)
def _policy(world):
    Policy.objects.get_or_create(version=1, defaults={"effective_from": NOW - timedelta(days=4000)})


def warn(row, kind: str = "idle", days: float = 1, **fields) -> None:
    evidence = (
        {"idle_days": 31, "active_on": "2026-02-13"} if kind == "idle" else {"complaint_at": NOW.isoformat()}
    )
    values = {
        "raised_at": NOW - timedelta(days=days),
        "recorded_at": NOW,
        "policy_version": 1,
        "evidence": evidence,
    }
    Warning.objects.create(member=row, kind=kind, **values | fields)


def today(staff):
    return browser_of(staff).get("/").context_data["today"]


def lines(staff, title: str) -> list[str]:
    """The names of a block's lines."""
    (block,) = [block for block in today(staff).blocks if block.title == title]
    return [str(line.name) for line in block.lines]


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
            member=row, from_stage=left, from_sub_state=left_sub, to_stage=entered, to_sub_state=entered_sub
        )
        assert is_setback(one) == worse, (left, left_sub, entered, entered_sub)


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


def test_a_lead_sees_each_book_of_the_team_in_a_line():
    team = Team.objects.create(name="一部")
    lead, manager = staff_of(Role.TEAM_LEAD, team), staff_of(Role.RELATIONSHIP_MANAGER, team)
    member(manager=manager, warnings=1, aum=Decimal(5)), member(manager=manager, aum=Decimal(7))
    member(manager=staff_of(Role.RELATIONSHIP_MANAGER), warnings=1)
    said = today(lead)
    assert [[cell.text for cell in row] for row in said.first.table.rows] == [
        [manager.display_name, amount(Decimal("5.00")), "41.7%", "1", "0", "0", "2", amount(Decimal("12.00"))]
    ]
    at_risk = f"/members/?manager={manager.pk}&view=all&warning=any&sort=aum"
    assert [cell.address for cell in said.first.table.rows[0]][1:4] == [at_risk] * 3
    assert said.sentence == "¥5 at risk in your team."


def test_a_team_reads_the_names_of_products_each_in_their_language():
    team = Team.objects.create(name="一部")
    leads = [staff_of(Role.TEAM_LEAD, team, language=language) for language in ("en", "zh-hans")]
    row = member(manager=staff_of(Role.RELATIONSHIP_MANAGER, team))
    category = Category.objects.create(code="fixed", name="Fixed")
    product = Product.objects.create(code="P", name="稳盈", name_en="Steady", category=category, risk="R2")
    Transaction.objects.create(
        member=row, id="t", at=NOW - timedelta(days=20), kind="buy", amount=100, product=product,
        matures_on=clock.day_of(NOW) + timedelta(days=3),
    )  # fmt: skip
    for lead, words in zip(leads, ("Steady: ¥100", "稳盈：¥100"), strict=True):
        assert words in browser_of(lead).get("/").content.decode()


def test_a_lead_is_told_who_looks_after_whom():
    team = Team.objects.create(name="一部")
    lead = staff_of(Role.TEAM_LEAD, team)
    first, second = staff_of(Role.RELATIONSHIP_MANAGER, team), staff_of(Role.RELATIONSHIP_MANAGER, team)
    small, large = member(manager=first, warnings=1, aum=5), member(manager=second, warnings=1, aum=9)
    warn(small), warn(large), move(small, "growth", "decline")
    said = today(lead)
    assert said.sentence == (
        f"¥14 at risk in your team; most of it with {second.display_name} (¥9); "
        "1 member entered Decline since yesterday."
    )
    assert [row.note for row in said.calls.rows] == [
        f"#{large.pk} · {second.display_name}", f"#{small.pk} · {first.display_name}"
    ]  # fmt: skip
    (changed,) = said.blocks[0].lines
    assert changed.note == f"#{small.pk} · {first.display_name}"


def test_customer_service_begins_with_the_search_and_is_told_of_complaints():
    service, manager = staff_of(Role.CUSTOMER_SERVICE), staff_of(Role.RELATIONSHIP_MANAGER)
    assert today(service).sentence == "No open complaints; no closure requests since yesterday."
    warn(member("王小明"), "signal", days=0.1)  # a complaint, told of below
    warn(member("李雷"), "signal", days=0.1, evidence={"closing_at": NOW.isoformat()})
    for days, row, given in (
        (9, member("张三", manager=manager), {"words": "到账太慢", "owner": manager}),
        (2, member("韩梅"), {"answered_at": NOW, "answer": "已解释"}),
    ):
        at = NOW - timedelta(days=days)
        Complaint.objects.create(member=row, id=row.name, received_at=at, **given)
    assert today(service).sentence == (
        "2 complaints open; the oldest unanswered one for 9 days; "
        "1 member requested account closure since yesterday."
    )
    (block,) = [block for block in today(service).blocks if block.title == "Open complaints"]
    assert [(line.name, line.why, line.tag, line.amount) for line in block.lines] == [
        ("张*", f"到账太慢 · Owner: {manager.display_name}", "not answered", "9 days"),
        ("韩*", "no owner", "answered", "2 days"),
    ]
    assert block.lines[0].note.endswith(f" · {manager.display_name}")
    assert lines(service, "Closure requests") == ["李*"]
    page = markup(browser_of(service).get("/"))
    assert page.count('name="q"') == 1
    assert page.index('name="q"') < page.index('<p class="answer">')


def test_compliance_is_told_who_revealed_what_today():
    service, row = staff_of(Role.CUSTOMER_SERVICE), member()
    Reveal.objects.create(staff=service, member_id=row.pk, field="mobile", reason="核对身份", at=NOW)
    Reveal.objects.create(
        staff=service, member_id=row.pk, field="mobile", reason="核对身份", at=NOW - timedelta(days=2)
    )
    compliance = staff_of(Role.COMPLIANCE)
    assert today(compliance).sentence == "1 value revealed today."
    assert lines(compliance, "Values revealed today") == [service.display_name]


def test_operations_are_told_of_jobs_that_failed():
    times = {"started_at": NOW, "heartbeat_at": NOW, "finished_at": NOW, "worker": "w"}
    JobRun.objects.create(name="restage members", state="failed", failure="disk full", **times)
    ImportRun.objects.create(
        kind="members", filename="members.csv", outcome="done", started_at=NOW, rejected=2
    )
    operations = staff_of(Role.OPERATIONS)
    said = today(operations)
    assert said.sentence == "1 job failed."
    assert said.action.address == "/jobs/"
    assert lines(operations, "Recent imports") == ["members.csv"]


def test_an_administrator_is_told_of_people_without_a_team_and_locked_doors():
    staff_of(Role.RELATIONSHIP_MANAGER)
    AccessAttempt.objects.create(username="rm9", failures_since_start=10, get_data="", post_data="")
    said = today(staff_of(Role.ADMINISTRATOR))
    assert said.sentence == "1 staff member has no team; 1 account is locked."


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.OPERATIONS])
def test_a_decision_that_waits_is_the_one_thing_to_do_and_stands_first(role):
    staff = staff_of(role)
    times = {"started_at": NOW, "heartbeat_at": NOW, "finished_at": NOW, "worker": "w"}
    JobRun.objects.create(name="restage members", state="failed", failure="disk full", **times)
    Request.objects.create(
        kind="lifecycle.policy", summary="Idle", reason="earlier", maker=staff_of(Role.OPERATIONS),
        made_at=NOW, proposal={"values": {}, "effective_from": NOW.isoformat()},
        expires_at=NOW + timedelta(days=7),
    )  # fmt: skip
    page = browser_of(staff).get("/")
    said = page.context_data["today"]
    assert said.sentence == "1 request pending your review; 1 job failed."
    assert said.action.address == "/requests/"
    blocks = page.context_data["blocks"]
    assert blocks[0].title == "Pending your review"
    assert [block.is_empty for block in blocks] == sorted(block.is_empty for block in blocks)
    headings = [markup(page).index(f"<h2>{block.title}</h2>") for block in blocks]
    assert headings == sorted(headings)


def test_an_analyst_sees_numbers_and_nobody():
    member("王小明", stage="decline", sub_state="dormant"), member(stage="growth")
    analyst = staff_of(Role.ANALYST)
    said = today(analyst)
    assert [figure.value for figure in said.first.figures] == ["0", "0", "1", "0", "1"]
    assert [figure.label for figure in said.first.figures][2:] == [
        "Growth · 50%",
        "Maturity · 0%",
        "Decline · 50%",
    ]
    assert said.sentence == "This month's money KPIs are not calculated yet."
    assert [str(figure.value) for figure in said.figures] == ["–"] * 4
    assert "王" not in browser_of(analyst).get("/").content.decode()


def test_an_analyst_begins_with_assets_net_new_money_and_money_lost():
    month = clock.day_of(NOW).replace(day=1)
    values = {
        "aum": (5_000_000, 1), "net_new_money": (-120_000, 1), "aum_churn": (250_000, 5_000_000),
        "aum_growth": (3_000_000, 1),
    }  # fmt: skip
    for code, (numerator, denominator) in values.items():
        KpiValue.objects.create(
            scope="all", scope_id=0, month=month, kpi=code, span="month", numerator=numerator,
            denominator=denominator, members=40, through=clock.day_of(NOW), computed_at=NOW,
        )  # fmt: skip
    member(stage="growth")
    said = today(staff_of(Role.ANALYST))
    assert said.sentence == "Assets of ¥5m; net outflow of ¥120k this month."
    assert [(str(figure.label), strip_tags(figure.value)[:5]) for figure in said.figures] == [
        ("AUM on 16 Mar 2026", "¥5m¥5"),
        ("Net new money this month", "−¥120"),
        ("Money lost this month · 5% of assets", "¥250k"),
        ("Clients", "40"),
    ]
    assert said.first.figures[2].label == "Growth · 100% · ¥3m"


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
