"""Rejected rows on the page: worded for the reader, fixed unseen, dismissed with a reason."""

from __future__ import annotations

import csv
import io
import json

import pytest
from django.db import transaction
from django.test import Client

from crm.imports.fixing import fix as fixing
from crm.imports.loading.load import import_file
from crm.imports.models import ImportOutcome, ImportRun, Reject
from crm.imports.rejects.store import decrypt_row
from crm.staff.models import Role
from members.profiles.models import Channel, Member
from tests.crm.cast import NOW, browser_of, staff_of
from tests.crm.runtime.queue.steps import drained

HEAD = "member_id,name,mobile,email,sex\n"
ROWS = "U1,张小明,138123456789,zhang@example.com,男\nU2,李红,13812345678,bad,女\nU3,王五,13912345678\n"
PERSONAL = ("张小明", "138123456789", "zhang@example.com", "13812345678", "13912345678", "李红", "王五")
HTMX = {"HX-Request": "true"}


@pytest.fixture
def operator(world) -> Client:
    return browser_of(staff_of(Role.OPERATIONS))


@pytest.fixture
def run(world, tmp_path) -> ImportRun:
    path = tmp_path / "members.csv"
    path.write_text(HEAD + ROWS)
    import_file("members", path, now=NOW)
    return ImportRun.objects.get()


def reject(run: ImportRun, line: int) -> Reject:
    return Reject.objects.get(run=run, line=line, resolved_at=None)


@pytest.mark.parametrize(
    ("language", "words"), [("en", "one digit too few or too many"), ("zh-hans", "多了或少了一位数字")]
)
def test_reasons_are_told_in_the_readers_language(run, language, words):
    page = browser_of(staff_of(Role.OPERATIONS, language=language)).get(f"/imports/{run.pk}/")
    assert words in page.content.decode()


def test_nothing_personal_shows_anywhere(run, operator):
    pages = [f"/imports/{run.pk}/", *(f"/imports/{run.pk}/rejects/{one.pk}/" for one in Reject.objects.all())]
    answers = {address: operator.get(address) for address in pages}
    answers["list"] = operator.post(f"/imports/{run.pk}/rejects.csv")
    for address, answer in answers.items():
        text = (answer.getvalue() if answer.streaming else answer.content).decode()
        assert not [value for value in PERSONAL if value in text], address


def test_a_masked_value_is_written_anew_and_the_others_stay(run, operator):
    one = reject(run, 2)
    address = f"/imports/{run.pk}/rejects/{one.pk}/"
    assert "138****6789" in operator.get(address, headers=HTMX).content.decode()
    wrong = operator.post(address, {"c-mobile": "12", "c-member_id": "U1", "c-sex": "男"}, headers=HTMX)
    assert wrong.status_code == 422
    assert "not a valid mobile number" in wrong.content.decode()
    again = reject(run, 2)
    assert again.pk != one.pk
    address = f"/imports/{run.pk}/rejects/{again.pk}/"
    done = operator.post(
        address, {"c-mobile": "13812345670", "c-member_id": "U1", "c-sex": "男"}, headers=HTMX
    )
    assert done.status_code == 204
    assert "rejects:changed" in done.headers["HX-Trigger"]
    member = Member.objects.get()
    assert (member.name, member.sex) == ("张小明", "male")
    assert member.email is not None
    run.refresh_from_db()
    assert (run.rejected, run.fixed) == (3, 1)


def test_a_masked_value_may_be_made_empty_and_a_torn_row_is_filled_up(run, operator):
    address = f"/imports/{run.pk}/rejects/{reject(run, 3).pk}/"
    assert operator.post(address, {"clear-email": "on", "c-member_id": "U2"}).status_code == 302
    torn = f"/imports/{run.pk}/rejects/{reject(run, 4).pk}/"
    assert operator.post(torn, {"c-member_id": "U3", "c-sex": ""}).status_code == 302
    assert dict(Member.objects.values_list("name", "email")) == {"李红": None, "王五": None}
    assert [one.line for one in Reject.objects.filter(resolved_at=None)] == [2]
    assert "is already resolved" in operator.get(torn, follow=True).content.decode()


def test_chosen_rows_are_tried_again_or_given_up_with_a_reason(world, operator, tmp_path):
    path = tmp_path / "events.csv"
    path.write_text("event_id,member_id,at,name\ne1,U1,2026-01-01,login\ne2,U2,2026-01-01,login\n")
    import_file("events", path, now=NOW)
    run = ImportRun.objects.get()
    address, ids = f"/imports/{run.pk}/rejects/", list(run.rejects.values_list("pk", flat=True))
    (tmp_path / "m.csv").write_text("member_id\nU1\n")
    import_file("members", tmp_path / "m.csv", now=NOW)
    page = operator.post(address, {"row": ids, "do": "retry"}, follow=True).content.decode()
    assert "1 row imported; 1 row still to fix" in page
    last = Reject.objects.get(run=run, resolved_at=None)
    assert last.line == 3
    page = operator.post(address, {"row": last.pk, "do": "discard", "reason": "no"}, follow=True)
    assert "at least" in page.content.decode()
    operator.post(address, {"row": last.pk, "do": "discard", "reason": "a test member"})
    last.refresh_from_db()
    assert (last.outcome, last.note) == ("dismissed", "a test member")
    assert "a test member" in operator.get(f"/imports/{run.pk}/?all=1").content.decode()


