"""What files say of a transaction becomes its kind, and whether a plan or the member decided on a buy."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from members.portfolio.models import Transaction
from tests.crm.imports.files import row, take

pytestmark = pytest.mark.django_db

WORDS = {
    "申购": ("buy", False),
    "定投扣款": ("buy", True),
    "plan_debit": ("buy", True),
    "赎回": ("redemption", False),
    "sell": ("redemption", False),
    "卖出": ("redemption", False),
    "到期": ("payout", False),
    "本金兑付": ("payout", False),
    "分红": ("dividend", False),
    "手续费": ("fee", False),
}


def stored() -> dict[str, tuple[str, bool]]:
    return {
        id_: (kind, debit) for id_, kind, debit in Transaction.objects.values_list("id", "kind", "plan_debit")
    }


def take_kinds(tmp_path, kinds: dict[str, str]):
    lines = [f"{id_},U1,2026-02-01,{kind},5" for id_, kind in kinds.items()]
    return take(tmp_path, "transactions", "\n".join(["transaction_id,member_id,at,kind,amount", *lines, ""]))


def test_every_kind_is_stored_whatever_files_call_it(tmp_path):
    take(tmp_path, "members", row("members"), name="members.csv")
    result = take_kinds(tmp_path, {word: word for word in WORDS})
    assert result.added == len(WORDS), result.rejects
    assert stored() == WORDS


def test_a_corrected_row_changes_who_decided_on_the_buy(tmp_path):
    take(tmp_path, "members", row("members"), name="members.csv")
    take_kinds(tmp_path, {"a": "buy", "b": "plan_debit"})
    again = take_kinds(tmp_path, {"a": "定投扣款", "b": "定投扣款"})
    assert (again.updated, again.unchanged) == (1, 1)
    assert stored() == {"a": ("buy", True), "b": ("buy", True)}
    take_kinds(tmp_path, {"a": "到期兑付"})
    assert stored()["a"] == ("payout", False)


def test_only_a_buy_is_a_plans_debit(tmp_path):
    take(tmp_path, "members", row("members"), name="members.csv")
    take_kinds(tmp_path, {"a": "plan_debit"})
    with pytest.raises(IntegrityError, match="transaction_plan_debit_is_buy"), transaction.atomic():
        Transaction.objects.update(kind="redemption")
