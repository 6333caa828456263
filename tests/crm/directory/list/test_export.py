import csv
import io
from decimal import Decimal

import pytest
from django.utils import translation

from crm.directory.list import export
from crm.directory.list.request.columns import columns_for
from crm.staff.models import Export, Role
from crm.staff.privacy.export_log import term_of
from tests.crm.cast import browser_of, member, staff_of


def rows(answer) -> list[list[str]]:
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


@pytest.mark.parametrize("role", Role)
def test_only_some_roles_take_lists_out(world, role):
    member()
    status = browser_of(staff_of(role)).post("/members/export/", {"purpose": "salon"}).status_code
    may = {Role.TEAM_LEAD, Role.COMPLIANCE, Role.OPERATIONS, Role.ANALYST}
    assert status == (200 if role in may else 403)
    assert browser_of(staff_of(role)).get("/members/export/").status_code in {403, 405}


def test_the_file_holds_what_the_page_shows_masked_alike_and_is_recorded(world):
    member("王小明", number="M-1", stage="decline", aum=Decimal("5.50"), mobile="13800001234")
    member("李雷", stage="growth")
    operations = staff_of(Role.OPERATIONS)
    answer = browser_of(operations).post(
        "/members/export/?stage=decline&cols=stage,aum,region", {"purpose": "salon"}
    )
    assert rows(answer) == [
        ["Member", "Member number", "Stage", "Assets", "Region"],
        ["王*", "M-1", "Decline", "5.50", ""],
    ]
    begun, ended = Export.objects.order_by("id")
    assert (begun.staff, begun.query, begun.columns) == (
        operations,
        {"stage": "decline", "cols": "stage,aum,region", "purpose": "salon"},
        ["stage", "aum", "region"],
    )
    assert (ended.begun_id, ended.rows) == (begun.pk, 1)


@pytest.mark.parametrize(("language", "first"), [("en", "Member"), ("zh-hans", "会员")])
def test_no_two_columns_of_a_file_have_one_heading(world, language, first):
    operations = staff_of(Role.OPERATIONS, language=language)
    columns = ",".join(column.name for column in columns_for(operations))
    headings = rows(browser_of(operations).post(f"/members/export/?cols={columns}", {"purpose": "salon"}))[0]
    assert headings[0] == first
    assert [one for one in headings if headings.count(one) > 1] == []


def test_what_was_searched_for_stays_on_record_encrypted(world):
    member("王小明", number="M-1")
    lead = staff_of(Role.COMPLIANCE)
    rows(browser_of(lead).post("/members/export/?q=M-1&stage=growth", {"purpose": "salon"}))
    begun = Export.objects.get(begun=None)
    assert term_of(begun) == "M-1"
    assert (begun.what, begun.query) == ("members", {"stage": "growth", "purpose": "salon"})
    assert b"M-1" not in bytes(begun.term)


def test_the_file_speaks_the_readers_language_though_it_is_written_after_the_request(world):
    member(number="M-1", stage="decline")
    answer = browser_of(staff_of(Role.OPERATIONS, language="zh-hans")).post(
        "/members/export/?cols=stage", {"purpose": "salon"}
    )
    translation.deactivate_all()
    assert [line[2] for line in rows(answer)] == ["阶段", "衰退"]


def test_an_analyst_takes_out_nobodys_name(world):
    row = member("王小明", number="M-1")
    lines = rows(browser_of(staff_of(Role.ANALYST)).post("/members/export/?cols=stage", {"purpose": "salon"}))
    assert lines[1] == [f"#{row.pk}", f"#{row.pk}", "Growth"]


def test_no_cell_is_a_formula(world):
    member("=1+1", number="@SUM(A1)")
    member("甲", number="－2+3")
    lines = rows(
        browser_of(staff_of(Role.COMPLIANCE)).post(
            "/members/export/?cols=stage&sort=registered", {"purpose": "salon"}
        )
    )
    assert {line[1] for line in lines[1:]} == {"'@SUM(A1)", "'－2+3"}
    assert [line[0] for line in lines[1:] if line[1] == "'@SUM(A1)"] == ["'=*"]


def test_the_file_goes_on_beyond_a_page_and_says_where_it_ends(world, monkeypatch):
    for number in range(7):
        member("甲", aum=Decimal(number))
    monkeypatch.setattr(export, "PAGE", 2)
    client = browser_of(staff_of(Role.OPERATIONS))
    lines = rows(client.post("/members/export/?cols=aum", {"purpose": "salon"}))
    assert [line[2] for line in lines[1:]] == [f"{number}.00" for number in range(6, -1, -1)]
    monkeypatch.setattr(export, "MOST", 3)
    lines = rows(client.post("/members/export/?cols=aum", {"purpose": "salon"}))
    assert len(lines) == 5
    assert "only the first 3 members" in lines[-1][0]
    assert Export.objects.order_by("-id")[0].rows == 3


@pytest.mark.parametrize("purpose", ["", "  ", "."])
def test_without_a_purpose_nothing_leaves_and_nothing_is_recorded(world, purpose):
    client = browser_of(staff_of(Role.OPERATIONS))
    answer = client.post("/members/export/?cols=aum&stage=growth", {"purpose": purpose})
    assert answer.status_code in (302, 303) and answer["Location"] == "/members/?cols=aum&stage=growth"
    assert not Export.objects.exists()
    assert 'name="purpose"' in client.get("/members/?stage=growth").content.decode()


def test_a_damaged_address_is_refused_before_anything_is_recorded(world):
    assert (
        browser_of(staff_of(Role.OPERATIONS))
        .post("/members/export/?stage=x", {"purpose": "salon"})
        .status_code
        == 400
    )
    assert not Export.objects.exists()
