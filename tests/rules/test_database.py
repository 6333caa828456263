"""The database holds the invariants: every choice and every amount is checked where it is stored."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.db.migrations.loader import MigrationLoader

from tests.rules.source import PRODUCT

# Columns of money or counts that may hold any number, each with its reason.
DERIVED = "derived by restaging from valuations and transactions, whose own columns are checked"
ANY_NUMBER: dict[str, str] = {
    "lifecycle.Standing.aum_low": DERIVED,
    "lifecycle.Standing.aum_high": DERIVED,
    "insights.KpiValue.numerator": "net new money may be negative",
    "insights.KpiTarget.value": "so may its target",
    "loyalty.LoyaltyCount.amount": "a change may take away",
}


def our_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model.__module__.partition(".")[0] in PRODUCT]


def columns(kind: type[models.Field], *, with_choices: bool) -> list[tuple[type[models.Model], models.Field]]:
    return [
        (model, field)
        for model in our_models()
        for field in model._meta.local_fields
        if isinstance(field, kind) and bool(field.choices) == with_choices
    ]


def name_of(pair: tuple[type[models.Model], models.Field]) -> str:
    return f"{pair[0]._meta.label}.{pair[1].name}"


def checks_on(model: type[models.Model], field: models.Field) -> Iterator[str]:
    """The expressions of the check constraints that speak of this one column only."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_expr(conbin, conrelid) FROM pg_constraint JOIN pg_attribute"
            " ON attrelid = conrelid AND conkey = ARRAY[attnum]"
            " WHERE contype = 'c' AND conrelid = %s::regclass AND attname = %s",
            [model._meta.db_table, field.column],
        )
        yield from (row[0] for row in cursor.fetchall())


def is_refused(model: type[models.Model], field: models.Field, value: object) -> bool:
    """Whether a check constraint of the column says no to a value; the database is asked, without a row."""
    row = f'SELECT %s::{field.db_type(connection)} AS "{field.column}"'
    with connection.cursor() as cursor:
        for expression in list(checks_on(model, field)):
            cursor.execute(f"SELECT ({expression}) IS FALSE FROM ({row}) AS row", [value])
            if cursor.fetchone()[0]:
                return True
    return False


@pytest.mark.django_db
@pytest.mark.parametrize("pair", columns(models.CharField, with_choices=True), ids=name_of)
def test_a_choice_that_is_none_is_refused(pair):
    model, field = pair
    assert is_refused(model, field, "??"), "add one_of(...) to the model's constraints"
    for value, _ in field.flatchoices:
        assert not is_refused(model, field, value), value


@pytest.mark.django_db
@pytest.mark.parametrize("pair", columns(models.DecimalField, with_choices=False), ids=name_of)
def test_an_amount_below_zero_is_refused_unless_said_otherwise(pair):
    model, field = pair
    expected = name_of(pair) not in ANY_NUMBER
    assert is_refused(model, field, "-0.01") == expected, "add not_negative(...), or a reason in ANY_NUMBER"


@pytest.mark.django_db
def test_raw_sql_meets_the_same_refusal():
    with pytest.raises(IntegrityError, match="jobrun_state_known") as caught, transaction.atomic():
        connection.cursor().execute(
            "INSERT INTO runtime_jobrun"
            " (name, state, started_at, heartbeat_at, finished_at, done, detail, failure, worker, caller)"
            " VALUES ('x', 'asleep', now(), now(), now(), 0, '{}', '', 'w', 'test')"
        )
    assert isinstance(caught.value.__cause__, psycopg.errors.CheckViolation)


def our_migrations() -> list[tuple[str, str]]:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    ours = {config.label for config in apps.get_app_configs() if config.name.partition(".")[0] in PRODUCT}
    return sorted(key for key in loader.disk_migrations if key[0] in ours)


@pytest.mark.parametrize("key", our_migrations(), ids="-".join)
def test_every_migration_can_be_taken_back(key):
    """An installation that upgraded must be able to go back; give RunSQL and RunPython their reverse."""
    migration = MigrationLoader(None, ignore_no_migrations=True).disk_migrations[key]
    assert [operation.describe() for operation in migration.operations if not operation.reversible] == []


@pytest.mark.django_db
def test_no_trigger_joins_the_rows_of_its_statement():
    """A session keeps a trigger's plan as made for the first rows: for few, a join compares each with every
    other. They are grouped instead, or the statement is planned anew (EXECUTE).
    """
    rows = "(old_rows|new_rows)"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
            " AND prorettype = 'trigger'::regtype AND prosrc !~ 'EXECUTE' AND prosrc ~* %s",
            [rf"{rows}\s+(AS\s+)?\w*\s+(LEFT\s+)?JOIN\s+{rows}|,\s*{rows}\s"],
        )
        assert cursor.fetchall() == []
