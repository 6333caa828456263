"""Turn the Berka bank data (PKDD'99) into import files. Standard library only.

    python examples/berka/convert.py DATA_FOLDER OUT_FOLDER [--until YYYY-MM-DD]

A member is the owner of an account, with the account's number as id. See README.md beside this file.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import sys
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

LAST_COMPLETE_DAY = date(1994, 3, 30)
KINDS = {"PRIJEM": "buy", "VYDAJ": "redemption", "VYBER": "redemption"}
TRANSACTIONS = "trans_prefix_1993-01_to_1994-03"
CENTURY = 1900
WOMEN = 50  # added to the month of a woman's birth number

Row = dict[str, str]


def main() -> None:
    parser = argparse.ArgumentParser(description="Turn the Berka bank data into import files.")
    parser.add_argument("data", type=Path, help="folder with *.asc.gz")
    parser.add_argument("out", type=Path, help="folder for the import files")
    parser.add_argument("--until", type=date.fromisoformat, default=LAST_COMPLETE_DAY, metavar="DATE")
    options = parser.parse_args()
    missing = [name for name in ("account", "client", TRANSACTIONS) if not _path(options.data, name).exists()]
    if missing:
        sys.exit(f"{options.data}: {', '.join(missing)} not found; expected files such as account.asc.gz")
    for line in convert(options.data, options.out, options.until):
        print(line)


def convert(data: Path, out: Path, until: date) -> Iterator[str]:
    """Write the import files of everything up to and including a day; yields a line of report for each."""
    out.mkdir(parents=True, exist_ok=True)
    owners = {row["account_id"]: row["client_id"] for row in _read(data, "disp") if row["type"] == "OWNER"}
    accounts = list(_read(data, "account"))
    opened = {row["account_id"]: _day(row["date"]) for row in accounts}
    known = {account for account, day in opened.items() if day <= until}
    for name, columns, rows in (
        ("members", MEMBER_COLUMNS, _members(data, accounts, owners)),
        ("transactions", TRANSACTION_COLUMNS, _transactions(data)),
        ("saving_plans", PLAN_COLUMNS, _plans(data, opened)),
        ("events", EVENT_COLUMNS, _cards(data)),
    ):
        kept, left = _write(out / f"{name}.csv", columns, rows, known, until)
        yield f"{name}: {kept} rows, {left} left out (after {until} or of members opened after it)"


MEMBER_COLUMNS = ("member_id", "registered_at", "name", "sex", "birth_date", "region", "tags")
TRANSACTION_COLUMNS = ("transaction_id", "member_id", "at", "kind", "amount")
PLAN_COLUMNS = ("plan_id", "member_id", "amount", "every", "started_on")
EVENT_COLUMNS = ("event_id", "member_id", "at", "name", "properties")

Dated = tuple[date, str, tuple[str, ...]]  # (day, account, values of the columns)


def _members(data: Path, accounts: list[Row], owners: dict[str, str]) -> Iterator[Dated]:
    clients = {row["client_id"]: row for row in _read(data, "client")}
    districts = {row["A1"]: row["A2"] for row in _read(data, "district")}
    for account in accounts:
        client = clients[owners[account["account_id"]]]
        sex, birth_date = _birth(client["birth_number"])
        opened = _day(account["date"])
        values = (
            account["account_id"],
            opened.isoformat(),
            f"Client {client['client_id']}",
            sex,
            birth_date.isoformat(),
            districts[client["district_id"]],
            account["frequency"].lower(),
        )
        yield opened, account["account_id"], values


def _transactions(data: Path) -> Iterator[Dated]:
    for row in _read(data, TRANSACTIONS):
        day = _day(row["date"])
        values = (row["trans_id"], row["account_id"], day.isoformat(), KINDS[row["type"]], row["amount"])
        yield day, row["account_id"], values


def _plans(data: Path, opened: dict[str, date]) -> Iterator[Dated]:
    """Standing orders carry no date: they count from the account's opening."""
    for row in _read(data, "order"):
        started = opened[row["account_id"]]
        values = (row["order_id"], row["account_id"], row["amount"], "month", started.isoformat())
        yield started, row["account_id"], values


def _cards(data: Path) -> Iterator[Dated]:
    """A card handed out is an event of the account's owner, whoever of the account holds it."""
    holders = {row["disp_id"]: row for row in _read(data, "disp")}
    for row in _read(data, "card"):
        holder = holders[row["disp_id"]]
        issued = _day(row["issued"].split()[0])
        properties = json.dumps({"card": row["type"], "holder": holder["type"].lower()})
        values = (
            f"card-{row['card_id']}",
            holder["account_id"],
            issued.isoformat(),
            "card_issued",
            properties,
        )
        yield issued, holder["account_id"], values


def _write(
    path: Path, columns: tuple[str, ...], rows: Iterable[Dated], known: set[str], until: date
) -> tuple[int, int]:
    """Write what is neither later than `until` nor of an account opened later; returns (kept, left out)."""
    kept = left = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        for day, account, values in rows:
            if day <= until and account in known:
                writer.writerow(values)
                kept += 1
            else:
                left += 1
    return kept, left


def _path(data: Path, name: str) -> Path:
    return data / f"{name}.asc.gz"


def _read(data: Path, name: str) -> Iterator[Row]:
    with gzip.open(_path(data, name), "rt", encoding="ascii", newline="") as file:
        yield from csv.DictReader(file, delimiter=";")


def _day(text: str) -> date:
    """A date written YYMMDD, all of the twentieth century."""
    return date(CENTURY + int(text[:2]), int(text[2:4]), int(text[4:6]))


def _birth(number: str) -> tuple[str, date]:
    """Sex and birth date out of a birth number."""
    month = int(number[2:4])
    sex = "female" if month > WOMEN else "male"
    return sex, date(CENTURY + int(number[:2]), month - WOMEN if sex == "female" else month, int(number[4:6]))


if __name__ == "__main__":
    main()
