"""Where an import stands: queued, running, refused as a whole, each in words of its own on every page."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils.translation import gettext, override

from crm.imports.loading.load import import_file
from crm.imports.models import ImportRun, Reject
from crm.imports.runs.record import hand_over
from crm.runtime.models import JobRun, QueueItem
from crm.runtime.queue.claim import claim_item
from crm.runtime.queue.finish import put_off
from crm.staff.models import Role
from crm.web.jobs.registry import job_of
from tests.crm.cast import NOW, browser_of, markup, staff_of
from tests.crm.imports.sending import sent

HTMX = {"HX-Request": "true"}


@pytest.fixture
def operator(world) -> Client:
    return browser_of(staff_of(Role.OPERATIONS))


def running(**detail) -> ImportRun:
    """A run that a worker is at."""
    job = JobRun.objects.create(
        name="import members",
        started_at=NOW,
        heartbeat_at=NOW,
        total=9000,
        done=10,
        detail=detail,
        worker="w",
    )
    run = queued()
    claim_item(run.item_id)
    QueueItem.objects.filter(pk=run.item_id).update(run_id=job.pk)
    return run


def queued() -> ImportRun:
    """A run that waits for a worker."""
    return hand_over(ImportRun(kind="members", filename="m.csv", started_at=NOW))


def refused(tmp_path, rows: int) -> ImportRun:
    """An import of which no row could be taken."""
    path = tmp_path / "c.csv"
    path.write_text("channel,name\n" + ",x\n" * rows)
    import_file("channels", path, now=NOW)
    return ImportRun.objects.get()


def test_a_file_in_the_queue_does_not_wait_for_an_approval(world):
    run = queued()
    client = browser_of(staff_of(Role.OPERATIONS, language="zh-hans"))
    for address in ("/", "/imports/", f"/imports/{run.pk}/"):
        page = client.get(address).content.decode()
        assert "排队中" in page and "待审批<" not in page, address


def test_an_import_whose_worker_was_lost_is_told_as_interrupted(operator):
    run = queued()
    put_off([claim_item(run.item_id)], timedelta(0))
    for address in ("/", f"/imports/{run.pk}/"):
        page = operator.get(address).content.decode()
        assert "Interrupted. It resumes automatically" in page and "Queued" in page, address


def test_what_is_over_cannot_be_stopped(operator):
    run = queued()
    operator.post(f"/imports/{run.pk}/cancel/")
    assert "Stopped on request." in operator.get(f"/imports/{run.pk}/").content.decode()
    answer = operator.post(f"/imports/{run.pk}/cancel/", follow=True).content.decode()
    assert "The import has already ended." in answer


def test_the_state_in_the_bar_follows_the_progress(operator):
    run = running(read=0)
    part = markup(operator.get(f"/imports/{run.pk}/progress/", headers=HTMX))
    assert re.search(r'id="import-state" hx-swap-oob="true">.*Running', part)
    assert 'id="import-state"' in operator.get(f"/imports/{run.pk}/").content.decode()


def test_nothing_is_counted_before_the_first_batch_is_over(operator):
    part = operator.get(f"/imports/{running(read=0).pk}/progress/").content.decode()
    assert "first batch" in part and "0 rows" not in part and "value=" not in part
    counts = {"read": 500, "added": 499, "rejected": 1}
    part = operator.get(f"/imports/{running(**counts).pk}/progress/").content.decode()
    assert "500 rows: 499 added" in part and 'value="0.0011' in part  # 10 of 9,000


def test_a_file_that_is_refused_as_a_whole_is_warned_of_before_during_and_after(operator, tmp_path, settings):
    settings.VAR_DIR = tmp_path
    upload = sent(operator, "channels", "channel,name\n,x\n,y\n")
    warning = "None of the sample rows can be imported"
    assert warning in operator.get(f"/imports/uploads/{upload.pk}/").content.decode()
    half = sent(operator, "channels", "channel,name\na,x\n,y\n")
    assert warning not in operator.get(f"/imports/uploads/{half.pk}/").content.decode()
    part = operator.get(f"/imports/{running(read=500, rejected=500).pk}/progress/").content.decode()
    assert "No rows imported so far" in part
    ImportRun.objects.all().delete()
    run = refused(tmp_path, 3)
    assert "No rows were imported." in operator.get(f"/imports/{run.pk}/").content.decode()
    said = operator.get("/").context_data["today"]
    assert said.sentence == "All rows of 1 file were rejected; 3 rejected rows to fix."
    assert said.action.address == f"/imports/{run.pk}/"


def test_home_says_what_is_on_its_way_and_what_is_left_to_mend(operator, tmp_path):
    run = refused(tmp_path, 3)
    ImportRun.objects.filter(pk=run.pk).update(read=5, added=2)
    running()
    said = operator.get("/").context_data["today"]
    lines = next(block for block in said.blocks if block.title == "Recent imports").lines
    assert sorted((line.tag, line.why) for line in lines) == [
        ("3 to fix", "2 added, 0 updated, 3 rejected"),
        ("Running", "Importing."),
    ]
    assert said.sentence == "1 file is importing; 3 rejected rows to fix."
    assert '<a class="down"' in operator.get("/imports/").content.decode()
    Reject.objects.update(resolved_at=NOW, outcome="dismissed")
    lines = next(
        block for block in operator.get("/").context_data["today"].blocks if len(block.lines) == 2
    ).lines
    assert sorted(line.tag for line in lines) == ["", "Running"]
    assert '<a class="down"' not in operator.get("/imports/").content.decode()


def test_a_second_page_of_rows_is_a_whole_page_without_script(operator, tmp_path):
    run = refused(tmp_path, 60)
    after = operator.get(f"/imports/{run.pk}/").context_data["page"].next
    address = f"/imports/{run.pk}/?after={after}"
    assert "60 rows: 0 added" in operator.get(address).content.decode()
    assert 'hx-get="?"' in operator.get(address).content.decode()  # what changed is read from the first page
    assert "60 rows" not in operator.get(address, headers=HTMX).content.decode()


def test_a_request_is_declined_and_a_row_refused_each_in_one_word():
    with override("zh-hans"):
        assert {gettext("Reject"), gettext("Rejected"), gettext("Rejected.")} == {
            "驳回",
            "已驳回",
            "已驳回。",
        }
        assert {gettext("rejected"), str(job_of("import members").facts["rejected"])} == {"拒收"}


def test_labels_of_forms_end_without_a_colon(operator):
    page = operator.get("/imports/new/").content.decode()
    assert (
        '<label for="id_kind">Type</label>' in page and '<label for="id_source">Source system</label>' in page
    )
