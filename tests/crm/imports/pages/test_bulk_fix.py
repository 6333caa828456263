"""All rows rejected for one reason are fixed together: values, preview, change, undo, retry."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from crm.imports.fixing import bulk_fix
from crm.imports.models import BulkFix, ImportRun, Reject
from crm.staff.models import Role
from members.portfolio.models import Transaction
from tests.crm.cast import NOW, browser_of, staff_of
from tests.crm.imports.files import take
from tests.crm.runtime.queue.steps import drained

pytestmark = pytest.mark.django_db

HEAD = "transaction_id,member_id,at,kind,amount\n"
FEW = ["swap"] * 3 + ["swing"] * 2
WHICH = "?field=kind&code=not_one_of"


@pytest.fixture
def operator() -> Client:
    return browser_of(staff_of(Role.OPERATIONS))


def rejected(folder, kinds=FEW) -> ImportRun:
    take(folder, "members", "member_id\nU1\n")
    rows = "".join(f"x{n},U1,2026-05-01,{kind},10\n" for n, kind in enumerate(kinds))
    take(folder, "transactions", HEAD + rows + "y,U1,2026-05-01,buy,x\n")
    return ImportRun.objects.latest("pk")


def page_of(run: ImportRun) -> str:
    return reverse("import-fix-reason", args=[run.pk]) + WHICH


def keys(run: ImportRun) -> dict[str, str]:
    return {group.shown: group.key for group in bulk_fix.list_values(run, "kind", "not_one_of")[0]}


def test_values_are_listed_with_their_rows_and_lines(tmp_path, operator):
    run = rejected(tmp_path)
    groups, more = bulk_fix.list_values(run, "kind", "not_one_of")
    assert [(g.shown, g.rows, g.lines) for g in groups] == [("swap", 3, [2, 3, 4]), ("swing", 2, [5, 6])]
    assert not more
    text = operator.get(page_of(run)).content.decode()
    assert "swap" in text and "5 rows" in text


def test_the_same_value_has_another_key_in_each_import(tmp_path):
    """Else a file of guesses would tell which of them is a value that is shown masked."""
    first, second = (keys(rejected(tmp_path, [*FEW, extra])) for extra in ("one", "two"))
    assert first["swap"] != second["swap"]


def test_a_preview_changes_nothing_and_tells_what_would_go_in(tmp_path, operator):
    run = rejected(tmp_path)
    form = {f"new-{keys(run)['swap']}": "buy", "do": "preview"}
    text = operator.post(page_of(run), form).content.decode()
    assert "3 rows would change" in text and "Tried with 3 rows: 3 would be imported." in text
    assert not BulkFix.objects.exists() and not Transaction.objects.exists()


def test_a_fix_is_undone_as_long_as_its_rows_wait(tmp_path, operator):
    run = rejected(tmp_path)
    before = {reject.pk: bytes(reject.row) for reject in run.rejects.all()}
    operator.post(page_of(run), {f"new-{keys(run)['swap']}": "buy", "do": "apply"})
    fix = BulkFix.objects.get()
    assert (fix.rows, run.rejects.filter(fix=fix).count()) == (3, 3)
    assert list(keys(run)) == ["swing"]  # what is changed is not offered again
    undo = reverse("import-fix-undo", args=[run.pk, fix.pk])
    operator.post(undo)
    assert {reject.pk: bytes(reject.row) for reject in run.rejects.all()} == before
    assert "already undone" in operator.post(undo, follow=True).content.decode()


def test_changed_rows_are_retried_and_the_others_wait(tmp_path, operator):
    run = rejected(tmp_path)
    operator.post(page_of(run), {f"new-{keys(run)['swap']}": "buy", "do": "apply"})
    page = reverse("import-run", args=[run.pk])
    assert "3 rows were changed" in operator.get(page).content.decode()
    operator.post(reverse("import-rejects", args=[run.pk]), {"do": "retry-changed"})
    assert Transaction.objects.filter(kind="buy").count() == 3
    assert run.rejects.filter(resolved_at=None).count() == 3
    operator.post(reverse("import-fix-undo", args=[run.pk, BulkFix.objects.get().pk]))
    assert Transaction.objects.count() == 3  # what went in stays


@pytest.mark.django_db(transaction=True)
def test_many_changed_rows_are_retried_by_a_worker(tmp_path, world):
    operator = browser_of(staff_of(Role.OPERATIONS))
    run = rejected(tmp_path, ["swap"] * 201 + ["swing"])
    operator.post(page_of(run), {f"new-{keys(run)['swap']}": "buy", "do": "apply"})
    operator.post(reverse("import-rejects", args=[run.pk]), {"do": "retry-changed"})
    drained()
    assert Transaction.objects.count() == 201
    assert list(run.rejects.filter(resolved_at=None).order_by("line").values_list("line", flat=True)) == [
        203,
        204,
    ]


def test_a_value_that_may_be_somebodys_shows_its_shape_only(tmp_path, operator):
    take(tmp_path, "members", "member_id\nU1\n")
    take(tmp_path, "transactions", HEAD + "x,U1,2026-05-01,13812345678,1\nz,U1,2026-05-01,13912345678,1\n")
    run = ImportRun.objects.latest("pk")
    groups, _more = bulk_fix.list_values(run, "kind", "not_one_of")
    assert [(group.shown, group.rows) for group in groups] == [("99999999999", 1)] * 2
    text = operator.get(page_of(run)).content.decode()
    assert not re.search("13[89]12345678", text)
    assert all(group.key in text for group in groups)


def test_all_rows_with_a_reason_are_dismissed_together(tmp_path, operator):
    run = rejected(tmp_path, ["swap"] * 60)
    form = {"every": "1", "field": "kind", "code": "not_one_of", "do": "discard", "reason": "not ours"}
    operator.post(reverse("import-rejects", args=[run.pk]), form)
    assert Reject.objects.filter(run=run, outcome="dismissed").count() == 60
    assert run.rejects.filter(resolved_at=None).count() == 1


def test_the_list_says_that_rows_wait(tmp_path, operator):
    run = rejected(tmp_path, ["swap", "buy"])
    assert "Rows to fix" in operator.get(reverse("imports")).content.decode()
    Reject.objects.filter(run=run).update(outcome="dismissed", resolved_at=NOW)
    assert "Completed" in operator.get(reverse("imports")).content.decode()
    assert "Rows to fix" not in operator.get(reverse("imports")).content.decode()
