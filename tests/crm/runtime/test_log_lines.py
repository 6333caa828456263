"""A refusal is one line, and no line tells who was searched for."""

from __future__ import annotations

import io
import logging
import sys
from collections.abc import Iterator

import pytest
from django.db import IntegrityError, connection

from crm.runtime.log_lines import LineFormatter, without_values
from crm.staff.models import Role
from tests.crm.cast import browser_of, staff_of

MOBILE = "13812345678"
pytestmark = pytest.mark.django_db


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What the handler of the settings writes."""
    handlers = [one for one in logging.getLogger().handlers if isinstance(one.formatter, LineFormatter)]
    assert len(handlers) == 1
    stream = io.StringIO()
    before = handlers[0].setStream(stream)
    yield stream
    handlers[0].setStream(before)


@pytest.mark.parametrize(
    ("status", "role", "method", "path"),
    [
        (400, Role.OPERATIONS, "get", f"/members/?after=junk&q={MOBILE}"),
        (403, Role.ANALYST, "get", f"/imports/new/?q={MOBILE}"),
        (404, Role.OPERATIONS, "get", f"/nothing/?q={MOBILE}"),
        (405, Role.OPERATIONS, "put", f"/imports/new/?q={MOBILE}"),
        (400, Role.OPERATIONS, "host", f"/members/?q={MOBILE}"),
        (403, Role.OPERATIONS, "token", f"/imports/new/?q={MOBILE}"),
    ],
)
def test_a_refusal_is_one_line_without_its_query(written, status, role, method, path):
    client = browser_of(staff_of(role))
    if method == "host":
        answer = client.get(path, headers={"host": "a b"})
    elif method == "token":
        client.handler.enforce_csrf_checks = True
        answer = client.post(path, {"kind": "x"})
    else:
        answer = getattr(client, method)(path)
    assert answer.status_code == status
    lines = written.getvalue().splitlines()
    address = path.partition("?")[0]
    shown = "GET" if method in ("get", "host") else "PUT" if method == "put" else "POST"
    assert [line.partition("]: ")[2].partition(" (")[0] for line in lines] == [f"{status} {shown} {address}"]
    assert MOBILE not in written.getvalue()


def test_a_lost_database_is_one_line_and_a_fault_of_ours_keeps_its_trace(written):
    log = logging.getLogger("django.request")
    try:
        raise RuntimeError("no such thing")
    except RuntimeError:
        log.error("Service Unavailable: %s", "/", exc_info=sys.exc_info(), extra={"status_code": 503})
        assert written.getvalue().count("\n") == 1
        log.error("Internal Server Error: %s", "/", exc_info=sys.exc_info(), extra={"status_code": 500})
    assert "Traceback" in written.getvalue()
    assert "RuntimeError: no such thing" in written.getvalue()


def test_a_row_that_the_database_quotes_is_not_logged(written):
    secret = "-".join(("138", "secret"))  # else the trace shows it as a line of this file
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE told (mobile text UNIQUE)")
        cursor.execute("INSERT INTO told VALUES (%s)", [secret])
        try:
            cursor.execute("INSERT INTO told VALUES (%s)", [secret])
        except IntegrityError:
            logging.getLogger("django.request").error("failed", exc_info=sys.exc_info())
    assert "duplicate key value violates unique constraint" in written.getvalue()
    assert secret not in written.getvalue()


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (f'"GET /members/?q={MOBILE}&p=1 HTTP/1.1" 200', '"GET /members/?… HTTP/1.1" 200'),
        ("http://localhost/members/12/?q=张三 failed", "http://localhost/members/12/?… failed"),
        ("no member 110101199003077758 or a.b@example.com", "no member … or …"),
        ("took 1234567 ms at 2026-11-28 09:00:00", "took 1234567 ms at 2026-11-28 09:00:00"),
        ("Why? Because.", "Why? Because."),
    ],
)
def test_values_are_left_out(text, left):
    assert without_values(text) == left
