"""A database of very many members, quickly: names by the product's code, the rest by SQL, indexes last."""

from __future__ import annotations

import random
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection

from benchmarks.loading import indexes_last
from benchmarks.restage import say
from crm.demo.world.lives.people import make_person
from crm.demo.world.products import PRODUCT_NAMES_EN, SHELF
from crm.imports.models import ImportOutcome, ImportRun
from crm.insights.kpis import compute
from crm.runtime.clock import day_of
from crm.runtime.secrets.crypto import blind_index, encrypt
from members.lifecycle.counts import maintenance
from members.lifecycle.recording.restage import restage
from members.portfolio.models import Product
from members.profiles.search.terms import search_text

NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)  # 10 o'clock on a Friday in Shanghai
PEOPLE = 20_000  # distinct persons at most, whose family and given names are mixed to
NAMES = 300_000  # names; beyond that they repeat, as names do
BOOK = 300
IMPORTS = 36
_SQL = Path(__file__).parent / "sql"
_TABLES = (
    "profiles_member", "profiles_identity", "profiles_searchterm", "profiles_event", "profiles_touch",
    "profiles_riskassessment", "portfolio_transaction", "portfolio_valuation", "lifecycle_transition",
)  # fmt: skip
_PERSON = """
CREATE TEMP TABLE crowd_person (
    number bigint, mobile bytea, email bytea, email_index bytea, id_number bytea, id_number_index bytea,
    address bytea, sex text, birth_date date, region text, occupation text, income_band text
)
"""
_NAME = "CREATE TEMP TABLE crowd_name (number bigint, name text, search_text text)"


def build(members: int) -> None:
    """Fill a fresh database: members with activity, staged by the product at NOW, books, counts, KPIs."""
    begun = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
        cursor.execute("SET session_replication_role = replica")  # triggers would mark and count every row
        _add_imports()
        _add_people(cursor, min(members, PEOPLE), min(members, NAMES))
        _add_mobiles(cursor, members)
        with indexes_last(cursor, _TABLES):
            _run(cursor, "crowd", _values(members))
            _name_products()
            say(f"rows after {time.monotonic() - begun:.0f} s")
        cursor.execute("SELECT setval(pg_get_serial_sequence('profiles_member', 'id'), %s)", [members])
        cursor.execute("VACUUM ANALYZE")
    say(f"indexes after {time.monotonic() - begun:.0f} s; staging")
    restage(now=NOW, progress=lambda done: say(f"  {done:,}") if done % 200_000 == 0 else None)
    say(f"staged after {time.monotonic() - begun:.0f} s")
    with connection.cursor() as cursor:
        _run(cursor, "crowd_past", {"now": NOW})
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("RESET ROLE")
    maintenance.recount()
    say(f"counted after {time.monotonic() - begun:.0f} s; KPIs")
    compute.compute(last_day=day_of(NOW), now=NOW)
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")
        cursor.execute("RESET ROLE")
    say(f"built {members:,} members in {time.monotonic() - begun:.0f} s")


def _values(members: int) -> dict[str, Any]:
    teams = max(1, members // (BOOK * 10 * 3))  # a third of the members is in somebody's book
    some = {"people": min(members, PEOPLE), "names": min(members, NAMES)}
    return {"members": members, "teams": teams, "now": NOW, "imports": IMPORTS, **some}


def mobile(member_id: int) -> str:
    """The number by which a member is found."""
    return f"139{member_id:08}"


def _run(cursor: Any, name: str, values: dict[str, Any]) -> None:
    for statement in (_SQL / f"{name}.sql").read_text().split(";\n"):
        begun = time.monotonic()
        cursor.execute(statement, values)
        if time.monotonic() - begun > 5:
            say(f"  {time.monotonic() - begun:.0f} s {' '.join(statement.split())[:60]}")


def _add_imports() -> None:
    """The files that brought all of it, one a month, numbered from 1."""
    ImportRun.objects.bulk_create(
        ImportRun(
            id=number, kind="members", filename=f"month-{number}.csv", outcome=ImportOutcome.DONE,
            source="bench",
            started_at=NOW - timedelta(days=30 * (IMPORTS - number)),
            finished_at=NOW - timedelta(days=30 * (IMPORTS - number)),
        )
        for number in range(1, IMPORTS + 1)
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval(pg_get_serial_sequence('imports_importrun', 'id'), %s)", [IMPORTS])


def _name_products() -> None:
    """The first products are those of the demonstration's shelf, which its copy is about."""
    products = Product.objects.in_bulk([sold.code for sold in SHELF], field_name="code")
    for sold in SHELF:
        product = products[sold.code]
        product.name, product.name_en = sold.name, PRODUCT_NAMES_EN[sold.code]
        product.risk, product.regime = f"R{sold.risk}", sold.regime
    Product.objects.bulk_update(products.values(), ["name", "name_en", "risk", "regime"])


def _add_people(cursor: Any, count: int, names: int) -> None:
    choose = random.Random(1)  # noqa: S311  # test data
    families, given = [], []
    cursor.execute(_PERSON)
    with cursor.copy("COPY pg_temp.crowd_person FROM STDIN") as copy:
        for number in range(1, count + 1):
            person = make_person(choose, number, NOW.date())
            families.append(person.surname)
            given.append(person.name.removeprefix(person.surname))
            email = person.email or f"member{number}@example.com"
            copy.write_row((
                number, encrypt("mobile", person.mobile),
                encrypt("email", email), blind_index("email", email),
                encrypt("id_number", person.id_number), blind_index("id_number", person.id_number),
                encrypt("address", person.address), person.sex, person.birth_date, person.city,
                person.occupation, person.income_band,
            ))  # fmt: skip
    cursor.execute(_NAME)
    with cursor.copy("COPY pg_temp.crowd_name FROM STDIN") as copy:
        for number in range(1, names + 1):
            name = choose.choice(families) + choose.choice(given)
            copy.write_row((number, name, search_text(name)))
    cursor.execute("ANALYZE pg_temp.crowd_person, pg_temp.crowd_name")


def _add_mobiles(cursor: Any, members: int) -> None:
    cursor.execute("CREATE TEMP TABLE crowd_mobile (number bigint, mobile_index bytea)")
    with cursor.copy("COPY pg_temp.crowd_mobile FROM STDIN") as copy:
        for number in range(1, members + 1):
            copy.write_row((number, blind_index("mobile", mobile(number))))
    cursor.execute("ANALYZE pg_temp.crowd_mobile")
