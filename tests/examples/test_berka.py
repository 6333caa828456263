"""A real bank, through a real import, against the counts its publishers give."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection

from crm.imports.loading.load import import_file

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("BERKA_DATA") or ROOT.parent / "shared" / "data" / "berka")
NOW = datetime(1994, 3, 30, 15, 59, 59, tzinfo=UTC)
KINDS = ("members", "transactions", "saving_plans", "events")

pytestmark = pytest.mark.skipif(
    not (DATA / "account.asc.gz").exists(),
    reason=f"the Berka data are not here: no account.asc.gz in {DATA} (BERKA_DATA names another folder)",
)


def convert(out: Path, *arguments: str) -> str:
    command = [
        sys.executable,
        str(ROOT / "examples" / "berka" / "convert.py"),
        str(DATA),
        str(out),
        *arguments,
    ]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """(folder of import files, what the conversion said)."""
    out = tmp_path_factory.mktemp("berka")
    return out, convert(out)


@pytest.fixture
def bank(files, db):
    """The bank imported; results by kind."""
    out, _ = files
    return {kind: import_file(kind, out / f"{kind}.csv", source="berka", now=NOW) for kind in KINDS}


def ask(statement: str) -> tuple:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()


def test_the_published_counts_come_through_the_import(bank):
    assert bank["transactions"].read == bank["transactions"].added == 46_997
    assert ask("SELECT count(*), count(DISTINCT member_id) FROM portfolio_transaction") == (46_997, 1_229)
    by_kind = "SELECT count(*), sum(amount) FROM portfolio_transaction WHERE kind = "
    assert ask(by_kind + "'buy'") == (21_821, Decimal("176961254.80"))
    assert ask(by_kind + "'redemption'") == (24_530 + 646, Decimal("129706079.00") + Decimal("7958413.00"))
    net = "SELECT sum(CASE kind WHEN 'buy' THEN amount ELSE -amount END) FROM portfolio_transaction"
    assert ask(net) == (Decimal("39296762.80"),)


def test_nothing_is_rejected_and_every_member_has_an_account(bank):
    for kind, result in bank.items():
        assert (result.rejected, result.added) == (0, result.read), kind
    assert ask("SELECT count(*), count(registered_at) FROM profiles_member") == (1_229, 1_229)
    assert bank["events"].added > 0 and bank["saving_plans"].added > 0


def test_importing_it_again_changes_nothing(bank, files):
    out, _ = files
    for kind in KINDS:
        again = import_file(kind, out / f"{kind}.csv", source="berka", now=NOW)
        assert (again.added, again.updated, again.unchanged) == (0, 0, again.read), kind


def test_women_are_those_with_fifty_added_to_the_month():
    """The published counts are of all clients, owners of an account or not."""
    sys.path.insert(0, str(ROOT / "examples" / "berka"))
    try:
        import convert as berka
    finally:
        sys.path.pop(0)
    sexes = [berka._birth(row["birth_number"])[0] for row in berka._read(DATA, "client")]
    assert (sexes.count("female"), sexes.count("male")) == (2_645, 2_724)
    assert berka._birth("706213") == ("female", datetime(1970, 12, 13).date())  # noqa: DTZ001 - a birth date


def test_what_is_cut_is_counted(files, tmp_path):
    _, said = files
    assert "transactions: 46997 rows, 2105 left out" in said
    assert "members: 1229 rows, 3271 left out" in said
    assert "transactions: 49102 rows, 0 left out" in convert(tmp_path, "--until", "1998-12-31")
    assert "members: 4500 rows, 0 left out" in convert(tmp_path, "--until", "1998-12-31")


def test_a_missing_folder_is_named(tmp_path):
    command = [sys.executable, str(ROOT / "examples" / "berka" / "convert.py"), str(tmp_path), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 1
    assert "account" in done.stderr and str(tmp_path) in done.stderr
