"""The shares that make a world believable, counted from its files.

`python -m tests.crm.demo.shares FOLDER` prints them, and channels beside.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from datetime import date, timedelta
from pathlib import Path

from crm.demo.world.products import SHELF
from tests.crm.demo.worlds import rows

LOTS = {"buy": 1, "plan_debit": 1, "redemption": -1, "payout": -1}


def measure(folder: Path) -> dict[str, float]:
    """Shares between 0 and 1, by name."""
    members = rows(folder, "members")
    truth = {row["member_id"]: row for row in rows(folder, "truth")}
    registered = [row for row in members if row["registered_at"]]
    invested = [row for row in truth.values() if row["invested_on"]]
    assets = sorted((float(row["aum"]) for row in invested if float(row["aum"]) > 1), reverse=True)
    visitors = {row["visitor_id"] for row in rows(folder, "touches")}
    return {
        "registered of visitors": len(registered) / len(visitors),
        "registered of members": len(registered) / len(members),
        "invested of registered": len(invested) / len(registered),
        "cleared of invested": 1 - len(assets) / len(invested),
        "left of invested": sum(row["phase"] != "engaged" for row in invested) / len(invested),
        "top hundredth of assets": _top(assets, 0.01),
        "top tenth of assets": _top(assets, 0.1),
        "hold private products": len(_holders(folder, "private")) / len(assets),
        "silent for 30 days": _silent(folder, truth),
        "complaints about holdings": _about_holdings(folder),
    }


def _top(assets: list[float], share: float) -> float:
    """What the wealthiest share hold; a part of a person counts as that part."""
    places = len(assets) * share
    whole = int(places)
    return (sum(assets[:whole]) + (places - whole) * assets[whole]) / sum(assets)


def _holders(folder: Path, category: str) -> set[str]:
    codes = {product.code for product in SHELF if product.category == category}
    held: Counter[str] = Counter()
    for row in rows(folder, "transactions"):
        if row["product_id"] in codes:
            held[row["member_id"]] += LOTS.get(row["kind"], 0)
    return {member for member, lots in held.items() if lots > 0}


def _silent(folder: Path, truth: dict[str, dict[str, str]]) -> float:
    """Of investors who hold assets and do not leave, those without login or trade for the last 30 days."""
    last: dict[str, str] = {}
    for kind in ("events", "transactions"):
        for row in rows(folder, kind):
            if kind == "transactions" or row["name"] == "login":
                last[row["member_id"]] = max(last.get(row["member_id"], ""), row["at"][:10])
    end = max(row["date"] for row in rows(folder, "valuations"))
    edge = (date.fromisoformat(end) - timedelta(days=30)).isoformat()
    staying = [key for key, row in truth.items() if row["phase"] == "engaged" and float(row["aum"]) > 1]
    return sum(last.get(key, "") < edge for key in staying) / len(staying)


def _about_holdings(folder: Path) -> float:
    """Of complaints, those that name a product which the member had bought before."""
    bought: dict[str, list[tuple[str, str]]] = defaultdict(list)
    names = {product.code: product.name for product in SHELF}
    for row in rows(folder, "transactions"):
        bought[row["member_id"]].append((row["at"], names[row["product_id"]]))
    fitting = [
        any(
            at < row["received_at"] and row["words"].startswith(name) for at, name in bought[row["member_id"]]
        )
        for row in rows(folder, "complaints")
    ]
    return sum(fitting) / len(fitting)


def _print_more(folder: Path) -> None:
    truth = {row["member_id"]: row for row in rows(folder, "truth")}
    spent: Counter[str] = Counter()
    for row in rows(folder, "spend"):
        spent[row["channel"]] += float(row["amount"])
    by: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows(folder, "members"):
        one = by[row["channel"]]
        one["leads"] += 1
        if row["registered_at"]:
            one["registered"] += 1
            one["invested"] += bool(truth[row["member_id"]]["invested_on"])
            one["aum"] += float(truth[row["member_id"]]["aum"])
    for channel, one in by.items():
        print(
            f"{channel:14} {one['leads']:6} {one['registered']:6} {one['invested']:5} "
            f"{one['invested'] / one['registered']:6.1%} AUM {one['aum'] / 1e6:7.1f}m  "
            f"per registration {spent[channel] / one['registered']:6.0f} "
            f"per first investment {spent[channel] / max(1, one['invested']):7.0f}"
        )
    sums: dict[str, float] = defaultdict(float)
    for row in rows(folder, "valuations"):
        if date.fromisoformat(row["date"]).weekday() == 4:
            sums[row["date"]] += float(row["aum"])
    print(" ".join(f"{total / 1e6:.0f}" for day, total in sorted(sums.items())[::4]))
    amounts = sorted(float(row["aum"]) for row in truth.values() if float(row["aum"]) > 1)
    print(
        [round(amounts[int(len(amounts) * q)]) for q in (0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99)],
        round(sum(amounts)),
        max(amounts),
    )
    print(
        Counter(row["kind"] for row in rows(folder, "signals")),
        Counter(row["phase"] for row in truth.values()),
    )


if __name__ == "__main__":
    for name, share in measure(Path(sys.argv[1])).items():
        print(f"{name:28} {share:7.1%}")
    _print_more(Path(sys.argv[1]))
