"""A worker imports uploads: from the form to the fixed row, killed in the middle, stopped on request."""

from __future__ import annotations

import pytest
from django.db import OperationalError
from django.test import Client

from crm.imports.loading.result import Result
from crm.imports.models import COUNTS, ImportOutcome, ImportRun, Reject, Upload
from crm.imports.runs import record as runs
from crm.imports.uploads import encrypted_files
from crm.imports.uploads import upload as uploads
from crm.imports.uploads import worker as work
from crm.runtime.models import JobRun, QueueItem, QueueState
from crm.runtime.queue.claim import claim_item
from crm.runtime.queue.recover import recover
from crm.staff.models import Role
from members.portfolio.models import Transaction
from members.profiles.models import Channel, Member
from tests.crm.cast import NOW, browser_of, staff_of
from tests.crm.imports.sending import sent, started
from tests.crm.imports.uploads.processes import worker
from tests.crm.runtime.background.test_worker import wait_for
from tests.crm.runtime.queue import steps
from tests.crm.runtime.queue.steps import drained

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def operator(db, settings, tmp_path) -> Client:
    settings.VAR_DIR = tmp_path
    settings.BUSINESS_NOW = NOW.isoformat()
    return browser_of(staff_of(Role.OPERATIONS))


def again(run: ImportRun) -> ImportRun:
    return ImportRun.objects.select_related("item").get(pk=run.pk)


def state_of(run: ImportRun) -> str:
    return again(run).state


@pytest.mark.slow(6)
def test_from_the_form_to_the_fixed_row_with_a_worker_killed_in_between(operator, tmp_path):
    log = tmp_path / "worker.log"
    Member.objects.create(pk=1, known_at=NOW, updated_at=NOW).identities.create(kind="member", value="U1")
    note = "x" * 600  # a column that is passed over, so that every row is read with care
    rows = "".join(f"x{n};U1;2026-01-01;buy;1;{note}\n" for n in range(20_000))
    big = sent(operator, "transactions", "流水号;客户号;交易时间;交易类型;金额;备注\n" + rows)
    assert big.columns == ["transaction_id", "member_id", "at", "kind", "amount", ""]
    run = started(operator, big)
    with worker(log):
        wait_for(lambda: again(run).read, 60, log)
    kept = Transaction.objects.count()
    assert 0 < kept < 20_000
    assert state_of(run) == QueueState.RUNNING  # nobody has noticed yet
    steps.expire_all()
    small = sent(operator, "channels", "渠道代码,渠道名称\napp,应用\n,网站\n")
    second = started(operator, small)
    drained()  # as the next worker does
    assert not QueueItem.objects.exists()
    run, second = again(run), again(second)
    assert (run.state, run.read, run.rejected) == (ImportOutcome.DONE, 20_000, 0)
    assert (run.added, run.updated, run.unchanged) == (20_000, 0, 0)  # over both attempts
    assert Transaction.objects.count() == 20_000
    ends = JobRun.objects.filter(name="import transactions").order_by("pk")
    assert list(ends.values_list("state", flat=True)) == ["lost", "succeeded"]
    assert not encrypted_files.exists(big.file)
    assert not encrypted_files.exists(small.file)
    assert (second.read, second.added, second.rejected) == (2, 1, 1)
    reject = Reject.objects.get()
    operator.post(f"/imports/{second.pk}/rejects/{reject.pk}/", {"c-channel": "web", "c-name": "网站"})
    assert set(Channel.objects.values_list("code", flat=True)) == {"app", "web"}


def test_a_dry_run_says_the_same_keeps_nothing_and_leads_to_the_import(operator):
    upload = sent(operator, "channels", "channel,name\napp,x\n,y\n")
    dry = started(operator, upload, do="dry")
    assert drained() == 1
    dry = again(dry)
    assert (dry.state, dry.read, dry.added, dry.rejected) == (ImportOutcome.DONE, 2, 1, 1)
    assert not Channel.objects.exists()
    assert not Reject.objects.exists()
    page = operator.get(f"/imports/{dry.pk}/").content.decode()
    assert "Dry run: no data was saved." in page
    assert "is required" in page
    operator.post(f"/imports/{dry.pk}/again/")
    assert drained() == 1
    assert Channel.objects.get().code == "app"
    assert not encrypted_files.exists(upload.file)


