"""Which column a heading is: never told by how it merely ends."""

from __future__ import annotations

import pytest

from crm.imports import kinds
from crm.imports.vocabulary.headings import decisions, guess_columns, match_columns, repeated

GUESSES = {
    "members": {
        "推荐人姓名": "",
        "推荐人手机号": "",
        "公司地址": "",
        "公司电话": "",
        "紧急联系人手机号": "",
        "手机号(推荐人)": "",
        "ip_address": "",
        "hotel": "",
        "paid": "",
        "updated_at": "",
        "created_at": "",
        "nickname": "",
        "客户经理": "",
        "邮箱地址": "email",
        "客户手机号": "mobile",
        "会员性别": "sex",
        "手机号（必填）": "mobile",
        "手机\n号码*": "mobile",
        "地区(省,市,区)": "region",
        "地区(省/市/区)": "region",
        "Member ID": "member_id",
        "推荐人": "referrer_id",
    },
    "transactions": {
        "金额(元)": "amount",
        "金额（人民币）": "amount",
        "金额/元": "amount",
        "交易金额(CNY)": "amount",
        "手续费金额": "",
        "优惠金额": "",
        "金额(万元)": "",
        "金额(USD)": "",
        "退款金额": "",
        "客户类型": "",
        "交易类型": "kind",
        "已付": "",
        "id": "transaction_id",
        "收入(元)": "amount:in",
    },
}


@pytest.mark.parametrize(
    ("kind", "heading", "column"),
    [(kind, heading, column) for kind, found in GUESSES.items() for heading, column in found.items()],
)
def test_what_a_heading_is_taken_for(kind, heading, column):
    assert guess_columns(kinds.get(kind), [heading]) == [column]


def test_a_columns_own_name_goes_before_a_synonym():
    found = guess_columns(kinds.get("transactions"), ["id", "transaction_id", "金额(元)", "amount"])
    assert found == ["", "transaction_id", "", "amount"]


def test_a_column_goes_to_one_heading():
    kind, header = kinds.get("members"), ["手机", "电话", "手 机"]
    assert guess_columns(kind, header) == ["mobile", "", ""]
    assert repeated(kind, header, ["mobile", "", ""], {}) == ["mobile"]
    assert repeated(kind, header, ["mobile", "", ""], {"手机": "mobile"}) == []


def test_decisions_go_before_guesses():
    kind = kinds.get("members")
    header = ["手机", "电话", "备注", "备注"]
    chosen = ["", "mobile", "", "region"]
    decided = decisions(kind, header, chosen)
    assert decided == {"手机": "", "电话": "mobile", "备注 (2)": "region"}
    assert match_columns(kind, header, decided) == chosen
    assert match_columns(kind, header, {"电话": "mobile"}) == ["", "mobile", "", ""]
