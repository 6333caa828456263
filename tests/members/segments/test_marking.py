"""Triggers mark the members of what changed, with the instant of the fact, on each table of the catalogue."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection, transaction

from members.lifecycle.models import Standing
from members.portfolio.models import Category, Product, Transaction
from members.profiles.models import Member
from members.rules.keeping.tables import tables
from members.segments.keeping.keep import has_pending
from members.segments.keeping.marks import write_marking_triggers
from members.segments.models import Dirty, Read
from tests.crm.cast import NOW, member
from tests.members.segments.worlds import kept, members_of, segment

pytestmark = pytest.mark.django_db


def watch(*names):
    made = segment()
    kept()
    Read.objects.bulk_create(Read(segment=made, table_name=name) for name in names)
    return made


def test_every_table_of_the_catalogue_has_its_triggers():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, count(*) FROM pg_trigger"
            " WHERE tgname ^@ 'segments_' AND NOT tgisinternal GROUP BY 1"
        )
        assert dict(cursor.fetchall()) == {table.name: 3 for table in tables()}


def test_writing_the_triggers_again_changes_none():
    def state():
        with connection.cursor() as cursor:
            cursor.execute("SELECT oid, xmin::text FROM pg_trigger WHERE tgname ^@ 'segments_' ORDER BY oid")
            return cursor.fetchall()

    before = state()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE NONE")
        write_marking_triggers()
        cursor.execute("RESET ROLE")
    assert state() == before


def test_a_row_marks_its_member_once_a_statement_with_the_latest_instant():
    who = member()
    watch("portfolio_transaction")
    rows = [
        Transaction(member=who, id=f"t{days}", at=NOW - timedelta(days=days), kind="buy", amount=1)
        for days in (3, 1, 2)
    ]
    Transaction.objects.bulk_create(rows)
    mark = Dirty.objects.get()
    assert (mark.member_id, mark.source) == (who.pk, "portfolio_transaction")
    assert mark.at in (None, NOW - timedelta(days=1))  # by the activity, where one is registered
    Dirty.objects.all().delete()
    Transaction.objects.filter(member=who).update(amount=2)
    assert Dirty.objects.count() == 1
    Dirty.objects.all().delete()
    Transaction.objects.filter(member=who).delete()
    assert Dirty.objects.count() == 1


def test_an_update_that_changes_nothing_that_can_be_asked_marks_nobody():
    who = member()
    watch("profiles_member")
    Member.objects.filter(pk=who.pk).update(search_text="\nother", tags=[])
    assert not Dirty.objects.exists()
    Member.objects.filter(pk=who.pk).update(tags=["vip"])
    assert Dirty.objects.get().member_id == who.pk


def test_the_standing_marks_with_the_latest_fact_it_knows_of():
    who = member(since=NOW - timedelta(days=9), last_login_at=NOW - timedelta(days=4), aum_on=None)
    watch()
    Standing.objects.filter(pk=who.pk).update(aum=9, aum_on=date(2026, 3, 15))
    mark = Dirty.objects.get()
    assert (mark.at, mark.day) == (NOW - timedelta(days=4), date(2026, 3, 15))


def test_a_row_that_names_no_member_has_the_segments_computed_again():
    who = member(aum=5000)
    made = watch("portfolio_product")
    category = Category.objects.create(code="cash", name="Cash")
    Product.objects.create(code="P", name="P", category=category, risk="R1")
    assert Dirty.objects.get().member_id is None
    assert has_pending(now=NOW)
    assert kept().computed == 1
    assert members_of(made) == {who.pk}
    Product.objects.all().delete()
    assert Dirty.objects.get().member_id is None
