"""Sending a file: what is wrong with it is a sentence, nothing of it lies about in plain."""

from __future__ import annotations

import gzip
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from crm.imports.models import ImportOutcome, ImportRun, Reject, SourceMemory, Upload
from crm.imports.reading import source
from crm.imports.uploads import encrypted_files
from crm.imports.uploads import upload as uploads
from crm.runtime.models import QueueState
from crm.runtime.secrets.crypto import DecryptionFailed
from crm.staff.models import Role
from members.profiles.models import Channel, Member
from tests.crm.cast import NOW, browser_of, staff_of
from tests.crm.imports.sending import send, sent, started
from tests.crm.runtime.queue.steps import drained

CHINESE = "客户编号,姓名,手机号,注册时间,备注\nU1,张小明,13812345678,2026-01-02 10:00,老客户13900001111\n"
PERSONAL = ("张小明", "13812345678", "13900001111")


@pytest.fixture
def operator(world) -> Client:
    return browser_of(staff_of(Role.OPERATIONS))


@pytest.fixture(autouse=True)
def _a_vault_of_its_own(settings, tmp_path):
    settings.VAR_DIR = tmp_path


def folder() -> Path:
    return settings.VAR_DIR / "uploads"


def vault_bytes() -> bytes:
    return b"".join(path.read_bytes() for path in folder().glob("*"))


@pytest.mark.parametrize("role", Role)
def test_only_those_who_import_may_send_or_settle(world, role):
    client = browser_of(staff_of(role))
    allowed = role in (Role.OPERATIONS, Role.ADMINISTRATOR)
    assert send(client, "channels", "channel\napp\n").status_code == (302 if allowed else 403)
    for path in ("uploads/99/", "99/rejects/1/", "99/progress/"):
        assert client.get(f"/imports/{path}").status_code == (404 if allowed else 403)
    for path in ("99/cancel/", "99/again/", "99/rejects/"):
        assert client.post(f"/imports/{path}").status_code == (404 if allowed else 403)
    assert client.post("/imports/99/rejects.csv").status_code == (404 if role == Role.OPERATIONS else 403)
    assert Upload.objects.count() == allowed
    if not allowed:
        assert not vault_bytes()


def test_a_form_without_token_leaves_nothing(world):
    client = Client(enforce_csrf_checks=True)
    client.force_login(staff_of(Role.OPERATIONS), backend="django.contrib.auth.backends.ModelBackend")
    assert send(client, "channels", "channel\napp\n").status_code == 403
    assert not vault_bytes()


def test_columns_are_matched_by_chinese_headings_and_the_file_lies_sealed(operator):
    upload = sent(operator, "members", CHINESE)
    assert upload.columns == ["member_id", "name", "mobile", "registered_at", ""]
    kept = vault_bytes()
    assert len(kept) > len(CHINESE)
    page = operator.get(f"/imports/uploads/{upload.pk}/").content.decode()
    for value in PERSONAL:
        assert value.encode() not in kept
        assert value not in page
        assert value not in str(upload.trial)
    assert "138****5678" in page
    assert "文文文99999999999" in page  # what is not imported shows its shape only
    assert "1 row: 1 added" in page
    assert not Member.objects.exists()


def test_a_name_and_a_mobile_as_an_amount_are_shown_nowhere(operator):
    """On the page of the upload, of the run, of the row and in the list for whoever made the file."""
    who = "张三丰 13812345678"
    content = (
        f"transaction_id,member_id,at,kind,amount\nx1,U1,2026-05-01,buy,{who}\nx2,{who},2026-05-01,{who},5\n"
    )
    upload = sent(operator, "transactions", content)
    pages = [operator.get(f"/imports/uploads/{upload.pk}/")]
    run = started(operator, upload)
    assert drained("import") == 1
    pages += [operator.get(f"/imports/{run.pk}/"), operator.post(f"/imports/{run.pk}/rejects.csv")]
    pages += [operator.get(f"/imports/{run.pk}/rejects/{one.pk}/") for one in Reject.objects.all()]
    assert len(pages) == 5
    texts = [(page.getvalue() if page.streaming else page.content).decode() for page in pages]
    for text in [*texts, str(Upload.objects.values()), str(Reject.objects.values("value", "params"))]:
        assert "三丰" not in text
        assert "13812345678" not in text
    assert all("文文文 99999999999" in text for text in texts)