def test_rows_are_filtered_by_field_and_reason(run, operator):
    page = operator.get(f"/imports/{run.pk}/", {"field": "email", "code": "not_email"})
    assert [one.line for one in page.context_data["page"].rows] == [3]
    assert {(one["field"], one["rows"]) for one in page.context_data["waiting"]} == {
        ("mobile", 1), ("email", 1), ("", 1),
    }  # fmt: skip


def test_what_was_refused_is_no_success(run, operator):
    address, one = f"/imports/{run.pk}/rejects/", reject(run, 2)
    refusals = [{}, {"row": one.pk, "do": "discard", "reason": ""}]
    for form in refusals:
        answer = operator.post(address, form, headers=HTMX)
        assert answer.status_code == 422
        said = json.loads(answer.headers["HX-Trigger"])
        assert said["toast"]["level"] == "error" and "dialog:close" not in said
    page = operator.post(address, follow=True).content.decode()
    assert 'class="toast error"' in page and "Select rows first." in page
    tried = operator.post(address, {"row": one.pk}, headers=HTMX)
    assert json.loads(tried.headers["HX-Trigger"])["toast"]["level"] == "warning"  # it waits still


def test_a_row_that_somebody_else_settled_keeps_its_dialog_open(run, operator):
    one = reject(run, 2)
    Reject.objects.filter(pk=one.pk).update(resolved_at=NOW, outcome="dismissed")
    answer = operator.post(f"/imports/{run.pk}/rejects/{one.pk}/", {"c-mobile": "1"}, headers=HTMX)
    said = json.loads(answer.headers["HX-Trigger"])
    assert answer.status_code == 422
    assert said["toast"]["words"] == "This row is already resolved."
    assert "rejects:changed" in said and "dialog:close" not in said


def test_the_list_for_the_source_holds_no_formula(world, operator, tmp_path):
    path = tmp_path / "c.csv"
    path.write_text("channel,kind\napp," + "=" * 61 + "\n")
    import_file("channels", path, now=NOW)
    run = ImportRun.objects.get()
    text = operator.post(f"/imports/{run.pk}/rejects.csv").getvalue().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0] == ["Line", "Column", "Value", "Reason"]
    assert rows[1] == ["2", "Type", "'" + "=" * 61, "longer than 60 characters"]
    assert browser_of(staff_of(Role.ADMINISTRATOR)).post(f"/imports/{run.pk}/rejects.csv").status_code == 403


@pytest.mark.django_db(transaction=True)
def test_all_are_tried_again_by_a_worker_under_a_run_of_its_own(settings, tmp_path):
    settings.BUSINESS_NOW = NOW.isoformat()
    path = tmp_path / "c.csv"
    path.write_text("channel,name\n,x\n,y\n")
    import_file("channels", path, now=NOW)
    run = ImportRun.objects.get()
    client = browser_of(staff_of(Role.OPERATIONS))
    client.post(f"/imports/{run.pk}/rejects/", {"do": "retry-all"})
    client.post(f"/imports/{run.pk}/rejects/", {"do": "retry-all"})
    again = ImportRun.objects.get(replay_of=run)
    assert drained("import") == 1
    again.refresh_from_db()
    assert (again.outcome, again.read, again.rejected) == (ImportOutcome.DONE, 2, 2)
    assert Reject.objects.filter(resolved_at=None).count() == again.rejects.count() == 2
    assert not Channel.objects.exists()


def test_of_two_who_fix_one_row_the_second_is_told_and_nothing_of_the_first_is_lost(run, operator):
    """Both have the form open; the row that the first one fixed is the one that stays."""
    one = reject(run, 2)
    address = f"/imports/{run.pk}/rejects/{one.pk}/"
    first = {"c-mobile": "13812345670", "c-member_id": "U1", "c-sex": "男"}
    with transaction.atomic():  # the page has looked at the row before the other one's lock is gone
        fixing.fix_row(one.pk, {"mobile": "13812345670"}, staff_id=1)
        fixing.retry(run, [one.pk], now=NOW)
    with pytest.raises(fixing.NotWaiting), transaction.atomic():
        fixing.fix_row(one.pk, {"mobile": "13900000000"}, staff_id=2)
    second = operator.post(address, first | {"c-mobile": "13900000000"}, headers=HTMX)
    assert second.status_code == 422
    kept = Reject.objects.get(pk=one.pk)
    assert kept.staff_id == 1
    assert decrypt_row(kept.row)["mobile"] == "13812345670"
