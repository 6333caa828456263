from datetime import timedelta
from decimal import Decimal

import pytest
from axes.models import AccessAttempt
from django.utils.html import strip_tags

from crm.imports.models import ImportRun
from crm.insights.models import KpiValue
from crm.runtime import clock
from crm.runtime.models import JobRun
from crm.staff.models import Request, Reveal, Role, Team
from crm.web.amounts import amount
from members.lifecycle.models import Policy
from members.portfolio.models import Category, Product, Transaction
from members.profiles.models import Complaint
from tests.crm.cast import NOW, browser_of, markup, member, move, staff_of
from tests.crm.desk.home.homes import lines, today, warn

pytestmark = pytest.mark.usefixtures("world")


@pytest.fixture(autouse=True)
def _policy(world):
    Policy.objects.get_or_create(version=1, defaults={"effective_from": NOW - timedelta(days=4000)})


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
