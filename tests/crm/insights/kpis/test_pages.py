"""The registry's pages and the form that sets a target."""

import json
from datetime import date
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from crm.insights.kpis.compute import compute
from crm.insights.kpis.definition import FEWEST
from crm.insights.kpis.registry import KPIS
from crm.insights.kpis.targets import BadTarget, CannotUndo, set_target, target_on, undo_target
from crm.insights.kpis.values import read_board
from crm.insights.models import KpiTarget
from crm.staff.models import Role, Staff
from crm.staff.permissions import NotAllowed
from crm.staff.privacy.access_log import ReasonMissing
from members.profiles.models import Book
from tests.crm.cast import NOW, browser_of, markup, staff_of
from tests.crm.insights.people import at, channel, client, person, spend

TODAY = date(2026, 3, 16)
HTMX = {"HX-Request": "true"}
SETS = {Role.OPERATIONS, Role.ADMINISTRATOR}


def form(**changes) -> dict[str, str]:
    return {"value": "25", "effective_from": "2026-03-01", "reason": "Plan of the year"} | changes


@pytest.fixture
def counted(world):
    """A channel with spend and two registrations, a client in a book, counted up to yesterday."""
    search = channel("search")
    spend(search, date(2026, 3, 2), "90")
    person(registered=at(3, 2), channel=search), person(registered=at(3, 3), channel=search)
    compute(last_day=date(2026, 3, 15), now=NOW)
    return search


@pytest.mark.parametrize("role", Role)
def test_every_role_reads_the_registry_and_who_may_finds_the_form(world, role):
    browser = browser_of(staff_of(role))
    assert browser.get("/kpis/").status_code == 200
    page = browser.get("/kpis/retention/").content.decode()
    assert ("Set target" in page) == (role in SETS)
    assert browser.get("/kpis/unknown/").status_code == 404


def test_each_kpi_has_its_page_in_the_reader_s_language(world):
    browser = browser_of(staff_of(Role.OPERATIONS, language="zh-hans"))
    listed = browser.get("/kpis/").content.decode()
    assert "首投转化率" in listed and "尚无触达记录" in listed
    for kpi in KPIS:
        assert f"/kpis/{kpi.code}/" in listed
        page = browser.get(f"/kpis/{kpi.code}/").content.decode()
        assert (f'action="/kpis/{kpi.code}/target/"' in page) == kpi.is_measured


def test_a_kpi_tells_value_parts_channels_formula_and_sql(counted):
    page = markup(browser_of(staff_of(Role.ANALYST)).get("/kpis/cost_per_registration/"))
    assert "¥45" in page
    assert "Total channel spend ÷ New registrations" in page
    assert '<b><a href="/kpis/cost_per_registration/members/denominator/?month=2026-03"' in page
    assert "Search" in page
    assert "FROM profiles_channelspend" in page
    assert "注册成本" in page  # the name in the other language
    shared = browser_of(staff_of(Role.ANALYST)).get("/kpis/churn_rate/").content.decode()
    assert "FROM lives" in shared and "FROM lifecycle_standing AS standing" in shared


def test_a_manager_reads_the_values_of_the_own_book(world):
    manager = staff_of(Role.RELATIONSHIP_MANAGER)
    Book.objects.create(member=client("700"), staff=manager, started_at=at(1, 1))
    client("100")
    compute(last_day=date(2026, 3, 15), now=NOW)
    assert "¥700" in browser_of(manager).get("/kpis/aum_per_client/").content.decode()
    assert "¥400" in browser_of(staff_of(Role.ANALYST)).get("/kpis/aum_per_client/").content.decode()
    page = browser_of(manager).get("/kpis/cost_per_registration/").content.decode()
    assert "Calculated for the whole company only." in page
    listed = browser_of(manager).get("/kpis/").content.decode()
    assert "/kpis/aum_per_client/" in listed and "/kpis/cost_per_registration/" not in listed


@pytest.mark.parametrize("role", Role)
def test_only_operations_and_administrators_set_targets(world, role):
    staff = staff_of(role)
    answer = browser_of(staff).post("/kpis/retention/target/", form())
    assert answer.status_code == (302 if role in SETS else 403)
    assert KpiTarget.objects.count() == (role in SETS)
    assert browser_of(staff).get("/kpis/retention/target/").status_code in {403, 405}
    if role not in SETS:
        with pytest.raises(NotAllowed):
            set_target(
                kpi="retention", value=None, effective_from=TODAY, reason="because", staff=staff, now=NOW
            )


