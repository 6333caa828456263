"""How fast transactions come in, against a bare COPY of the same file into such a table.

The bare table has the same columns and keys, the member's id as text, as the file has it; nothing is checked
or looked up there.
"""

from __future__ import annotations

import random
import resource
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection

from crm.imports.loading.load import import_file

NOW = datetime(2026, 6, 1, tzinfo=UTC)
START = datetime(2023, 6, 1)  # noqa: DTZ001  # written to the file as platform time
A_MEMBER = 10  # transactions
BARE = Path(__file__).parent / "sql" / "import_bare.sql"


def run(members: int, as_json: bool = False) -> dict[str, Any]:
    """Times both on 10 transactions a member, in time order; `copy_ratio` is import over bare rate."""
    rows = members * A_MEMBER
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "transactions.csv"
        _say(f"writing {rows:,} transactions of {members:,} members")
        _write(path, members, rows)
        _add_members(members)
        _say("bare COPY")
        bare = _bare_copy(path)
        _say(f"bare COPY {bare:.1f} s; import")
        result = import_file("transactions", path, source="", now=NOW)
        again = import_file("transactions", path, source="", now=NOW)
    if (result.added, again.unchanged) != (rows, rows):
        raise AssertionError(f"rows were lost: {result}, {again}")
    return {
        "rows": rows,
        "bare_rows_a_second": round(rows / bare),
        "import_rows_a_second": round(rows / result.seconds),
        "repeat_rows_a_second": round(rows / again.seconds),
        "copy_ratio": round(bare / result.seconds, 3),
        "peak_rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
    }


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _write(path: Path, members: int, rows: int) -> None:
    choose = random.Random(1)  # noqa: S311  # test data
    step = timedelta(days=1000) / rows
    with path.open("w") as file:
        file.write("transaction_id,member_id,at,kind,amount,product_id\n")
        for number in range(rows):
            at = (START + number * step).isoformat(timespec="seconds")
            kind = choose.choice(("buy", "buy", "redemption", "dividend", "fee"))
            amount = f"{choose.randint(100, 9_999_999) / 100:.2f}"
            file.write(f"T{number:010d},U{choose.randint(1, members):08d},{at},{kind},{amount},\n")


def _add_members(members: int) -> None:
    """Members and their identities, as an import of members leaves them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO profiles_member (name, region, occupation, income_band, language, tags, campaign,"
            " source, known_at, registered_at, updated_at)"
            " SELECT '', '', '', '', '', '{}', '', '', %s, %s, %s FROM generate_series(1, %s)",
            [START.replace(tzinfo=UTC)] * 3 + [members],
        )
        cursor.execute(
            "INSERT INTO profiles_identity (kind, source, value, member_id)"
            " SELECT 'member', '', 'U' || lpad(row_number() OVER (ORDER BY id)::text, 8, '0'), id"
            " FROM profiles_member"
        )
        cursor.execute("SET ROLE NONE")
        cursor.execute("VACUUM ANALYZE profiles_identity")
        cursor.execute("VACUUM ANALYZE profiles_member")
        cursor.execute("CHECKPOINT")


def _bare_copy(path: Path) -> float:
    with connection.cursor() as cursor:
        for statement in BARE.read_text().split(";\n"):
            cursor.execute(statement)
        begun = time.monotonic()
        with (
            path.open("rb") as file,
            cursor.copy(
                "COPY bare (id, member_id, at, kind, amount, product_id) FROM STDIN (FORMAT csv, HEADER)"
            ) as copy,
        ):
            while block := file.read(1 << 20):
                copy.write(block)
        seconds = time.monotonic() - begun
        cursor.execute("DROP TABLE bare")
        cursor.execute("CHECKPOINT")
        cursor.execute("RESET ROLE")
    return seconds
