"""What a file's values leave open is asked on its page, shown before anything is stored, and remembered."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import translation

from crm.imports import kinds
from crm.imports.models import Upload
from crm.imports.options import ReadingOptions
from crm.imports.vocabulary.words import match, word_choices
from crm.staff.models import Role
from members.portfolio.models import Transaction
from members.profiles.models import Member
from tests.crm.cast import browser_of, staff_of
from tests.crm.imports.files import row, take
from tests.crm.imports.sending import sent, started
from tests.crm.runtime.queue.steps import drained

LINES = "流水号,会员号,时间,交易类型,金额\n"
BODY = 'T1,U1,03/04/2026,申购,"¥1,234.00"\nT2,U1,05/04/2026,转换,1\nT3,U1,2026/4/6,无,1\n'


@pytest.fixture
def operator(world, tmp_path, settings) -> Client:
    settings.VAR_DIR = tmp_path
    take(tmp_path, "members", row("members", name="王芳", region="上海"), name="members.csv")
    return browser_of(staff_of(Role.OPERATIONS))


def page(client: Client, upload: Upload) -> str:
    return client.get(f"/imports/uploads/{upload.pk}/").content.decode()


@pytest.mark.parametrize(
    ("kind", "column", "word", "ours"),
    [
        ("products", "risk", "R2（中低风险）", "R2"),
        ("products", "risk", "R4-中高风险", "R4"),
        ("risk_assessments", "risk_class", "C3（平衡型）", "C3"),
        ("risk_assessments", "risk_class", "C2 稳健型", "C2"),
        ("risk_assessments", "risk_class", "稳健型", ""),  # C2 of one firm, C3 of another
        ("transactions", "kind", "贖回", "redemption"),
        ("transactions", "kind", "申購", "buy"),
        ("transactions", "kind", "SELL", "redemption"),
        ("transactions", "kind", "卖出", "redemption"),
        ("transactions", "kind", "到期", "payout"),
        ("transactions", "kind", "本金兑付", "payout"),
        ("transactions", "kind", "到期贖回", "payout"),
        ("transactions", "kind", "定投扣款", "plan_debit"),
        ("transactions", "kind", "plan debit", "plan_debit"),
    ],
)
def test_words_with_their_code_and_traditional_ones_are_known(kind, column, word, ours):
    assert match(kinds.get(kind), column, word, ReadingOptions()) == ours


def decide(client: Client, upload: Upload, do: str = "check", **fields: str) -> Upload:
    columns = {f"column-{place}": name for place, name in enumerate(upload.columns)}
    response = client.post(f"/imports/uploads/{upload.pk}/", columns | fields | {"do": do})
    assert response.headers["Location"] == f"/imports/uploads/{upload.pk}/"
    upload.refresh_from_db()
    return upload


def test_open_questions_are_asked_answered_and_remembered(operator):
    upload = sent(operator, "transactions", LINES + BODY)
    found = upload.trial["values"]
    assert (found["dates"], found["first"], found["nothing"]) == (2, "", ["无"])
    assert found["words"] == [["kind", "申购", "buy"], ["kind", "转换", ""]]
    shown = page(operator, upload)
    assert all(text in shown for text in ('name="dates"', 'name="nothing"', 'name="blanks"', "申购", "转换"))
    assert upload.trial["counts"]["rejected"] == 3
    with translation.override("zh-hans"):
        assert word_choices(kinds.get("transactions"), "kind")[0] == ("buy", "申购 (buy)")
    decide(operator, upload, dates="day", **{"word-0": "buy", "word-1": "redemption"})
    assert upload.trial["counts"]["rejected"] == 1
    assert upload.trial["words"] == {"kind": {"申购": "buy", "转换": "redemption"}}
    started(operator, upload, dates="day")
    drained()
    assert {(t.id, t.kind, f"{t.amount}") for t in Transaction.objects.all()} == {
        ("T1", "buy", "1234.00"),
        ("T2", "redemption", "1.00"),
    }
    again = sent(operator, "transactions", LINES + "T4,U1,03/04/2026,转换,1\n")
    assert again.trial["counts"]["rejected"] == 0


def test_dates_that_show_their_order_propose_it(operator):
    upload = sent(operator, "transactions", LINES + "T1,U1,31/03/2026,申购,1\nT2,U1,03/04/2026,申购,1\n")
    assert upload.trial["values"]["first"] == "day"
    assert '<option value="day" selected>' in " ".join(page(operator, upload).split())


def test_numbers_in_a_column_of_dates_may_be_a_spreadsheets(operator):
    upload = sent(operator, "transactions", LINES + "T1,U1,46054,申购,1\n")
    assert upload.trial["values"]["serials"] == ["at"]
    assert decide(operator, upload, **{"serial-at": "1"}).trial["counts"]["rejected"] == 0
    assert upload.options["serials"] == ["at"]
    assert decide(operator, upload).trial["counts"]["rejected"] == 1


def test_what_clearing_would_clear_is_shown_before_it_is_done(operator):
    upload = sent(operator, "members", "会员号,姓名,地区\nU1,,北京\n")
    decide(operator, upload, do="import", blanks="clear")
    assert upload.trial["cleared"] == {"name": 1}
    assert "1 stored value is cleared: Name 1" in page(operator, upload)
    started(operator, upload, blanks="clear")
    drained()
    assert Member.objects.values_list("name", "region").get() == ("", "北京")


def test_words_that_may_name_somebody_are_not_shown(operator):
    upload = sent(operator, "transactions", LINES + "T1,U1,2026-04-03,张三 13812345678,1\n")
    assert upload.trial["values"]["words"] == []
    assert "13812345678" not in page(operator, upload)
