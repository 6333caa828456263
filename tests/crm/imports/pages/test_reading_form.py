"""The page says how a file is read before anything is stored, and takes other decisions."""

from __future__ import annotations

import pytest
from django.test import Client

from crm.imports.models import SourceMemory, Upload
from crm.staff.models import Role
from members.profiles.models import Member
from tests.crm.cast import browser_of, staff_of
from tests.crm.imports.sending import send, sent, started
from tests.crm.imports.workbooks.making import xlsx

BILL = """中国银行信用卡账单(2026年02月)

交易日,银行记账日,交易描述,存入,支出,币种
2026-02-13,2026-02-14,上海公共交通卡,,50.00,CNY
2026-02-20,2026-02-20,存款利息,0.01,,CNY
合计,,,0.01,50.00,
"""


@pytest.fixture
def operator(world) -> Client:
    return browser_of(staff_of(Role.OPERATIONS))


@pytest.fixture(autouse=True)
def _a_vault_of_its_own(settings, tmp_path):
    settings.VAR_DIR = tmp_path


def page_of(client: Client, upload: Upload) -> str:
    return client.get(f"/imports/uploads/{upload.pk}/").content.decode()


def decide(client: Client, upload: Upload, **fields: str):
    return client.post(f"/imports/uploads/{upload.pk}/", {"do": "check"} | fields)


def test_a_bill_goes_in_once_it_is_said_whose_it_is(operator):
    sent(operator, "members", "member_id\nU1\n", source="boc")
    upload = sent(operator, "transactions", BILL.encode("gb18030"), source="boc")
    page = page_of(operator, upload)
    assert "The table begins in line 3." in page
    assert "Time is combined from: 交易日." in page
    assert "Money in is recorded as redemption, money out as buy." in page
    assert "No column is mapped to: Transaction ID, Member number" in page
    fields = {"fixed-member_id": "U1", "row_ids": "1", "money_in": "dividend", "money_out": "fee"}
    assert decide(operator, upload, **fields).status_code == 302
    page = page_of(operator, upload)
    assert "Member number is U1 in all rows." in page
    assert "Transaction ID is generated from each row." in page
    assert "Money in is recorded as dividend, money out as fee." in page
    assert "2 rows:" in page
    run = started(operator, upload)
    assert run.options["constants"] == {"member_id": "U1"}
    again = sent(operator, "transactions", BILL.encode("gb18030"), source="boc")
    assert again.remembered
    assert again.options["money_in"] == "dividend"
    assert "constants" not in again.options


def test_other_decisions_find_other_headings(operator):
    upload = sent(operator, "channels", "Channels of today\nchannel;name\napp;An app\n")
    assert (upload.table_line, upload.header) == (2, ["channel", "name"])
    assert decide(operator, upload, table_line="1", delimiter=",").status_code == 302
    upload.refresh_from_db()
    assert (upload.table_line, upload.header) == (1, ["Channels of today"])
    assert decide(operator, upload, table_line="", delimiter="").status_code == 302
    upload.refresh_from_db()
    assert upload.columns == ["channel", "name"]
    refused = decide(operator, upload, table_line="99")
    assert refused.status_code == 422
    assert "line 99 is empty or does not exist" in refused.content.decode()
    upload.refresh_from_db()
    assert upload.table_line == 2


def test_a_table_that_was_found_by_hand_is_found_for_the_next_file(operator):
    content = "channel;name\nx;y\ncode#what\napp#An app\n"
    upload = sent(operator, "channels", content, source="odd")
    decide(operator, upload, table_line="3", delimiter="|")
    upload.refresh_from_db()
    assert upload.header == ["code#what"]
    decide(operator, upload, **{"column-0": "channel"})
    assert SourceMemory.objects.get().options["table_line"] == 3
    again = sent(operator, "channels", content.replace("An app", "Another"), source="odd")
    assert (again.header, again.remembered) == (["code#what"], True)


def test_a_sheet_is_chosen(operator):
    book = xlsx([["channel"], ["a"]], [["channel"], ["b"], ["c"]], names=("一月", "二月"))
    upload = sent(operator, "channels", book, name="list.xlsx")
    assert upload.sheets == ["一月", "二月"]
    assert "1 row:" in page_of(operator, upload)
    decide(operator, upload, sheet="二月")
    assert "2 rows:" in page_of(operator, upload)
    assert "Sheet: 二月." in page_of(operator, upload)


def test_the_page_of_a_wide_file_is_small_and_can_be_sent_back(operator):
    names = ",".join(f"c{n}" for n in range(3000))
    row = "U1" + "," * 3001 + "上海"
    upload = sent(operator, "members", f"member_id,{names},wohnort\n{row}\n")
    page = page_of(operator, upload)
    assert len(page) < 500_000
    assert page.count("<select") < 220
    assert "2,802 more columns are not imported" in page
    form = {"more-heading": "wohnort", "more-column": "region"}
    assert decide(operator, upload, **form).status_code == 302
    upload.refresh_from_db()
    assert (upload.columns[0], upload.columns[-1]) == ("member_id", "region")
    assert not Member.objects.exists()


def test_more_columns_than_the_limit_are_told_in_a_sentence(operator):
    names = ",".join(f"c{n}" for n in range(60_001))
    page = send(operator, "members", f"{names}\n{names}\n")
    assert page.status_code == 422
    assert "60001 columns; a file may have up to 10000" in page.content.decode()
    assert len(page.content) < 100_000
    assert not Upload.objects.exists()
