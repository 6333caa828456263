"""Uploads that meet a full disk, a storage that fails, a worker on another machine: nothing is left half."""

from __future__ import annotations

import gzip
import random
import resource
import sys
from contextlib import contextmanager

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from crm import environment
from crm.imports import checks
from crm.imports.models import ImportOutcome, ImportRun, Reject, Upload
from crm.imports.rejects import sheet, store
from crm.imports.tables.record import Record
from crm.imports.uploads import encrypted_files
from crm.imports.uploads import upload as uploads
from crm.runtime.secrets.crypto import SEALED_MORE
from crm.staff.models import Role
from members.profiles.models import Channel
from tests.crm.cast import NOW, browser_of, staff_of
from tests.crm.imports.sending import send, sent, started
from tests.crm.imports.uploads.storages import Elsewhere
from tests.crm.runtime.queue.steps import drained

pytestmark = pytest.mark.django_db(transaction=True)
LARGE = "channel,name\n" + "".join(f"c{n},{'x' * 100}\n" for n in range(40_000))  # more than four blocks


@pytest.fixture
def operator(db, settings, tmp_path) -> Client:
    settings.VAR_DIR = tmp_path / "web"
    settings.BUSINESS_NOW = NOW.isoformat()
    return browser_of(staff_of(Role.OPERATIONS))


@contextmanager
def disk_of(size: int):
    """No file of this process can grow beyond so many bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    writes_bytecode = sys.dont_write_bytecode
    sys.dont_write_bytecode = True  # it would be cut off, and stay so
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        sys.dont_write_bytecode = writes_bytecode


def use(settings, name: str) -> None:
    """Store uploads in a class of storages.py."""
    backend = {"BACKEND": f"tests.crm.imports.uploads.storages.{name}"}
    settings.STORAGES = settings.STORAGES | {"uploads": backend}


@pytest.mark.parametrize("room", [100, 3 << 20])
def test_a_full_disk_is_told_and_nothing_is_left(operator, settings, room):
    with disk_of(room):
        page = send(operator, "channels", LARGE)
    assert page.status_code == 507
    assert "disk is full" in page.content.decode()
    assert not list((settings.VAR_DIR / "uploads").iterdir())
    assert not Upload.objects.exists()


def test_a_full_disk_is_told_to_who_sends_fixed_rows_back(operator, settings):
    run = ImportRun.objects.create(
        kind="channels", filename="f", outcome="done", started_at=NOW, finished_at=NOW, rejected=1
    )
    fixed = SimpleUploadedFile("fixed.csv", LARGE.encode())
    with disk_of(3 << 20):
        page = operator.post(f"/imports/{run.pk}/rejects/file/", {"file": fixed, "whole": "1"}, follow=True)
    assert "disk is full" in page.content.decode()
    assert not list((settings.VAR_DIR / "uploads").iterdir())


def test_a_storage_that_fails_while_receiving_keeps_nothing(operator, settings):
    use(settings, "Broken")
    run = ImportRun.objects.create(
        kind="channels", filename="f", outcome="done", started_at=NOW, finished_at=NOW, rejected=1
    )
    fixed = SimpleUploadedFile("fixed.csv", LARGE.encode())
    with pytest.raises(RuntimeError, match="does not answer"):
        send(operator, "channels", LARGE)
    with pytest.raises(RuntimeError, match="does not answer"):
        operator.post(f"/imports/{run.pk}/rejects/file/", {"file": fixed, "whole": "1"})
    assert not list(encrypted_files.list_files())
    assert not Upload.objects.exists()


def test_a_file_whose_preview_fails_leaves_no_upload(operator, settings):
    """The beginning can be read, so it is looked at; what the preview reads is damaged."""
    dice = random.Random(1)
    wide = "\n".join(f"c{n},{dice.randbytes(6_000).hex()}" for n in range(400))
    page = send(operator, "channels", gzip.compress(f"channel,name\n{wide}".encode())[:700_000])
    assert page.status_code == 422
    assert "damaged or incomplete" in page.content.decode()
    assert not Upload.objects.exists()
    assert not list(encrypted_files.list_files())


def test_any_storage_will_do_and_is_handed_one_block_at_a_time(operator, settings):
    use(settings, "Elsewhere")
    upload = sent(operator, "channels", LARGE)
    assert Elsewhere.largest == encrypted_files.BLOCK + SEALED_MORE
    run = started(operator, upload)
    assert drained() == 1
    run.refresh_from_db()
    assert (run.outcome, run.read) == (ImportOutcome.DONE, 40_000)
    assert not encrypted_files.exists(upload.file)
    assert not settings.VAR_DIR.exists()


def test_a_worker_on_a_machine_without_the_file_says_so(operator, settings, tmp_path):
    upload = sent(operator, "channels", "channel\napp\n")
    run = started(operator, upload)
    settings.VAR_DIR = tmp_path / "worker"
    assert drained() == 1
    settings.VAR_DIR = tmp_path / "web"
    page = operator.get(f"/imports/{run.pk}/").content.decode()
    assert "the file cannot be reached from this worker" in page
    assert "no longer stored" not in page
    assert encrypted_files.exists(upload.file)
    operator.post(f"/imports/{run.pk}/again/")
    assert drained() == 1
    assert Channel.objects.get().code == "app"


def test_what_a_killed_web_server_had_received_is_forgotten_after_an_hour(operator):
    kept = sent(operator, "channels", "channel\napp\n")
    torn = encrypted_files.Writer()
    torn.write(b"x" * (2 << 20))
    torn._file.close()
    last = max(written for _, written in encrypted_files.list_files())
    assert uploads.delete_old_files(older_than=0, orphans_older_than=last + 1, now=NOW) == 1
    assert [name for name, _ in encrypted_files.list_files()] == [kept.file]


def test_rejects_exported_to_a_full_disk_leave_no_half_file(operator, tmp_path):
    run = ImportRun.objects.create(
        kind="channels", filename="f", outcome="done", started_at=NOW, finished_at=NOW, rejected=9
    )
    row = store.encrypt_row(["channel"], Record(1, ["x" * 200]))
    Reject.objects.bulk_create(Reject(run=run, line=line, code="required", row=row) for line in range(9))
    path = tmp_path / "rejects.csv"
    with disk_of(200), pytest.raises(OSError, match="large"):
        sheet.export(run, path, now=NOW)
    assert not path.exists()


def test_a_storage_that_cannot_be_used_is_named_by_the_checks(settings, monkeypatch):
    assert not checks.upload_storage(None)
    use(settings, "Nowhere")
    assert [error.id for error in checks.upload_storage(None)] == ["imports.E001"]
    monkeypatch.setenv("UPLOAD_STORAGE_OPTIONS", "location=/x")
    with pytest.raises(environment.BadSetting, match="UPLOAD_STORAGE_OPTIONS"):
        environment.mapping("UPLOAD_STORAGE_OPTIONS")


def test_the_folder_is_closed_to_others(operator, settings):
    sent(operator, "channels", "channel\napp\n")
    folder = settings.VAR_DIR / "uploads"
    modes = [oct(path.stat().st_mode & 0o777) for path in (folder, *folder.iterdir())]
    assert modes == ["0o700", "0o600"]
    assert storages["uploads"].location == str(folder)
