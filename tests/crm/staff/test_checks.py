import pytest
from django.core.checks import Tags, run_checks
from django.db import connection

from crm.runtime.database.grants import APP_ROLE
from crm.staff.checks import owns_nothing

pytestmark = pytest.mark.django_db


def _ids():
    return [message.id for message in owns_nothing(None)]


def test_the_role_that_owns_nothing_passes(monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert _ids() == []


def test_an_owner_at_work_is_warned_of():
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
        try:
            assert _ids() == ["staff.W001"]
            found = run_checks(tags=[Tags.security], include_deployment_checks=True)
            assert "staff.W001" in [message.id for message in found]
        finally:
            cursor.execute(f"SET ROLE {APP_ROLE}")


def test_on_a_real_server_signing_in_as_the_owner_is_warned_of(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://owner@server/perennial")
    assert _ids() == ["staff.W002"]


def test_a_database_out_of_reach_is_an_error(monkeypatch):
    monkeypatch.setattr("crm.staff.checks._OWNS", "SELECT {role} FROM nowhere")
    with connection.cursor() as cursor:
        cursor.execute("SAVEPOINT before_the_mistake")
        assert _ids() == ["staff.E001"]
        cursor.execute("ROLLBACK TO SAVEPOINT before_the_mistake")