def test_a_target_is_entered_in_percent_kept_with_its_history_and_compared(world):
    staff = staff_of(Role.OPERATIONS)
    for _ in range(FEWEST):
        client("700", stage="maturity")
    compute(last_day=date(2026, 3, 15), now=NOW)
    browser = browser_of(staff)
    for value, day in (("90", "2026-01-01"), ("97.5", "2026-03-01"), ("99", "2026-04-01")):
        browser.post("/kpis/dormant_share_long/target/", form(value=value, effective_from=day))
    assert list(KpiTarget.objects.order_by("id").values_list("value", flat=True)) == [
        Decimal("0.9"), Decimal("0.975"), Decimal("0.99"),
    ]  # fmt: skip
    page = browser.get("/kpis/dormant_share_long/").content.decode()
    assert page.count("Plan of the year") == 3
    (dormant,) = (
        one for one in read_board(staff, date(2026, 3, 1)).readings if one.kpi.code == "dormant_share_long"
    )
    assert (dormant.target, dormant.value, dormant.meets_target) == (Decimal("0.975"), 0, True)
    (before,) = (
        one for one in read_board(staff, date(2026, 2, 1)).readings if one.kpi.code == "dormant_share_long"
    )
    assert (before.target, before.meets_target) == (Decimal("0.9"), None)
    browser.post("/kpis/retention/target/", form(value="50"))
    assert "1 of 1 target is missed" not in browser.get("/kpis/").content.decode()
    browser.post("/kpis/aum_per_client/target/", form(value="800"))
    assert "1 of 3 targets missed" in browser.get("/kpis/").content.decode()
    browser.post("/kpis/aum_per_client/target/", form(value=""))
    page = browser.get("/kpis/").content.decode()
    assert "0 of 2 targets missed." in page and "no comparable value" not in page


def test_the_sentence_counts_every_target_and_says_which_cannot_be_judged(world):
    staff = staff_of(Role.OPERATIONS)
    for _ in range(FEWEST):
        client("700", stage="maturity")
    compute(last_day=date(2026, 3, 15), now=NOW)
    browser = browser_of(staff)
    for kpi, value in (
        ("dormant_share_long", "90"),
        ("registration_conversion", "80"),
        ("lead_registration", "10"),
    ):
        assert browser.post(f"/kpis/{kpi}/target/", form(value=value)).status_code in (204, 302)
    page = markup(browser.get("/kpis/"))
    assert "0 of 3 targets missed. 2 of them have no comparable value this month." in page
    assert "No targets set." in browser.get("/kpis/?month=2025-12").content.decode()


def test_a_month_is_judged_everywhere_by_the_target_of_its_last_counted_day(world):
    staff = staff_of(Role.OPERATIONS)
    client("700")
    compute(last_day=date(2026, 3, 15), now=NOW)
    browser = browser_of(staff)
    address = "/kpis/aum_per_client/"
    for value, day in (("500", "2026-03-01"), ("800", "2026-03-16")):
        browser.post(f"{address}target/", form(value=value, effective_from=day))
    page = browser.get(address).content.decode()
    assert "target: at least ¥500" in page and "at least ¥800" not in page
    assert "Target from 16 Mar 2026: ¥800." in strip_tags(page)
    assert (
        page.count(">on target</span>") == 2 and ">off target</span>" not in page
    )  # at the top and among the months
    assert "0 of 1 target missed" in browser.get("/kpis/").content.decode()


def test_the_form_begins_with_the_target_in_force_and_a_change_can_be_undone(world):
    browser = browser_of(staff_of(Role.OPERATIONS))
    address = "/kpis/retention/target/"
    assert 'name="value" value="' not in browser.get("/kpis/retention/").content.decode()
    browser.post(address, form(value="97.5"))
    assert 'name="value" value="97.5"' in browser.get("/kpis/retention/").content.decode()
    browser.post(address, form(value="80", effective_from="2026-03-16"))
    page = browser.get("/kpis/retention/").content.decode()
    undo = f"{address}{KpiTarget.objects.latest('id').pk}/undo/"
    assert "data-undo" in page and f'action="{undo}"' in page
    assert f'action="{undo}"' not in browser.get("/kpis/retention/").content.decode()
    answer = browser.post(address, form(value="90", effective_from="2026-03-16"), headers=HTMX)
    said = json.loads(answer.headers["HX-Trigger"])
    assert "targets:changed" in said
    assert browser.post(said["toast"]["undo"]["address"], headers=HTMX).status_code == 204
    assert target_on(list(KpiTarget.objects.all()), TODAY) == Decimal("0.8")


