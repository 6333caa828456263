"""The members file: identity, personal values, referrers, risk class, what may not be taken back."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from crm.imports import kinds
from crm.imports.loading import load as load_module
from crm.imports.options import ReadingOptions
from crm.imports.vocabulary.headings import guess_columns
from crm.runtime.secrets.crypto import blind_index, decrypt
from members.profiles.models import Identity, Member, RiskAssessment, SearchTerm
from tests.crm.imports.files import NOW, first, take

pytestmark = pytest.mark.django_db

CLEAR = ReadingOptions(blanks="clear")

ALL = (
    "member_id,registered_at,name,mobile,email,id_number,address,sex,birth_date,region,occupation,income_band,"
    "channel,campaign,referrer_id,risk_class,risk_assessed_on,investor_type,language,tags\n"
)


def member(outside_id: str) -> Member:
    return Member.objects.get(identities__kind="member", identities__value=outside_id)


def test_a_whole_row(tmp_path):
    row = (
        "U1,2024-01-01T08:00,单小明,+86 138-1234-5678,Zhang@Example.COM,11010519491231002x,"
        " 北京市  朝阳区 ,男,1949-12-31,北京,工程师,20-50"
        ",app,spring,,c3,2026-01-02,Ordinary,zh-hans,vip; gold |vip\n"
    )
    result = take(tmp_path, "members", ALL + row)
    assert (result.added, result.created) == (1, {"channels": ["app"]})
    found = member("U1")
    assert decrypt("mobile", found.mobile) == "13812345678"
    assert bytes(found.mobile_index) == blind_index("mobile", "13812345678")
    assert decrypt("email", found.email) == "zhang@example.com"
    assert decrypt("id_number", found.id_number) == "11010519491231002X"
    assert decrypt("address", found.address) == "北京市 朝阳区"
    assert (found.sex, found.risk_class, found.investor_type) == ("male", "C3", "ordinary")
    assert found.tags == ["gold", "vip"]
    assert found.registered_at == found.known_at == datetime(2024, 1, 1, tzinfo=UTC)
    assert found.imported_at == NOW
    assert RiskAssessment.objects.get().assessed_on == date(2026, 1, 2)
    terms = set(SearchTerm.objects.values_list("term", flat=True))
    assert terms == {"单小明", "小明", "明", "shanxiaoming", "xiaoming", "ming", "sxm", "xm", "u1"}
    again = take(tmp_path, "members", ALL + row)
    assert (again.added, again.updated, again.unchanged) == (0, 0, 1)


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("13812345678", "13812345678"),
        ("86 13812345678", "13812345678"),
        ("0086-138 1234 5678", "13812345678"),
        ("+852 9123 4567", "+85291234567"),
        ("00852 91234567", "+85291234567"),
        ("91234567", "91234567"),
    ],
)
def test_a_mobile_has_one_form(tmp_path, written, stored):
    take(tmp_path, "members", f"member_id,mobile\nU1,{written}\n")
    assert decrypt("mobile", Member.objects.get().mobile) == stored


def test_an_absent_column_leaves_and_an_empty_value_clears_where_chosen(tmp_path):
    take(tmp_path, "members", "member_id,name,mobile,region,tags\nU1,张三,13812345678,北京,a;b\n")
    assert take(tmp_path, "members", "member_id,region\nU1,上海\n").updated == 1
    found = Member.objects.get()
    assert (found.name, found.region, found.tags) == ("张三", "上海", ["a", "b"])
    assert SearchTerm.objects.filter(term="zhangsan").exists()
    take(tmp_path, "members", "member_id,mobile,tags,name\nU1,,,\n", options=CLEAR)
    found.refresh_from_db()
    assert (found.name, found.mobile, found.mobile_index, found.tags, found.region) == (
        "",
        None,
        None,
        [],
        "上海",
    )
    assert set(SearchTerm.objects.values_list("term", flat=True)) == {"u1"}


def test_a_new_name_is_found_and_the_old_one_is_not(tmp_path):
    take(tmp_path, "members", "member_id,name\nU1,张三\n")
    take(tmp_path, "members", "member_id,name\nU1,李四\n")
    terms = set(SearchTerm.objects.values_list("term", flat=True))
    assert terms == {"李四", "四", "lisi", "si", "ls", "u1"}


def test_a_prospect_registers_but_nobody_becomes_a_prospect_again(tmp_path):
    head = "member_id,registered_at\n"
    take(tmp_path, "members", head + "U1,\n")
    assert member("U1").known_at == NOW
    assert take(tmp_path, "members", head + "U1,2026-05-01\n").updated == 1
    assert member("U1").known_at == datetime(2026, 4, 30, 16, tzinfo=UTC)
    result = take(tmp_path, "members", head + "U1,\nU2,2026-05-01\nU2,\n", options=CLEAR)
    assert [(one.line, one.why) for one in result.rejects] == [
        (2, "a registered member cannot become a lead again"),
        (4, "a registered member cannot become a lead again"),
    ]
    assert member("U1").registered_at is not None


@pytest.mark.parametrize("size", [1, 60, 1 << 20])
def test_a_referrer_may_come_later_in_the_file(tmp_path, monkeypatch, size):
    monkeypatch.setattr(load_module, "CAREFUL_CHUNK", size)
    rows = "".join(f"U{n},U{n + 1}\n" for n in range(30)) + "U30,\nA1,X9\nB1,A1\nC1,B1\n"
    result = take(tmp_path, "members", "member_id,referrer_id\n" + rows)
    assert (result.read, result.added, result.rejected) == (34, 31, 3)
    assert [(one.line, one.value) for one in result.rejects] == [(33, "X9"), (34, "A1"), (35, "B1")]
    assert member("U0").referrer_id == member("U1").id
    assert Member.objects.filter(referrer=None).count() == 1
    again = take(tmp_path, "members", "member_id,referrer_id\n" + rows)
    assert (again.added, again.updated, again.unchanged, again.rejected) == (0, 0, 31, 3)


def test_an_older_risk_class_does_not_replace_a_newer(tmp_path):
    head = "member_id,risk_class,risk_assessed_on\n"
    take(tmp_path, "members", head + "U1,C3,2026-02-01\n")
    assert take(tmp_path, "members", head + "U1,C1,2025-02-01\n").updated == 0
    found = Member.objects.get()
    assert (found.risk_class, found.risk_assessed_on) == ("C3", date(2026, 2, 1))
    assert RiskAssessment.objects.count() == 2


@pytest.mark.parametrize("head", ["member_id,risk_class\n", "member_id,risk_class,risk_assessed_on\n"])
def test_a_risk_class_without_its_date_is_rejected(tmp_path, head):
    whole = "member_id,risk_class,risk_assessed_on\n"
    take(tmp_path, "members", whole + "U1,C1,2025-10-01\n")
    end = "," * (head.count(",") - 1)
    result = take(tmp_path, "members", f"{head}U1,C4{end}\nU2,C4{end}\n")
    assert (result.added, result.updated, result.rejected) == (0, 0, 2)
    assert {one.why for one in result.rejects} == {
        "risk_assessed_on is missing: a risk class needs its assessment date"
    }
    assert {one.field for one in result.rejects} == {"risk_class"}
    found = Member.objects.get()
    assert (found.risk_class, found.risk_assessed_on) == ("C1", date(2025, 10, 1))
    assert list(RiskAssessment.objects.values_list("risk_class", flat=True)) == ["C1"]


def test_a_row_without_an_assessment_takes_none_away(tmp_path):
    head = "member_id,risk_class,risk_assessed_on,region\n"
    take(tmp_path, "members", head + "U1,C3,2026-02-01,\n")
    assert take(tmp_path, "members", head + "U1,,,上海\n").updated == 1
    found = Member.objects.get()
    assert (found.risk_class, found.risk_assessed_on, found.region) == ("C3", date(2026, 2, 1), "上海")


def test_class_and_date_stand_together_in_the_database(tmp_path):
    take(tmp_path, "members", "member_id,risk_class,risk_assessed_on\nU1,C3,2026-02-01\n")
    for change in ({"risk_class": None}, {"risk_assessed_on": None}):
        with pytest.raises(IntegrityError, match="risk_class_with_its_date"), transaction.atomic():
            Member.objects.update(**change)


def test_a_member_given_twice_is_one_member(tmp_path):
    result = take(tmp_path, "members", "member_id,name\nU1,张三\nU1,李四\n")
    assert (result.read, result.added, result.unchanged) == (2, 1, 1)
    assert Member.objects.get().name == "李四"
    assert Identity.objects.count() == 1


def test_there_is_no_column_for_consent():
    """A yes needs its evidence: files of consents have it, those of members do not."""
    assert not [name for name in kinds.get("members").mappable if "consent" in name]
    assert guess_columns(kinds.get("members"), ["consent", "marketing_consent", "同意营销"]) == ["", "", ""]


def test_a_quoted_line_break_in_an_address(tmp_path):
    result = take(tmp_path, "members", 'member_id,address\nU1,"北京\n朝阳"\nU2,x,y\n')
    assert first(result) == (4, "", "3 fields; the header has 2")
    assert decrypt("address", member("U1").address) == "北京 朝阳"


def test_a_dry_run_does_not_tell_whether_a_value_is_the_stored_one(tmp_path):
    """Else whoever imports could ask for a mobile that they see masked, one guess after another."""
    take(tmp_path, "members", "member_id,mobile\nU1,13812345678\n")
    told = {
        (tried.updated, tried.unchanged)
        for mobile in ("13812345678", "13900000000")
        for tried in [take(tmp_path, "members", f"member_id,mobile\nU1,{mobile}\n", dry_run=True)]
    }
    assert told == {(1, 0)}


def test_a_dry_run_takes_the_same_steps_for_the_stored_name_and_for_another(tmp_path):
    """Else its time would tell whether a guessed name is the right one."""
    take(tmp_path, "members", "member_id,name\nU1,张三丰\n")
    steps = []
    for name in ("张三丰", "张三元"):
        with CaptureQueriesContext(connection) as queries:
            take(tmp_path, "members", f"member_id,name\nU1,{name}\n", dry_run=True)
        steps.append(len(queries))
    assert steps[0] == steps[1]
