"""The role that owns nothing: what Python forbids, the database forbids too, to raw SQL of that role."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.db import IntegrityError, ProgrammingError, connection, transaction

from crm.runtime.database.grants import APP_ROLE
from crm.staff.models import Request, Reveal, Role
from tests.crm.staff.people import NOW, staff_of

pytestmark = pytest.mark.django_db


def _run(statement, *values, owner=False):
    """One statement in a savepoint of its own, by the product's role or by the owner of the tables.

    When it fails, the savepoint gives the role back too.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == (APP_ROLE,)
        if owner:
            cursor.execute("SET ROLE NONE")
        cursor.execute(statement, values)
        count = cursor.rowcount
        cursor.execute(f"SET ROLE {APP_ROLE}")
        return count


@pytest.fixture
def reveal():
    return Reveal.objects.create(
        staff=staff_of(Role.COMPLIANCE), member_id=1, field="mobile", reason="Asked for a call", at=NOW
    )


@pytest.fixture
def request_():
    return Request.objects.create(
        kind="change_policy", summary="Idle after 50 days", proposal={"idle_days": 50},
        maker=staff_of(Role.OPERATIONS), reason="Season is over",
        made_at=NOW, expires_at=NOW + timedelta(days=1),
    )  # fmt: skip


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE staff_reveal SET reason = 'something else'",
        "DELETE FROM staff_reveal",
        "TRUNCATE staff_reveal",
        "DELETE FROM staff_request",
        "TRUNCATE staff_request",
        "TRUNCATE staff_staff CASCADE",
        "TRUNCATE profiles_member CASCADE",
    ],
)
def test_what_is_kept_cannot_be_altered_or_emptied(reveal, request_, statement):
    with pytest.raises(ProgrammingError, match="permission denied"):
        _run(statement)
    assert Reveal.objects.get().reason == "Asked for a call"
    assert Request.objects.count() == 1


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (id int)",
        "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE SCHEMA mine",
        "CREATE ROLE mine",
        "ALTER TABLE staff_reveal ADD COLUMN extra int",
        "ALTER TABLE staff_reveal DISABLE TRIGGER ALL",
        "ALTER TABLE staff_request DISABLE TRIGGER request_decided_once",
        "ALTER TABLE staff_request DROP CONSTRAINT request_maker_is_not_checker",
        "DROP TABLE staff_reveal",
        "DROP TRIGGER reveal_append_only ON staff_reveal",
        "DROP TRIGGER request_decided_once ON staff_request",
        "DROP FUNCTION staff_append_only() CASCADE",
        "CREATE OR REPLACE FUNCTION staff_append_only() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END'",
        "CREATE TRIGGER mine BEFORE INSERT ON staff_reveal EXECUTE FUNCTION staff_append_only()",
        "GRANT DELETE ON staff_reveal TO perennial_app",
        "SET LOCAL session_replication_role = replica",
        "UPDATE django_migrations SET name = 'x'",
        "COPY staff_reveal TO '/tmp/reveals'",
    ],
)
def test_the_schema_is_out_of_reach(statement):
    # SET ROLE NONE is for whoever signed in as the owner: `check --deploy` warns of that (test_checks).
    with pytest.raises(ProgrammingError, match="permission denied|must be owner|no privileges"):
        if statement.startswith("GRANT"):
            _run(statement)
            _run("DELETE FROM staff_reveal")  # a grant by a non-owner is a warning and no grant
        _run(statement)


@pytest.mark.parametrize(
    "statement",
    ["UPDATE staff_reveal SET reason = 'other words'", "DELETE FROM staff_reveal"],
)
def test_the_log_of_reveals_only_grows_for_its_owner_too(reveal, statement):
    with pytest.raises(IntegrityError, match="append-only"):
        _run(statement, owner=True)


def test_a_request_is_kept_from_its_owner_too(request_):
    with pytest.raises(IntegrityError, match="append-only"):
        _run("DELETE FROM staff_request", owner=True)


@pytest.mark.parametrize(
    "change",
    [
        "proposal = '{\"idle_days\": 1}'",
        "kind = 'other'",
        "reason = 'other words'",
        "expires_at = expires_at + interval '1 year'",
        "maker_id = maker_id + 0, summary = 'other'",
        "diff = '{}', state = 'approved', proposal = '{}'",
    ],
)
def test_what_was_proposed_cannot_be_altered(request_, change):
    with pytest.raises(IntegrityError, match="not altered"):
        _run(f"UPDATE staff_request SET {change}")


def test_a_decision_cannot_be_taken_back_or_made_up(request_):
    checker = staff_of(Role.COMPLIANCE)
    decided = "UPDATE staff_request SET state = 'rejected', checker_id = %s, decided_at = made_at"
    assert _run(decided, checker.pk) == 1
    for again in (
        "state = 'pending', checker_id = NULL, decided_at = NULL",
        "state = 'approved'",
        "opinion = 'x'",
    ):
        with pytest.raises(IntegrityError, match="has been decided"):
            _run(f"UPDATE staff_request SET {again}")
    with pytest.raises(IntegrityError, match="begins as pending"):
        Request.objects.create(
            kind="x", summary="x", proposal={}, reason="made up", maker=staff_of(Role.OPERATIONS),
            checker=checker, made_at=NOW, decided_at=NOW,
            expires_at=NOW + timedelta(days=1), state="approved",
        )  # fmt: skip


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("state = 'approved', checker_id = maker_id, decided_at = made_at", "request_maker_is_not_checker"),
        ("state = 'approved', decided_at = made_at", "request_decided_by_somebody"),
        ("state = 'expired'", "request_decided_when_over"),
        (
            "state = 'approved', checker_id = {checker}, decided_at = made_at - interval '1 second'",
            "request_decided_after_it_was_made",
        ),
        ("state = 'nonsense', decided_at = made_at", "request_state_known"),
        (
            "state = 'approved', checker_id = {checker}, decided_at = expires_at",
            "request_decided_before_it_expires",
        ),
    ],
)
def test_a_decision_has_to_be_whole(request_, change, constraint):
    checker = staff_of(Role.COMPLIANCE)
    for owner in (False, True):
        with pytest.raises(IntegrityError, match=constraint):
            _run(f"UPDATE staff_request SET {change.format(checker=checker.pk)}", owner=owner)


def test_every_table_that_withholds_rights_does():
    withholding = [model for model in apps.get_models() if getattr(model, "withheld", ())]
    assert {Reveal, Request} <= set(withholding)
    for model in withholding:
        for right in (*model.withheld, "TRUNCATE"):
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT has_table_privilege(%s, %s, %s)", [APP_ROLE, model._meta.db_table, right]
                )
                assert cursor.fetchone() == (False,), f"{right} on {model._meta.db_table}"


def test_the_role_owns_nothing_and_may_truncate_nothing():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
            " AND relkind IN ('r', 'p') AND (pg_get_userbyid(relowner) = %s"
            " OR has_table_privilege(%s, oid, 'TRUNCATE, REFERENCES, TRIGGER'))",
            [APP_ROLE, APP_ROLE],
        )
        assert cursor.fetchall() == []