def test_a_file_that_fails_is_told_in_words_and_may_be_run_again(operator):
    upload = sent(operator, "channels", "channel\napp\n")
    run = started(operator, upload)
    encrypted_files.remove(upload.file)
    assert drained() == 1
    assert state_of(run) == ImportOutcome.FAILED
    assert "cannot be reached" in operator.get(f"/imports/{run.pk}/").content.decode()
    job = JobRun.objects.get()
    assert (job.state, job.name) == ("failed", "import channels")
    assert any("encrypted_files.py" in place for place in job.detail["trace"])
    assert again(run).finished_at >= NOW


def several_batches(operator, monkeypatch) -> tuple[Upload, ImportRun]:
    """A file that is taken in by three transactions."""
    monkeypatch.setattr("crm.imports.loading.load.CHUNK", 1 << 20)
    rows = "".join(f"c{n},{'x' * 100}\n" for n in range(20_000))
    upload = sent(operator, "channels", "channel,name\n" + rows)
    return upload, started(operator, upload)


def test_stopping_takes_effect_between_two_batches(operator, monkeypatch):
    upload, run = several_batches(operator, monkeypatch)
    told = work._tell

    def tell_and_stop(run: ImportRun, job: object, so_far: Result) -> None:
        operator.post(f"/imports/{run.pk}/cancel/")
        told(run, job, so_far)

    monkeypatch.setattr(work, "_tell", tell_and_stop)
    assert drained() == 1
    run = again(run)
    assert (run.state, JobRun.objects.get().state) == (ImportOutcome.CANCELLED, "succeeded")
    assert 0 < Channel.objects.count() == run.added < 20_000
    assert run.seconds and run.finished_at >= run.started_at
    assert encrypted_files.exists(upload.file)
    assert "Stopped on request." in operator.get(f"/imports/{run.pk}/").content.decode()
    assert uploads.delete_file(upload, now=NOW)


def test_a_worker_whose_lease_was_lost_stores_no_further_batch(operator, monkeypatch):
    """It hung for longer than a lease lasts while another one took the import up, and goes on."""
    _upload, run = several_batches(operator, monkeypatch)
    told, taken = work._tell, []

    def hang(run: ImportRun, _job: object, _so_far: Result) -> None:
        monkeypatch.setattr(work, "_tell", told)
        steps.expire(run.item)
        recover("import", NOW)
        taken.append(claim_item(run.item.pk))

    monkeypatch.setattr(work, "_tell", hang)
    assert drained() == 1
    before = again(run)
    assert 0 < Channel.objects.count() == before.added < 20_000
    assert (before.state, before.item.attempts) == (QueueState.RUNNING, 2)
    work.work(taken, NOW)
    after = again(run)
    assert (after.state, after.read, after.added) == (ImportOutcome.DONE, 20_000, 20_000)
    assert Channel.objects.count() == 20_000


def killed_after_a_batch(operator, monkeypatch) -> ImportRun:
    """An import with a reject in each hundred rows, killed when its first of three batches was stored."""
    monkeypatch.setattr("crm.imports.loading.load.CHUNK", 1 << 20)
    rows = "".join(f"{'' if n % 100 == 0 else f'c{n}'},{'x' * 100}\n" for n in range(20_000))
    run = started(operator, sent(operator, "channels", "channel,name\n" + rows))
    kill_after_a_batch(monkeypatch)
    return again(run)


