"""Rejected rows leave masked as a file, are fixed in a spreadsheet, and come back in any form."""

from __future__ import annotations

import csv
import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from crm.imports.models import ImportRun, Reject, Upload
from crm.runtime.secrets.crypto import decrypt
from crm.staff.models import Role
from crm.web.downloads import workbook
from members.profiles.models import Member
from tests.crm.cast import browser_of, staff_of
from tests.crm.imports.files import take
from tests.crm.runtime.queue.steps import drained

MEMBERS = "member_id,name,mobile,birth_date\nU1,王芳,13800000001,yesterday\nU2,李雷,1380000000a,1980-01-02\n"


@pytest.fixture
def operator(world, settings, tmp_path) -> Client:
    settings.VAR_DIR = tmp_path
    return browser_of(staff_of(Role.OPERATIONS))


def downloaded(client: Client, run: int | None) -> list[dict[str, str]]:
    response = client.post(f"/imports/{run}/rejects.csv", {"to_fix": "1"})
    text = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.DictReader(io.StringIO(text, newline="")))


def send(client: Client, run: int | None, data: bytes, **form: str) -> HttpResponse:
    file = SimpleUploadedFile("fixed.csv", data)
    return client.post(f"/imports/{run}/rejects/file/", {"file": file, "whole": "1"} | form)


def written(rows: list[dict[str, str]], delimiter: str, encoding: str) -> bytes:
    if encoding == "xlsx":
        return b"".join(workbook.encode([[*rows[0]], *([*row.values()] for row in rows)]))
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, rows[0], delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode(encoding)


@pytest.mark.parametrize(
    ("delimiter", "encoding"), [(",", "utf-8-sig"), (";", "gb18030"), ("\t", "utf-16"), ("", "xlsx")]
)
def test_masked_values_that_stay_are_the_kept_ones(operator, tmp_path, delimiter, encoding):
    run = take(tmp_path, "members", MEMBERS).run_id
    rows = downloaded(operator, run)
    told = str(rows)
    assert not [value for value in ("王芳", "13800000001", "1380000000a", "李雷") if value in told]
    assert rows[1]["Reason"] == "not a valid mobile number: character 11 is a letter"
    rows[0]["Date of birth"], rows[1]["Mobile"] = "1990-05-06", "13800000002"
    response = send(operator, run, written(rows, delimiter, encoding))
    again = ImportRun.objects.get(pk=re.search(r"(\d+)/$", response.headers["Location"])[1])
    drained()
    again.refresh_from_db()
    assert (again.read, again.added, again.rejected) == (2, 2, 0)
    found = {m.name: (decrypt("mobile", m.mobile), str(m.birth_date)) for m in Member.objects.all()}
    assert found == {"王芳": ("13800000001", "1990-05-06"), "李雷": ("13800000002", "1980-01-02")}
    assert not Reject.objects.filter(resolved_at=None).exists()
    assert Upload.objects.get().removed_at


def test_a_workbook_leaves_too(operator, tmp_path):
    run = take(tmp_path, "members", MEMBERS).run_id
    response = operator.post(f"/imports/{run}/rejects.csv", {"to_fix": "1", "form": "xlsx"})
    assert b"".join(response.streaming_content).startswith(b"PK")


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"member_id,name\nU1,x\n", "not an exported reject file"),
        (b"reject,member_id,shoe\n1,U1,x\n", "unknown column"),
        (b"", "Choose a file."),
    ],
)
def test_what_is_no_such_file_is_told_and_not_kept(operator, tmp_path, data, why):
    run = take(tmp_path, "members", MEMBERS).run_id
    response = send(operator, run, data)
    assert why in operator.get(response.headers["Location"]).content.decode()
    assert not Upload.objects.exists()
    assert Reject.objects.filter(resolved_at=None).count() == 2
