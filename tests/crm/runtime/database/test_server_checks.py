"""What a server of somebody else lacks is said before anything is changed, with what to run."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from django.conf import settings
from django.db import ProgrammingError, connection, transaction

from crm.runtime.database.embedded import APP_ROLE
from crm.runtime.database.server_checks import check_server, not_migrated, too_old
from tests.harness.databases import NEWCOMER, database_url


@contextmanager
def newcomer(*given: str):
    """Act as a role of its own that has what `given` says; nothing of it stays."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        if not cursor.fetchone()[0]:
            pytest.skip("making roles needs a superuser, as on the embedded server")
        cursor.execute(f"CREATE ROLE {NEWCOMER} LOGIN")
        for statement in given:
            cursor.execute(statement)
        cursor.execute(f"SET ROLE {NEWCOMER}")
        yield
        transaction.set_rollback(True)


def found() -> dict[str, tuple[str, str]]:
    return {error.id: (error.msg, error.hint) for error in check_server(databases=["default"])}


@pytest.mark.django_db(transaction=True)
def test_the_owner_of_the_tests_and_the_role_of_the_product_lack_nothing():
    assert found() == {}
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
        assert found() == {}
        cursor.execute(f"SET ROLE {APP_ROLE}")


@pytest.mark.django_db(transaction=True)
def test_who_has_nothing_is_told_both_statements():
    with newcomer():
        errors = found()
    assert set(errors) == {"perennial.E011", "perennial.E012"}
    assert errors["perennial.E011"][0] == f"The role {APP_ROLE} is not given to {NEWCOMER}."
    assert errors["perennial.E011"][1].endswith(f" run: GRANT {APP_ROLE} TO {NEWCOMER};")
    name = connection.settings_dict["NAME"]
    assert errors["perennial.E012"][1].endswith(f" run: ALTER DATABASE {name} OWNER TO {NEWCOMER};")


@pytest.mark.django_db(transaction=True)
def test_where_the_role_is_missing_who_may_make_roles_makes_it_and_others_are_told():
    missing = f"ALTER ROLE {APP_ROLE} RENAME TO somebody_else"
    with newcomer(missing, f"GRANT CREATE ON SCHEMA public TO {NEWCOMER}"):
        errors = found()
    assert set(errors) == {"perennial.E011"}
    assert errors["perennial.E011"][1].endswith(
        f" run: CREATE ROLE {APP_ROLE} NOLOGIN; GRANT {APP_ROLE} TO {NEWCOMER};"
    )
    with newcomer(
        missing, f"GRANT CREATE ON SCHEMA public TO {NEWCOMER}", f"ALTER ROLE {NEWCOMER} CREATEROLE"
    ):
        assert found() == {}


@pytest.mark.django_db(transaction=True)
def test_an_owner_who_was_given_the_role_lacks_nothing():
    name = connection.ops.quote_name(connection.settings_dict["NAME"])
    with newcomer(f"ALTER DATABASE {name} OWNER TO {NEWCOMER}", f"GRANT {APP_ROLE} TO {NEWCOMER}"):
        assert found() == {}


def test_a_server_that_is_too_old_is_named():
    (error,) = too_old(140_012)
    assert error.msg == "PostgreSQL 14.12 is too old: Perennial needs PostgreSQL 15 or newer."
    assert too_old(150_000) == []


@pytest.mark.parametrize("module", [["manage.py", "migrate"], ["-m", "crm.demo.serve", "--no-serve"]])
def test_a_server_out_of_reach_is_a_sentence_and_no_traceback(module, tmp_path):
    env = {**os.environ, "PERENNIAL_VAR": str(tmp_path), "DATABASE_URL": "postgres://me@127.0.0.1:1/none"}
    done = subprocess.run(
        [sys.executable, *module], cwd=settings.BASE_DIR, env=env, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "port 1 failed" in done.stderr and "is DATABASE_URL right?" in done.stderr


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("statement", "told"),
    [("SELECT 1 FROM no_such_table", True), ("SELECT none FROM staff_team", True), ("SELEC 1", False)],
)
def test_what_was_not_migrated_is_a_sentence(statement, told):
    with pytest.raises(ProgrammingError) as caught, connection.cursor() as cursor:
        cursor.execute(statement)
    assert ("Run `manage.py migrate` first." in not_migrated(caught.value)) == told


@pytest.mark.django_db(transaction=True)
def test_a_command_that_is_interrupted_says_that_it_may_be_run_again(tmp_path):
    file = tmp_path / "channels.csv"
    os.mkfifo(file)  # whose reader waits for what never comes
    command = [sys.executable, "manage.py", "import_csv", "channels", str(file)]
    env = {**os.environ, "DATABASE_URL": database_url()}
    process = subprocess.Popen(
        command,
        cwd=settings.BASE_DIR,
        env=env,
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        # What runs in a shell's background ignores it, and so would its children.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    with once_it_is_read(file):
        process.send_signal(signal.SIGINT)
        _out, said = process.communicate(timeout=60)
    assert process.returncode == 130, said
    assert "run it again" in said and "Traceback" not in said


@contextmanager
def once_it_is_read(fifo: Path) -> Iterator[None]:
    """Holds the other end, so that the reader neither gets anything nor comes to an end."""
    deadline, end = time.monotonic() + 60, None
    while end is None:
        assert time.monotonic() < deadline, "nobody reads"
        with suppress(OSError):  # as long as there is no reader
            end = os.open(fifo, os.O_WRONLY | os.O_NONBLOCK)
        time.sleep(0.02)
    yield
    os.close(end)
