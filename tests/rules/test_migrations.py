"""One migration an app, taken forward, back and forward again on a database of its own."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.apps import apps

from tests.harness import databases
from tests.harness.databases import database_url
from tests.rules.source import PRODUCT, ROOT

FIELDS = {"crm.runtime.models", "crm.staff.names.collation"}  # classes that columns are made of
SCHEMA = """
SELECT 'column', table_name, column_name, concat_ws(' ', data_type, character_maximum_length,
       numeric_precision, numeric_scale, is_nullable, collation_name, column_default)
FROM information_schema.columns WHERE table_schema = 'public'
UNION ALL SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid)
FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conrelid <> 0 AND contype <> 'n'
UNION ALL SELECT 'index', tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT 'trigger', tgrelid::regclass::text, tgname, pg_get_triggerdef(oid)
FROM pg_trigger WHERE NOT tgisinternal
UNION ALL SELECT 'function', proname, '', pg_get_functiondef(oid)
FROM pg_proc WHERE pronamespace = 'public'::regnamespace
UNION ALL SELECT 'view', viewname, '', definition FROM pg_views WHERE schemaname = 'public'
UNION ALL SELECT 'sequence', sequencename, '', data_type::text FROM pg_sequences WHERE schemaname = 'public'
ORDER BY 1, 2, 3, 4
"""


def own_migrations() -> list[Path]:
    return sorted(path for folder in PRODUCT for path in (ROOT / folder).glob("*/migrations/[0-9]*.py"))


def own_apps() -> list[str]:
    """The labels of the apps that have tables."""
    own = {".".join(path.relative_to(ROOT).parts[:2]) for path in own_migrations()}
    return [config.label for config in apps.get_app_configs() if config.name in own]


@pytest.fixture
def database(transactional_db) -> Iterator[str]:
    """The URL of a migrated database, on which nothing else works."""
    with databases.copied(databases.name_of("migrations"), databases.migrated()) as name:
        yield f"{database_url().rpartition('/')[0]}/{name}"


UNDO = """
import django, sys; django.setup()
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
MigrationExecutor(connection).migrate([(label, None) for label in sys.argv[1:]])
"""
MIGRATE = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
"""


def run(url: str, code: str, *arguments: str, **settings: str) -> None:
    """Run the code in a process that signs in as the owner."""
    environment = os.environ | {
        "DATABASE_URL": url,
        "DATABASE_ROLE": "owner",
        "DJANGO_SETTINGS_MODULE": "crm.settings",
        **settings,
    }
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def schema_of(url: str) -> list[tuple[str, ...]]:
    with psycopg.connect(url) as server:
        return server.execute(SCHEMA).fetchall()


@pytest.mark.slow(8)
def test_the_migrations_run_forward_back_and_forward(database):
    forward = schema_of(database)

    run(database, UNDO, *own_apps())
    own = tuple(f"{label}_" for label in own_apps())
    assert [row for row in schema_of(database) if row[1].startswith(own)] == []

    run(database, MIGRATE, BUSINESS_TIME_ZONE="America/New_York")
    there = schema_of(database)
    assert there != forward, "the platform's time zone is set after migrate"
    assert without_zone(there, "America/New_York") == without_zone(forward, "Asia/Shanghai")


def without_zone(schema: list[tuple[str, ...]], zone: str) -> list[tuple[str, ...]]:
    """What names the zone is told by its name only: such a function holds the zone's offsets too."""
    return [row[:3] if zone in row[3] else row for row in schema]


@pytest.mark.parametrize("path", own_migrations(), ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_a_migration_depends_on_nothing_that_changes(path):
    """A setting, a rule or a statement of today's modules would make it another migration tomorrow."""
    tree = ast.parse(path.read_text())
    modules = {
        name
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert {name for name in modules if name.partition(".")[0] in PRODUCT} <= FIELDS
    used = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "settings"
    }
    assert used <= {"AUTH_USER_MODEL"}
    assert "parent.parent" not in path.read_text(), "the SQL stands beside the migration"


def test_each_app_has_one_migration_until_something_is_released():
    assert {path.name for path in own_migrations()} == {"0001_initial.py"}
