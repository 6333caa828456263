"""Where each fact came from: the system, the import, and who may open it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from crm.directory.provenance import Origins
from crm.imports.models import ImportRun
from crm.runtime.clock import day_of
from crm.staff.models import Role
from members.lifecycle.models import Policy, Standing
from members.portfolio.models import Category, Product, SavingPlan, Transaction, Valuation
from members.profiles.models import Event, Identity, Preference, RiskAssessment
from tests.crm.cast import NOW, browser_of, markup, member, staff_of

TODAY = day_of(NOW)
CAME = NOW - timedelta(days=4)  # 12 March 2026

pytestmark = pytest.mark.usefixtures("world")


def run_of(filename: str = "flows.csv", source: str = "bank", **more) -> ImportRun:
    facts = {"kind": "events", "started_at": CAME, "outcome": "done"} | more
    return ImportRun.objects.create(filename=filename, source=source, **facts)


def imported(role: Role = Role.OPERATIONS):
    """A member of whom everything came in files, the runs by what they brought, a page reader."""
    Policy.objects.get_or_create(version=1, defaults={"effective_from": NOW - timedelta(days=4000)})
    names = ("members", "transactions", "valuations", "events", "saving_plans", "risk_assessments")
    runs = {name: run_of(f"{name}.csv") for name in names}
    row = member(number="U1")
    row.source, row.imported_at, row.region = "bank", NOW - timedelta(days=300), "湖南"
    row.import_id = runs["members"].pk
    row.risk_class, row.risk_assessed_on = "C2", TODAY - timedelta(days=30)
    row.save()
    fund = Product.objects.create(
        code="F", name="稳健一号", category=Category.objects.create(code="fund", name="基金"), risk="R2"
    )
    of = {"member": row}
    Transaction.objects.create(
        id="bank:T1", at=CAME, kind="buy", amount=5, product=fund, import_id=runs["transactions"].pk, **of
    )
    Valuation.objects.create(
        date=TODAY - timedelta(days=2), aum=Decimal(5), import_id=runs["valuations"].pk, **of
    )
    Valuation.objects.create(date=TODAY - timedelta(days=3), aum=Decimal(4), **of)
    Event.objects.create(id="bank:E1", at=CAME, name="login", import_id=runs["events"].pk, **of)
    SavingPlan.objects.create(
        id="bank:P1", amount=5, every="week", started_on=TODAY, import_id=runs["saving_plans"].pk, **of
    )
    RiskAssessment.objects.create(
        assessed_on=row.risk_assessed_on, risk_class="C2", import_id=runs["risk_assessments"].pk, **of
    )
    Preference.objects.create(goal="养老", stated_on=date(2026, 3, 1), source="bank", **of)
    seen = dict.fromkeys(("first_invested_at", "last_trade_at", "last_login_at"), CAME)
    Standing.objects.filter(member=row).update(**seen)
    return row, runs, browser_of(staff_of(role))


def read(client, row, tab: str) -> str:
    return markup(client.get(f"/members/{row.id}/", {"tab": tab}))


def link(run: ImportRun) -> str:
    return f'<a href="/imports/{run.pk}/">imported 12 Mar 2026 ({run.filename})</a>'


SAID = {
    "overview": {
        "valuations": "14 Mar 2026</time> · bank · ",
        "transactions": "bank · ",
        "events": "bank · ",
    },
    "products": {"transactions": "bank · ", "saving_plans": "bank P1 · ", "risk_assessments": "bank · "},
    "timeline": {
        "transactions": "bank T1 · ",
        "events": "bank E1 · ",
        "saving_plans": "bank P1 · ",
        "risk_assessments": "bank · ",
        "members": "bank · ",
    },
    "person": {"members": "bank · "},
    "history": {"risk_assessments": "bank · "},
}


@pytest.mark.parametrize("tab", SAID)
def test_whoever_takes_files_in_is_led_to_the_import_of_each_fact(tab):
    row, runs, client = imported()
    page = read(client, row, tab)
    for name, before in SAID[tab].items():
        assert before + link(runs[name]) in page, name
    assert "source unknown" not in page


@pytest.mark.parametrize("role", [Role.CUSTOMER_SERVICE, Role.COMPLIANCE, Role.ANALYST])
def test_others_read_source_and_day_without_the_files_name_or_a_link(role):
    row, runs, client = imported(role)
    ids = {"bank P1 · ", "bank T1 · ", "bank E1 · "}
    for tab, told in SAID.items():
        page = read(client, row, tab)
        assert "/imports/" not in page
        assert not [run.filename for run in runs.values() if run.filename in page]
        for before in told.values():
            shown = "bank · " if role == Role.ANALYST and before in ids else before
            assert f"{shown}imported 12 Mar 2026" in page


@pytest.mark.parametrize("tab", SAID)
def test_an_administrator_is_led_there_too(tab):
    row, _runs, client = imported(Role.ADMINISTRATOR)
    assert '<a href="/imports/' in read(client, row, tab)


def test_the_own_relationship_manager_reads_source_and_day():
    row, _runs, _client = imported()
    manager = staff_of(Role.RELATIONSHIP_MANAGER)
    row.book_rows.create(staff=manager, started_at=NOW - timedelta(days=9))
    page = read(browser_of(manager), row, "timeline")
    assert "bank T1 · imported 12 Mar 2026<" in page
    assert "transactions.csv" not in page


def test_a_page_reads_all_its_imports_at_once():
    row, _runs, client = imported()
    counted = []
    for more in (0, 20):
        for number in range(more):
            run = run_of(f"more{number}.csv")
            Event.objects.create(member=row, id=f"bank:M{number}", at=CAME, name="login", import_id=run.pk)
            SavingPlan.objects.create(
                member=row, id=f"bank:Q{number}", amount=1, every="day", started_on=TODAY, import_id=run.pk
            )
        for tab in SAID:
            with CaptureQueriesContext(connection) as asked:
                read(client, row, tab)
            imports = [query for query in asked if 'FROM "imports_importrun"' in (query["sql"] or "")]
            assert len(imports) == 1, tab
            counted.append((tab, len(asked)))
    assert len(set(counted)) == len(SAID)
    assert "more7.csv" in read(client, row, "timeline")


def test_the_panel_beside_the_list_reads_no_imports():
    row, _runs, client = imported()
    with CaptureQueriesContext(connection) as asked:
        assert client.get(f"/members/{row.id}/peek/").status_code == 200
    assert not [query for query in asked if "imports_importrun" in (query["sql"] or "")]


def told(role: Role, import_id: int | None, *about: str, **more) -> str:
    return str(Origins(staff_of(role)).of(import_id, *about, **more))


def test_what_is_not_known_is_not_said():
    own = run_of(source="")
    assert told(Role.OPERATIONS, None) == ""
    assert not Origins(staff_of(Role.OPERATIONS)).of(None, "E1")
    assert told(Role.OPERATIONS, 987654, "bank:E1") == "bank E1"  # the import is on record no more
    assert told(Role.COMPLIANCE, own.pk, "E:1") == "E:1 · imported 12 Mar 2026"  # whose ids may look alike
    assert told(Role.ANALYST, own.pk, "E:1") == "imported 12 Mar 2026"
    assert told(Role.COMPLIANCE, None, source="bank", at=CAME) == "bank · 12 Mar 2026"


def test_a_files_name_is_text_and_a_long_one_is_cut():
    nasty = run_of("<img src=x onerror=alert(1)>.csv", source="<b>")
    words = told(Role.OPERATIONS, nasty.pk, "<b>:<i>")
    assert "<img" not in words
    assert "&lt;b&gt; &lt;i&gt; · <a" in words
    long = told(Role.OPERATIONS, run_of("x" * 255).pk)
    assert "x" * 39 + "…" in long
    assert "x" * 41 not in long


def test_a_preference_says_when_and_where_it_was_told():
    row, _runs, client = imported(Role.COMPLIANCE)
    assert "bank · provided on 1 Mar 2026" in read(client, row, "products")
    Preference.objects.update(source="")
    page = read(client, row, "products")
    assert '<dd class="from">provided on 1 Mar 2026</dd>' in page


def test_a_number_of_another_system_says_only_that_system():
    row, runs, client = imported()
    Identity.objects.create(kind="wecom", source="wecom", value="w-7", member=row)
    page = read(client, row, "person")
    assert page.count(link(runs["members"])) == 3  # name, region, member number
    assert '<dd class="from">wecom</dd>' in page


def test_products_bought_through_several_systems_name_them_all():
    row, runs, client = imported()
    later = run_of("later.csv", source="app")
    Transaction.objects.create(
        member=row,
        id="app:T9",
        at=CAME,
        kind="buy",
        amount=1,
        product=Product.objects.get(),
        import_id=later.pk,
    )
    assert f"app, bank · {link(later)}" in read(client, row, "products")


def test_it_is_told_in_chinese():
    row, _runs, _client = imported()
    with translation.override("zh-hans"):
        page = read(browser_of(staff_of(Role.OPERATIONS, language="zh-hans")), row, "products")
    assert "2026-03-12 导入 transactions.csv" in page
    assert "bank · 2026-03-01 提供" in page
