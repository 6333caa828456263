"""A rejected row names everything that is wrong with it at once."""

from __future__ import annotations

import pytest

from crm.imports.models import ImportRun, Reject
from tests.crm.imports.files import take

pytestmark = pytest.mark.django_db

MEMBERS = "member_id,mobile,email,birth_date,risk_class,risk_assessed_on,referrer_id\n"


def told(result) -> list[dict[str, str]]:
    return [
        {one.field: one.reason.code, **{also.field: also.reason.code for also in one.also}}
        for one in result.rejects
    ]


def test_every_column_at_fault_is_named(tmp_path):
    take(tmp_path, "members", "member_id\nU1\n")
    result = take(
        tmp_path,
        "transactions",
        "transaction_id,member_id,at,kind,amount,product_id\nx1,U2,yesterday,swap,-5,P9\nx2,U1,2026-05-01,buy,0,\n",
    )
    assert told(result) == [
        {
            "member_id": "no_such_member",
            "at": "not_instant",
            "kind": "not_one_of",
            "amount": "not_positive",
            "product_id": "no_such_product",
        },
        {"amount": "not_positive"},
    ]
    assert result.rejects[0].as_json()["also"][1]["field"] == "kind"


def test_personal_values_and_others_are_named_together(tmp_path):
    result = take(
        tmp_path,
        "members",
        MEMBERS + "U1,138,no-mail,1985-02-30,C9,2026-01-01,U1\nU2,13800138000,a@example.com,,C3,,U2\n",
    )
    assert told(result) == [
        {
            "mobile": "not_mobile",
            "email": "not_email",
            "birth_date": "no_such_day",
            "risk_class": "not_one_of",
            "referrer_id": "own_referrer",
        },
        {"referrer_id": "own_referrer", "risk_class": "class_without_date"},
    ]


def test_a_rule_is_looked_at_only_where_its_columns_are_sound(tmp_path):
    take(tmp_path, "members", "member_id\nU1\n")
    result = take(
        tmp_path,
        "saving_plans",
        "plan_id,member_id,amount,every,started_on,ended_on\n"
        "s1,U1,x,month,2026-05-01,1999-bad\n"
        "s2,U1,x,month,2026-05-01,2026-04-01\n",
    )
    assert told(result) == [
        {"amount": "not_number", "ended_on": "not_day"},
        {"amount": "not_number", "ended_on": "before_start"},
    ]


def test_the_others_are_kept_masked_with_the_row(tmp_path):
    take(tmp_path, "members", MEMBERS + "U1,138,13812345678,1985-02-30,,,\n")
    reject = Reject.objects.get(run=ImportRun.objects.get())
    assert reject.field == "mobile"
    assert [field for field, *_ in reject.also] == ["email", "birth_date"]
    assert "13812345678" not in str(reject.also)
    assert list(reject.reasons) == ["mobile", "email", "birth_date"]
