from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.staff.models import Reveal, Role
from members.portfolio.models import Category, Product, Transaction, Valuation
from members.profiles.models import Event, Signal
from tests.crm.cast import NOW, browser_of, member, move, staff_of

HTMX = {"HX-Request": "true"}
TABS = ("overview", "products", "timeline", "person", "history")
SEES_OTHERS = [Role.CUSTOMER_SERVICE, Role.COMPLIANCE, Role.OPERATIONS, Role.ADMINISTRATOR, Role.ANALYST]


def text(answer) -> str:
    return answer.content.decode()


def every_tab(client, row) -> str:
    """All that the page says of a member, tab after tab."""
    return "".join(text(client.get(f"/members/{row.id}/?tab={tab}")) for tab in TABS)


def busy(row, many: int) -> None:
    """Give a member `many` of everything."""
    category = Category.objects.get_or_create(code="fund", name="基金")[0]
    instants = [NOW - timedelta(days=2 * number + 1) for number in range(many)]
    products = Product.objects.bulk_create(
        Product(code=f"{row.id}-{number}", name=f"产品{number}", category=category, risk="R2")
        for number in range(many)
    )
    Transaction.objects.bulk_create(
        Transaction(member=row, id=f"t{number}", at=at, kind="buy", amount=Decimal(100), product=product)
        for number, (at, product) in enumerate(zip(instants, products, strict=True))
    )
    Event.objects.bulk_create(
        Event(member=row, id=f"e{number}", at=at, name="login", properties={"device": "app"})
        for number, at in enumerate(instants)
    )
    Valuation.objects.bulk_create(
        Valuation(member=row, date=at.date(), aum=Decimal(1000 + number))
        for number, at in enumerate(instants)
    )
    for number, at in enumerate(instants[:40]):
        move(row, "growth", "decline", at, superseded_at=NOW)
        relative = member(f"亲属{number}")
        relative.referrer = row
        relative.save()


@pytest.mark.parametrize("role", SEES_OTHERS)
def test_personal_data_are_masked_for_everybody(world, role):
    row = member("王小明", mobile="13800001234", number="M-7")
    page = every_tab(browser_of(staff_of(role)), row)
    assert "13800001234" not in page
    assert "王小明" not in page
    assert ("138****1234" in page) == (role != Role.ANALYST)
    assert ("M-7" in page) == (role != Role.ANALYST)
    assert ("/reveal/" in page) == (role in {Role.CUSTOMER_SERVICE, Role.COMPLIANCE})


def test_a_manager_reads_the_own_members_name_and_nobody_elses(world):
    manager = staff_of(Role.RELATIONSHIP_MANAGER)
    mine, other = member("王小明", manager=manager, mobile="13800001234"), member("李雷")
    client = browser_of(manager)
    page = text(client.get(f"/members/{mine.id}/"))
    assert "王小明" in page
    assert "138****1234" in page
    assert "Growth" in page
    assert client.get(f"/members/{other.id}/").status_code == 404
    assert client.get(f"/members/{other.id}/timeline/", headers=HTMX).status_code == 404
    for beyond in (0, 1 << 63, 10**21):
        for page in ("", "peek/", "timeline/"):
            assert client.get(f"/members/{beyond}/{page}", headers=HTMX).status_code == 404


def test_a_reveal_needs_a_reason_and_is_recorded(world):
    manager = staff_of(Role.RELATIONSHIP_MANAGER)
    row = member(manager=manager, mobile="13800001234")
    client, path = browser_of(manager), f"/members/{row.id}/reveal/"
    for headers in ({}, HTMX):
        refused = client.post(path, {"field": "mobile", "reason": " a "}, headers=headers)
        assert refused.status_code == 422
        assert "reason" in text(refused)
        assert "13800001234" not in text(refused)
    assert not Reveal.objects.exists()
    for number, headers in enumerate(({}, HTMX), 1):
        opened = client.post(path, {"field": "mobile", "reason": "回访客户"}, headers=headers)
        assert opened.status_code == 200
        assert "13800001234" in text(opened)
        assert ("<html" in text(opened)) == (not headers)
        assert "no-store" in opened.headers["Cache-Control"]
        assert Reveal.objects.count() == number
    assert Reveal.objects.first().reason == "回访客户"
    assert "13800001234" not in every_tab(client, row)


@pytest.mark.parametrize(
    ("role", "field", "status"),
    [
        (Role.CUSTOMER_SERVICE, "mobile", 200),
        (Role.COMPLIANCE, "name", 200),
        (Role.OPERATIONS, "mobile", 403),
        (Role.ADMINISTRATOR, "mobile", 403),
        (Role.ANALYST, "name", 403),
        (Role.CUSTOMER_SERVICE, "mobile_index", 404),
        (Role.CUSTOMER_SERVICE, "password", 404),
        (Role.RELATIONSHIP_MANAGER, "mobile", 404),
    ],
)
def test_who_may_reveal_what(world, role, field, status):
    row = member(mobile="13800001234")
    answer = browser_of(staff_of(role)).post(
        f"/members/{row.id}/reveal/", {"field": field, "reason": "核对身份"}
    )
    assert answer.status_code == status
    assert Reveal.objects.count() == (1 if status == 200 else 0)


