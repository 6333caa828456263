"""The texts by whose beginning a member is found: any part of the name, pinyin, initials, outside ids."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from crm.runtime.sql_files import sql_beside
from crm.runtime.text.search_key import compact_form, search_key
from crm.staff.names.pinyin import spellings

LONGEST = 120
_UPDATE = [step for step in sql_beside(__file__)("update_terms").split(";\n") if step.strip()]


def terms(name: str, ids: Iterable[str] = ()) -> set[str]:
    """Every tail of the name and of all that its pinyin may be typed as, and the ids; all as search keys."""
    found = {*_name_terms(name), *(search_key(value)[:LONGEST] for value in ids)}
    found.discard("")
    return found


def search_text(name: str, ids: Iterable[str] = ()) -> str:
    """The terms as Member.search_text holds them: in the order of their code points, "\n" before each.

    So the first line that begins with a text is the smallest term that does.
    """
    return "\n".join(["", *sorted(terms(name, ids))])


@lru_cache(maxsize=20_000)  # names repeat
def _name_terms(name: str) -> frozenset[str]:
    key = search_key(name)
    tails = {key[at:][:LONGEST] for at in range(min(len(key), LONGEST))}
    # Pinyin knows traditional characters itself, and reads some of them otherwise than their simplified form.
    return frozenset(tails | {text[:LONGEST] for text in spellings(compact_form(name)[:LONGEST])})


def update_terms(cursor: Any, members: Iterable[tuple[int, str, list[str]]]) -> None:
    """Bring the stored terms of these members, (id, name, outside ids), up to date."""
    drop, create, *steps = _UPDATE
    cursor.execute(drop)
    cursor.execute(create)
    with cursor.copy("COPY pg_temp.search_wanted (member_id, lines) FROM STDIN") as copy:
        for member_id, name, ids in members:
            copy.write_row((member_id, search_text(name, ids)))
    for step in steps:
        cursor.execute(step)