def kill_after_a_batch(monkeypatch) -> None:
    def killed(*_arguments: object, **_more: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patched, pytest.raises(SystemExit):
        patched.setattr(work, "_tell", killed)
        drained()


def test_counts_are_over_all_attempts(operator, monkeypatch):
    run = killed_after_a_batch(operator, monkeypatch)
    stored = Channel.objects.count()
    assert (run.added, run.read) == (stored, stored + run.rejected)
    kill_after_a_batch(monkeypatch)
    second = again(run)
    assert [getattr(second, count) for count in COUNTS] == [getattr(run, count) for count in COUNTS]
    assert drained() == 1
    run = again(run)
    assert run.state == ImportOutcome.DONE
    assert [getattr(run, count) for count in COUNTS] == [20_000, 19_800, 0, 0, 200]
    assert (Channel.objects.count(), Reject.objects.filter(run=run).count()) == (19_800, 200)


def test_a_second_attempt_that_fails_at_once_still_counts_what_the_first_one_stored(operator, monkeypatch):
    run = killed_after_a_batch(operator, monkeypatch)
    encrypted_files.remove(run.upload.file)
    assert drained() == 1
    failed = again(run)
    assert failed.state == ImportOutcome.FAILED
    assert failed.added == Channel.objects.count() > 0
    assert failed.rejected == Reject.objects.filter(run=run).count() > 0
    assert failed.read == failed.added + failed.rejected
    page = operator.get(f"/imports/{run.pk}/").content.decode()
    assert f"{failed.added:,} added" in page


def test_an_import_killed_before_its_file_was_deleted_deletes_it_and_imports_nothing(operator, monkeypatch):
    upload = sent(operator, "channels", "channel\napp\n")
    run = started(operator, upload)

    def killed(*_arguments: object, **_more: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(uploads, "delete_file", killed)
        with pytest.raises(SystemExit):
            drained()
    assert state_of(run) == ImportOutcome.DONE
    assert encrypted_files.exists(upload.file)
    operator.post(f"/imports/{run.pk}/again/")  # in vain: the import is over only once its file is gone
    assert ImportRun.objects.count() == 1
    assert drained() == 1
    assert not encrypted_files.exists(upload.file)
    assert (JobRun.objects.count(), again(run).added) == (1, 1)


def test_a_run_whose_worker_is_lost_is_taken_up_again_until_its_third_attempt(operator):
    upload = sent(operator, "channels", "channel\napp\n")
    run = started(operator, upload)
    for attempt in (1, 2, 3):
        assert claim_item(run.item_id).attempts == attempt
        steps.expire(run.item)
        recover("import", NOW)
        assert again(run).is_interrupted == (attempt < 3)
    assert state_of(run) == ImportOutcome.LOST
    assert "Worker stopped unexpectedly." in operator.get(f"/imports/{run.pk}/").content.decode()
    operator.post(f"/imports/{run.pk}/again/")
    assert drained() == 1
    assert Channel.objects.exists()


def test_what_a_command_or_a_retry_of_rejects_has_begun_is_not_taken_up_by_others(operator):
    command = runs.begin(ImportRun(kind="channels", filename="f", started_at=NOW))
    again_ = ImportRun(kind="channels", filename="f", started_at=NOW, replay_of=command)
    retry = runs.hand_over(again_)
    with pytest.raises(runs.AlreadyOpen):
        runs.begin(ImportRun(kind="channels", filename="f", started_at=NOW, replay_of=command))
    claim_item(retry.item_id)
    steps.expire_all()
    assert drained() == 0
    assert (state_of(command), state_of(retry)) == (ImportOutcome.LOST, ImportOutcome.LOST)


def test_a_server_that_is_away_for_a_moment_fails_no_import(operator, monkeypatch):
    upload = sent(operator, "channels", "channel\napp\n")
    run = started(operator, upload)

    def away(*_arguments: object, **_more: object) -> None:
        raise OperationalError("the database system is starting up")

    with monkeypatch.context() as patched:
        patched.setattr(work.load, "load_source", away)
        assert drained() == 1
    assert again(run).is_interrupted
    QueueItem.objects.update(run_after=NOW)
    assert drained() == 1
    assert state_of(run) == ImportOutcome.DONE
    assert list(JobRun.objects.order_by("pk").values_list("state", flat=True)) == ["failed", "succeeded"]