def test_what_was_sealed_cannot_be_read_under_another_name_or_cut_short(operator):
    upload = sent(operator, "channels", "channel\n" + "app\n" * 400_000)
    with encrypted_files.open_file(upload.file, upload.size) as stream:
        stream.seek(upload.size - 4)
        assert stream.read() == b"app\n"
    path = folder() / f"{upload.file}.sealed"
    path.rename(folder() / "other.sealed")
    with pytest.raises(DecryptionFailed), encrypted_files.open_file("other", upload.size) as stream:
        stream.read(1)
    path.write_bytes((folder() / "other.sealed").read_bytes()[:-10])
    with pytest.raises(DecryptionFailed), encrypted_files.open_file(upload.file, upload.size) as stream:
        stream.read()


HOSTILE = [
    (b"", "the file is empty"),
    (b"PK\x03\x04\x14\x00\x06\x00[Content_Types].xml", "Excel workbook"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "Excel workbook (.xls)"),
    ("channel\nx\n".encode("utf-16-le"), "UTF-16"),
    (b"chan\0nel\nx\n", "line breaks"),
    (b"x" * (3 << 20), "no line break"),
    (b"%PDF-1.4\n", "PDF"),
    (gzip.compress(b"channel\napp\n" * 9)[:-20], "damaged or incomplete"),
    ("U1,张小明,13812345678\nU2,李红,13912345678\n".encode(), "first line contains values"),
]


@pytest.mark.parametrize(("content", "why"), HOSTILE, ids=[why for _, why in HOSTILE])
def test_what_is_no_table_is_told_in_a_sentence_and_not_kept(operator, content, why):
    page = send(operator, "channels", content)
    assert page.status_code == 422
    assert why in page.content.decode()
    assert not Upload.objects.exists()
    assert not vault_bytes()


def test_a_file_above_the_limit_is_refused(operator, settings):
    settings.UPLOAD_LIMIT = 1 << 20
    page = send(operator, "channels", b"channel\n" + b"app\n" * (1 << 19))
    assert page.status_code == 422
    assert "larger than 1 MB" in page.content.decode()
    assert not vault_bytes()


@pytest.mark.parametrize("cut", [0.3, 0.8])
def test_an_upload_cut_off_half_way_is_not_taken_for_the_file(operator, cut):
    edge, rows = "edge", "app\n" * 50_000
    head = f'--{edge}\r\nContent-Disposition: form-data; name="kind"\r\n\r\nchannels\r\n--{edge}\r\n'
    head += 'Content-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nchannel\n'
    body = (head + rows).encode()
    answer = operator.post(
        "/imports/new/", body[: int(len(body) * cut)], content_type=f"multipart/form-data; boundary={edge}"
    )
    assert answer.status_code == 422
    assert "upload was interrupted" in answer.content.decode(), answer.context_data["fault"]
    assert not Upload.objects.exists()
    assert not vault_bytes()


def test_a_header_alone_and_lines_that_are_damaged_reach_the_trial(operator):
    assert sent(operator, "channels", "channel;name\n").trial["counts"]["read"] == 0
    content = b"channel;name\napp;a\0b\nweb;\xff\xfe\nshop;" + b"x" * 300_000 + b"\ncall;d;e\nok;fine\n"
    upload = sent(operator, "channels", content)
    counts = upload.trial["counts"]
    assert (counts["read"], counts["added"], counts["rejected"]) == (5, 1, 4)
    assert {code for _, code, _, _ in upload.trial["faults"]} == {
        "nul", "undecodable", "too_long", "field_count",
    }  # fmt: skip


def test_signs_that_no_text_has_are_shown_though_their_column_is_passed_over(operator):
    upload = sent(operator, "channels", b"channel,foo\napp,a\0b\x1b\x7f\nweb,ok\n")
    assert upload.columns == ["channel", ""]
    assert upload.trial["rows"][0] == [2, ["app", "a·a··"]]
    assert operator.get(f"/imports/uploads/{upload.pk}/").status_code == 200


