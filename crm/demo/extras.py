"""What no import kind carries: households, investment preferences, names of categories."""

from __future__ import annotations

import csv
from pathlib import Path

from django.db import connection

from crm.demo.world.products import CATEGORY_NAMES
from crm.runtime.sql_files import sql_beside

_HOUSEHOLDS, _PREFERENCES = map(sql_beside(__file__), ("households", "preferences"))
_CATEGORIES = """
UPDATE portfolio_category AS category SET name = given.name, name_en = given.name_en
FROM unnest(%(codes)s::text[], %(names)s::text[], %(english)s::text[]) AS given (code, name, name_en)
WHERE category.code = given.code
"""


def load_extras(folder: Path, *, source: str) -> dict[str, int]:
    """Load households and preferences of a world's folder; returns the rows taken of each."""
    households = _columns(folder / "households.csv")
    preferences = _columns(folder / "preferences.csv")
    taken = {}
    with connection.cursor() as cursor:
        cursor.execute(
            _HOUSEHOLDS,
            {"households": households["household"], "members": households["member_id"], "source": source},
        )
        taken["households"] = cursor.rowcount
        cursor.execute(
            _PREFERENCES,
            {
                "members": preferences["member_id"],
                "goals": preferences["goal"],
                "horizons": [int(days) for days in preferences["horizon_days"]],
                "liquidities": preferences["liquidity"],
                "categories": preferences["categories"],
                "told": preferences["stated_on"],
                "source": source,
            },
        )
        taken["preferences"] = cursor.rowcount
        names, english = zip(*CATEGORY_NAMES.values(), strict=True)
        codes = list(CATEGORY_NAMES)
        cursor.execute(_CATEGORIES, {"codes": codes, "names": list(names), "english": list(english)})
    return taken


def _columns(path: Path) -> dict[str, list[str]]:
    """A CSV file by column."""
    with path.open(encoding="utf-8", newline="") as file:
        header, *lines = csv.reader(file)
    return {name: [line[place] for line in lines] for place, name in enumerate(header)}
