"""What only grows is kept by the database: from its owner, and from TRUNCATE too."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from crm.staff.four_eyes import requests

KEPT = [model for model in apps.get_models() if "DELETE" in getattr(model, "withheld", ())]
_EVENTS = {"INSERT": 4, "DELETE": 8, "UPDATE": 16, "TRUNCATE": 32}  # bits of pg_trigger.tgtype


def triggers(table: str) -> list[tuple[int, str, bytes]]:
    """(tgtype, function, arguments) of each trigger of a table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgtype, tgfoid::regproc::text, tgargs FROM pg_trigger"
            " WHERE tgrelid = %s::regclass AND NOT tgisinternal AND tgenabled = 'O'",
            [table],
        )
        return cursor.fetchall()


@pytest.mark.django_db
@pytest.mark.parametrize("model", KEPT, ids=lambda model: model._meta.label)
def test_every_append_only_table_has_triggers_against_all_that_would_take_rows_away(model):
    found = triggers(model._meta.db_table)
    for event in {*model.withheld, "TRUNCATE"}:
        assert any(kind & 2 and kind & _EVENTS[event] for kind, _, _ in found), event


@pytest.mark.django_db
@pytest.mark.parametrize("model", KEPT, ids=lambda model: model._meta.label)
def test_not_even_the_owner_empties_one(model):
    with (
        pytest.raises(DatabaseError, match=r"append-only|are kept"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SET LOCAL ROLE NONE")
        cursor.execute(f"TRUNCATE {model._meta.db_table} CASCADE")


@pytest.mark.django_db
def test_every_row_that_names_its_request_needs_an_approved_one():
    """A kind of request that brings rows of its own has the database ask for it."""
    bringing = [
        model for model in apps.get_models() if any(f.name == "request_id" for f in model._meta.fields)
    ]
    assert bringing
    for model in bringing:
        asked = [args.rstrip(b"\0").decode() for _, name, args in triggers(model._meta.db_table)
                 if name == "staff_needs_approval"]  # fmt: skip
        assert asked, model._meta.label
        assert all(requests.kind_of(kind) for kind in asked)
