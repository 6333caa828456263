"""Undoing an import: it says what it will do, two people decide, rows and what follows from them go back."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.urls import reverse

from crm.imports import kinds
from crm.imports.models import ImportRun, ImportUndo, Overwritten
from crm.imports.undo import request as undoing
from crm.imports.undo import work
from crm.imports.undo.survey import UNDO_FOR, Refusal, Survey, delete_old, survey, why_not
from crm.runtime.queue.claim import claim_item
from crm.runtime.queue.kinds import Failure
from crm.staff.four_eyes import requests
from crm.staff.models import RequestState, Role
from members.lifecycle.models import Dirty
from members.portfolio.models import Product, Transaction, Valuation
from members.profiles.models import Complaint, Member, RiskAssessment
from tests.crm.cast import browser_of, staff_of
from tests.crm.imports.files import NOW, take

pytestmark = pytest.mark.django_db

HEAD = "member_id,date,aum\n"
DAY = "2026-05-0"


def valued(folder: Path, *rows: str) -> ImportRun:
    take(folder, "valuations", HEAD + "".join(f"U1,{DAY}{row}\n" for row in rows))
    return ImportRun.objects.latest("pk")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    take(tmp_path, "members", "member_id\nU1\nU2\n")
    return tmp_path


def values() -> dict[int, str]:
    return {one.date.day: str(one.aum) for one in Valuation.objects.order_by("date")}


def asked(run: ImportRun, now=NOW):
    return undoing.propose(run, reason="wrong file", maker=staff_of(Role.OPERATIONS), now=now)


def approved(run: ImportRun) -> ImportUndo:
    requests.approve(request_id=asked(run).pk, checker=staff_of(Role.COMPLIANCE), opinion="checked", now=NOW)
    return ImportUndo.objects.get(run=run)


def undone(run: ImportRun) -> ImportUndo:
    undo = approved(run)
    work.Undoing(undo, claim_item(undo.item_id), NOW).run()
    undo.refresh_from_db()
    return undo


def test_added_rows_go_and_overwritten_ones_are_as_they_were(folder):
    first = valued(folder, "1,100", "2,200")
    second = valued(folder, "2,250", "3,300")
    assert survey(second) == Survey(restores=1, removes=1, later=0, by_hand=0, needed=0)
    Dirty.objects.all().delete()
    undo = undone(second)
    assert values() == {1: "100.00", 2: "200.00"}
    assert set(Valuation.objects.values_list("import_id", flat=True)) == {first.pk}
    assert (undo.restored, undo.removed, undo.stayed) == (1, 1, 0)
    assert Dirty.objects.exists()  # the members are evaluated again
    assert not Overwritten.objects.exists()


def test_what_a_later_import_changed_stays_and_is_said_beforehand(folder):
    valued(folder, "1,100")
    wrong = valued(folder, "1,110", "2,200", "3,300")
    valued(folder, "1,120", "2,220")
    assert survey(wrong) == Survey(restores=0, removes=1, later=2, by_hand=0, needed=0)
    undo = undone(wrong)
    assert values() == {1: "120.00", 2: "220.00"}
    assert (undo.removed, undo.stayed) == (1, 2)


def test_two_undos_from_the_latest_on_bring_back_the_beginning(folder):
    valued(folder, "1,100")
    second, third = valued(folder, "1,110", "2,2"), valued(folder, "1,120", "2,3")
    undone(third)
    assert values() == {1: "110.00", 2: "2.00"}
    undone(second)
    assert values() == {1: "100.00"}


def test_what_was_changed_by_hand_stays(folder):
    rows = "c1,U1,2026-05-01,late\nc2,U1,2026-05-02,rude\n"
    take(folder, "complaints", f"complaint_id,member_id,received_at,words\n{rows}")
    run = ImportRun.objects.latest("pk")
    Complaint.objects.filter(id="c1").update(answer="called back")
    assert survey(run) == Survey(restores=0, removes=1, later=0, by_hand=1, needed=0)
    undo = undone(run)
    assert list(Complaint.objects.values_list("id", flat=True)) == ["c1"]
    assert (undo.removed, undo.stayed) == (1, 1)


def test_the_same_import_writing_a_row_twice_is_not_by_hand(folder, monkeypatch):
    monkeypatch.setattr("crm.imports.loading.load.CHUNK", 64)
    run = valued(folder, *(f"{day},{level}" for level in (10, 20, 30) for day in range(1, 6)))
    assert survey(run) == Survey(restores=0, removes=5, later=0, by_hand=0, needed=0)


def test_products_that_others_refer_to_stay(folder):
    take(folder, "products", "product_id,name,category,risk\nP1,Old,bond,R2\n")
    take(folder, "products", "product_id,name,category,risk\nP1,New,bond,R3\nP2,Two,bond,R1\n")
    run = ImportRun.objects.latest("pk")
    assert survey(run) == Survey(restores=1, removes=0, later=0, by_hand=0, needed=1)
    assert undone(run).stayed == 1
    assert list(Product.objects.order_by("code").values_list("name", "risk")) == [
        ("Old", "R2"),
        ("Two", "R1"),
    ]


def test_the_risk_class_follows_the_assessment_that_is_left(folder):
    for day, risk in ((1, "C2"), (2, "C4")):
        take(folder, "risk_assessments", f"member_id,assessed_on,risk_class\nU1,2026-05-0{day},{risk}\n")
    assert Member.objects.get(risk_class="C4")
    undone(ImportRun.objects.latest("pk"))
    member = Member.objects.exclude(risk_class=None).exclude(risk_class="").get()
    assert (member.risk_class, str(member.risk_assessed_on)) == ("C2", "2026-05-01")
    assert RiskAssessment.objects.count() == 1


def test_killed_between_two_steps_the_next_worker_goes_on(folder, monkeypatch):
    monkeypatch.setattr(work, "ROWS", 1)
    monkeypatch.setattr(work, "PAGES", 1)
    valued(folder, "1,100", "2,200", "4,400")
    undo = approved(valued(folder, "1,110", "2,210", "3,300", "5,500"))
    item = claim_item(undo.item_id)
    assert work.Undoing(undo, item, NOW).restore()  # and then it was killed
    undo = ImportUndo.objects.select_related("run").get(pk=undo.pk)
    assert undo.restored == 1
    work.Undoing(undo, item, NOW).run()
    undo.refresh_from_db()
    assert (undo.restored, undo.removed) == (2, 2)
    assert values() == {1: "100.00", 2: "200.00", 4: "400.00"}


def test_one_that_failed_can_be_asked_for_again_and_goes_on(folder, monkeypatch):
    monkeypatch.setattr(work, "ROWS", 1)
    valued(folder, "1,100", "2,200")
    run = valued(folder, "1,110", "2,210", "3,300")
    undo = approved(run)
    item = claim_item(undo.item_id)
    work.Undoing(undo, item, NOW).restore()
    work.ended([item], Failure("error", {"error": "disk full"}), NOW)
    item.delete()
    run = ImportRun.objects.get(pk=run.pk)
    assert (run.undo.failure, why_not(run, NOW)) == ("disk full", None)
    undo = undone(run)
    assert (undo.restored, undo.removed, undo.failure) == (2, 1, "")
    assert values() == {1: "100.00", 2: "200.00"}


def test_what_cannot_be_undone_says_why(folder):
    members = ImportRun.objects.latest("pk")
    run = valued(folder, "1,100")
    take(folder, "valuations", HEAD + "U1,2026-05-09,1\n", dry_run=True)
    assert why_not(members, NOW) == Refusal.KIND
    assert why_not(run, NOW + UNDO_FOR) == Refusal.TOO_OLD
    assert why_not(run, NOW) is None
    undone(run)
    assert why_not(ImportRun.objects.get(pk=run.pk), NOW) == Refusal.UNDONE


def test_an_import_all_of_whose_rows_changed_has_nothing_to_undo(folder):
    run = valued(folder, "1,100")
    valued(folder, "1,110")
    with pytest.raises(undoing.UndoRefused) as refused:
        asked(run)
    assert refused.value.code == Refusal.NOTHING


def test_rows_that_changed_while_it_was_pending_send_the_request_back(folder):
    run = valued(folder, "1,100", "2,200")
    request = asked(run)
    valued(folder, "2,220")
    with pytest.raises(requests.BasisChanged):
        requests.approve(request_id=request.pk, checker=staff_of(Role.COMPLIANCE), opinion="checked", now=NOW)
    request.refresh_from_db()
    assert request.state == RequestState.RETURNED
    assert not ImportUndo.objects.exists()


def test_kept_rows_go_when_their_import_is_too_old(folder):
    valued(folder, "1,100")
    valued(folder, "1,110")
    assert delete_old(NOW + UNDO_FOR - timedelta(days=1)) == 0
    assert delete_old(NOW + UNDO_FOR) == 1


def test_every_kind_that_can_be_undone_keeps_what_is_overwritten():
    watched = {kinds.get(name).table: kinds.get(name).undo for name in kinds.names() if kinds.get(name).undo}
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'imports_overwritten'")
        assert {table for (table,) in cursor.fetchall()} == set(watched)
        for table, undo in watched.items():
            cursor.execute(
                "SELECT attname FROM pg_index"
                " JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY(indkey)"
                " WHERE indrelid = %s::regclass AND indisprimary",
                [table],
            )
            assert set(undo.key) <= {name for (name,) in cursor.fetchall()}, table


def test_the_page_says_what_will_happen_and_asks_for_a_second_person(world, folder):
    valued(folder, "1,100")
    run = valued(folder, "1,110", "2,200")
    operator, checker = browser_of(staff_of(Role.OPERATIONS)), browser_of(staff_of(Role.COMPLIANCE))
    address = f"{reverse('import-undo')}?run={run.pk}"
    text = operator.get(address).content.decode()
    assert "Rows removed that the import added" in text and "What cannot be undone" in text
    assert operator.post(address, {"reason": "the wrong month"}).status_code == 302
    assert "pending approval" in checker.get(address).content.decode()
    assert "file.csv" not in checker.get(address).content.decode()  # a file's name may hold anything
    assert "Undo import" in checker.get(reverse("requests")).content.decode()
    assert checker.post(address, {"reason": "me too, please"}).status_code == 403
    assert Transaction.objects.count() == 0