def test_a_compressed_file_without_end_is_only_looked_into(operator, monkeypatch):
    monkeypatch.setattr(source, "BOMB_FROM", 4 << 20)
    upload = sent(operator, "channels", gzip.compress(b"channel\n" + b"\n" * (64 << 20)))
    assert upload.size < 1 << 20


def test_headings_in_gb18030_named_twice_and_without_a_required_one(operator):
    content = "姓名,电话,电话\n张小明,13812345678,x\n".encode("gb18030")
    upload = sent(operator, "members", content)
    assert (upload.encoding, upload.columns) == ("gb18030", ["name", "mobile", ""])
    address = f"/imports/uploads/{upload.pk}/"
    page = operator.get(address).content.decode()
    assert "No column is mapped to: Member number" in page
    form = {"column-0": "mobile", "column-1": "mobile", "column-2": "", "do": "import"}
    refused = operator.post(address, form)
    assert refused.status_code == 422
    assert "More than one column is mapped to: Mobile" in refused.content.decode()
    assert not ImportRun.objects.exists()
    assert not SourceMemory.objects.exists()


def test_a_match_is_remembered_for_the_same_headings_in_any_order(operator):
    upload = sent(operator, "channels", "code,what\napp,An app\n", source="bank")
    assert upload.columns == ["channel", ""]
    form = {"column-0": "channel", "column-1": "name", "do": "check"}
    operator.post(f"/imports/uploads/{upload.pk}/", form)
    again = sent(operator, "channels", "what,code\nAn app,app\n", source="bank")
    assert (again.columns, again.remembered) == (["name", "channel"], True)
    assert sent(operator, "channels", "what,code\nx,y\n", source="other").columns == ["", "channel"]


def test_a_second_click_starts_no_second_import(operator):
    upload = sent(operator, "channels", "channel\napp\n")
    run = started(operator, upload)
    assert run.state == QueueState.WAITING
    form = {"column-0": "channel", "do": "import"}
    assert (
        operator.post(f"/imports/uploads/{upload.pk}/", form)
        .headers["Location"]
        .endswith(f"/uploads/{upload.pk}/")
    )
    assert ImportRun.objects.count() == 1
    assert not uploads.delete_file(upload, now=NOW)  # a worker waits for it
    operator.post(f"/imports/{run.pk}/cancel/")
    run.refresh_from_db()
    assert run.outcome == ImportOutcome.CANCELLED
    operator.post(f"/imports/uploads/{upload.pk}/", {"do": "forget"})
    assert not vault_bytes()
    assert "no longer stored" in operator.get(f"/imports/uploads/{upload.pk}/", follow=True).content.decode()


def test_what_nobody_came_back_for_is_forgotten(operator):
    upload, other = (sent(operator, "channels", f"channel\n{name}\n") for name in ("app", "web"))
    started(operator, other)
    later = (folder() / f"{other.file}.sealed").stat().st_mtime + 1
    assert uploads.delete_old_files(older_than=later, orphans_older_than=0, now=NOW + timedelta(days=1)) == 1
    upload.refresh_from_db()
    assert upload.removed_at
    assert encrypted_files.exists(other.file)
    assert not encrypted_files.exists(upload.file)


@pytest.mark.parametrize("rows", [3, 300])
def test_pages_cost_the_same_for_many_rows(operator, django_assert_max_num_queries, rows):
    upload = sent(operator, "channels", "channel,name\n" + "".join(f"c{n},x\n" for n in range(rows)))
    with django_assert_max_num_queries(4):
        operator.get(f"/imports/uploads/{upload.pk}/")
    run = ImportRun.objects.create(
        kind="channels", filename="f", outcome="done", started_at=NOW, finished_at=NOW, rejected=rows
    )
    Reject.objects.bulk_create(
        Reject(run=run, line=line, field="name", code=f"c{line % 30}", row=b"\x01") for line in range(rows)
    )
    with django_assert_max_num_queries(8):
        operator.get(f"/imports/{run.pk}/")
    assert not Channel.objects.exists()