def test_a_target_is_undone_once_by_whoever_set_it_while_nobody_has_set_another(world):
    mine = staff_of(Role.OPERATIONS)
    browser, other = browser_of(mine), staff_of(Role.OPERATIONS)
    browser.post("/kpis/retention/target/", form(value="90"))
    undo = f"/kpis/retention/target/{KpiTarget.objects.get().pk}/undo/"
    assert browser_of(other).post(undo).status_code == 404
    assert browser.post(undo.replace("retention", "churn_rate")).status_code == 404
    assert browser.get(undo).status_code == 405
    assert browser.post(undo, headers=HTMX).status_code == 204
    assert target_on(list(KpiTarget.objects.all()), TODAY) is None
    again = browser.post(undo, headers=HTMX)
    assert again.status_code == 422
    assert json.loads(again.headers["HX-Trigger"])["toast"]["level"] == "error"
    assert "Nothing was undone." in browser.post(undo, follow=True).content.decode()
    assert KpiTarget.objects.count() == 2
    Staff.objects.filter(pk=mine.pk).update(role=Role.ANALYST)
    assert browser.post(undo).status_code == 403


def test_an_undo_leaves_alone_what_somebody_else_has_set_since(world):
    mine, other = staff_of(Role.OPERATIONS), staff_of(Role.ADMINISTRATOR)
    first, second = (
        set_target(kpi="retention", value=value, effective_from=TODAY, reason="Plan", staff=staff, now=NOW)
        for staff, value in ((mine, Decimal("0.5")), (other, Decimal("0.6")))
    )
    with pytest.raises(CannotUndo):
        undo_target(kpi="retention", target_id=first.pk, staff=mine, now=NOW)
    with pytest.raises(NotAllowed):
        undo_target(kpi="retention", target_id=second.pk, staff=staff_of(Role.ANALYST), now=NOW)
    assert target_on(list(KpiTarget.objects.all()), TODAY) == Decimal("0.6")


@pytest.mark.parametrize(
    ("kpi", "changes"),
    [
        ("retention", {"value": "100.01"}),
        ("retention", {"value": "-1"}),
        ("retention", {"value": "NaN"}),
        ("retention", {"value": "x"}),
        ("retention", {"reason": "a"}),
        ("retention", {"effective_from": "someday"}),
        ("aum_per_client", {"value": "99999999999999"}),
        ("win_back_success_rate", {}),
    ],
)
def test_what_cannot_be_a_target_is_told_beside_its_field(world, kpi, changes):
    answer = browser_of(staff_of(Role.OPERATIONS)).post(f"/kpis/{kpi}/target/", form(**changes))
    assert answer.status_code == 422
    assert not KpiTarget.objects.exists()


def test_the_domain_call_refuses_what_the_form_would(world):
    staff = staff_of(Role.OPERATIONS)
    good = {
        "kpi": "retention",
        "value": Decimal("0.5"),
        "effective_from": TODAY,
        "reason": "because",
        "staff": staff,
    }
    for wrong, error in (
        ({"value": Decimal(2)}, BadTarget), ({"kpi": "x"}, BadTarget), ({"reason": " a "}, ReasonMissing),
    ):  # fmt: skip
        with pytest.raises(error):
            set_target(**good | wrong, now=NOW)
    target = set_target(**good, now=NOW)
    assert target_on([target], date(2026, 3, 15)) is None
    for statement in ("UPDATE insights_kpitarget SET value = 1", "DELETE FROM insights_kpitarget"):
        with (
            pytest.raises(ProgrammingError, match="denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
        with (
            pytest.raises(IntegrityError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute("SET LOCAL ROLE NONE")
            cursor.execute(statement)


@pytest.mark.parametrize("role", [Role.RELATIONSHIP_MANAGER, Role.OPERATIONS])
def test_a_kpi_s_page_asks_little(counted, role):
    staff = staff_of(role)
    browser, numbers = browser_of(staff), []
    setter = staff_of(Role.OPERATIONS)
    for targets in (1, 20):
        for number in range(targets):
            set_target(
                kpi="cost_per_registration", value=Decimal(number), effective_from=TODAY, reason="because",
                staff=setter, now=NOW,
            )  # fmt: skip
            channel(f"c{targets}-{number}")
        compute(last_day=date(2026, 3, 15), now=NOW)
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            assert browser.get("/kpis/cost_per_registration/").status_code == 200
        numbers.append(len(queries))
    assert numbers[0] == numbers[1] <= 10