def test_a_reveal_without_a_token_is_refused(world):
    from django.test import Client

    staff, row = staff_of(Role.CUSTOMER_SERVICE), member(mobile="13800001234")
    client = Client(enforce_csrf_checks=True)
    client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.post(f"/members/{row.id}/reveal/", {"field": "mobile", "reason": "核对身份"})
    assert answer.status_code == 403
    assert "13800001234" not in text(answer)


def test_moves_are_told_with_their_reasons(world):
    row = member()
    move(
        row,
        "growth",
        "decline",
        to_sub_state="at_risk",
        inputs={"rules": 1, "active_on": "2026-01-10", "aum": "5.00"},
    )
    move(
        row,
        "activation",
        "growth",
        NOW - timedelta(days=90),
        inputs={"first_invested_at": "2025-12-16T02:00:00+00:00"},
    )
    page = text(browser_of(staff_of(Role.COMPLIANCE)).get(f"/members/{row.id}/"))
    assert "No login or trade since 10 Jan 2026" in page
    assert "First investment on 16 Dec 2025" in page


def test_the_page_shows_products_and_the_curve_with_its_table(world):
    row = member()
    busy(row, 3)
    client = browser_of(staff_of(Role.COMPLIANCE))
    page = text(client.get(f"/members/{row.id}/"))
    assert '<path class="line"' in page
    assert "¥1,002" in page
    assert "产品2" in text(client.get(f"/members/{row.id}/?tab=products"))


def test_queries_do_not_grow_with_what_happened(world):
    client, counts = browser_of(staff_of(Role.COMPLIANCE)), {}
    for many in (3, 300):
        row = member(number=f"M{many}")
        busy(row, many)
        for tab in TABS:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(f"/members/{row.id}/?tab={tab}").status_code == 200
            counts.setdefault(tab, set()).add(len(queries))
    assert all(len(each) == 1 and max(each) <= 10 for each in counts.values()), counts


def test_the_timeline_is_paged_without_loss_through_equal_instants(world):
    row, client = member(), browser_of(staff_of(Role.COMPLIANCE))
    for number in range(40):
        Event.objects.create(
            member=row, id=f"e{number:02}", at=NOW - timedelta(hours=number // 20), name=f"step{number:02}"
        )
        Transaction.objects.create(
            member=row,
            id=f"t{number:02}",
            at=NOW - timedelta(hours=number // 20),
            kind="buy",
            amount=number + 1,
        )
    seen, after = [], ""
    while True:
        part = client.get(f"/members/{row.id}/timeline/", {"after": after} if after else {}, headers=HTMX)
        assert "<html" not in text(part)
        timeline = part.context_data["timeline"]
        seen += [(entry.source, entry.amount or entry.label) for entry in timeline.rows]
        after = timeline.next
        if not after:
            break
    assert len(seen) == len(set(seen)) == 80 + 2  # first known, registered


def test_the_timeline_without_script_is_the_page_at_its_place(world):
    row, client = member(), browser_of(staff_of(Role.COMPLIANCE))
    answer = client.get(f"/members/{row.id}/timeline/", {"source": "event"})
    assert answer.headers["Location"] == f"/members/{row.id}/?source=event&tab=timeline#timeline"
    Signal.objects.create(member=row, id="s1", at=NOW, kind="closing_request", detail="等了太久")
    for source, there in (("signal", True), ("event", False)):
        page = text(client.get(f"/members/{row.id}/", {"tab": "timeline", "source": source}))
        assert ("等了太久" in page) == there


def test_free_text_is_masked_where_the_role_says_so(world):
    row = member()
    Signal.objects.create(member=row, id="s1", at=NOW, kind="complaint", detail="我的手机 13800001234")
    Event.objects.create(member=row, id="e1", at=NOW, name="task", properties={"note": "请打 13900005678"})
    for role in (Role.OPERATIONS, Role.ADMINISTRATOR, Role.ANALYST):
        page = every_tab(browser_of(staff_of(role)), row)
        assert "13800001234" not in page
        assert "13900005678" not in page


@pytest.mark.parametrize(
    "query",
    [
        "after=x",
        "after=WzFd",
        "source=passwords",
        "after=WyIyMDI2IiwgbnVsbCwgbnVsbF0",
        "since=yesterday",
        "until=0001-01-01",
    ],
)
def test_hostile_timeline_parameters_are_refused(world, query):
    row, client = member(), browser_of(staff_of(Role.COMPLIANCE))
    assert client.get(f"/members/{row.id}/?tab=timeline&{query}").status_code == 400
    assert client.get(f"/members/{row.id}/timeline/?{query}", headers=HTMX).status_code == 400


def test_a_silence_unusual_for_the_member_is_told_and_a_usual_one_is_not(world):
    row, client = member(), browser_of(staff_of(Role.COMPLIANCE))
    for number in range(8):
        at = NOW - timedelta(days=12 + 3 * number)
        Event.objects.create(member=row, id=f"l{number}", at=at, name="login")
    said = "Unusual for this member: no login for 12 days, usually one every 3 days."
    assert said in text(client.get(f"/members/{row.id}/"))
    Event.objects.create(member=row, id="today", at=NOW - timedelta(days=8), name="login")
    assert "Unusual for this member" not in text(client.get(f"/members/{row.id}/"))
