"""The texts by whose beginning a member is found: any part of the name, pinyin, initials, outside ids."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from crm.runtime.sql_files import sql_beside
from crm.staff.names.pinyin import readings

LONGEST = 120
TONES = "12345"
_UPDATE = [step for step in sql_beside(__file__)("update_terms").split(";\n") if step.strip()]


def terms(name: str, ids: Iterable[str] = ()) -> set[str]:
    """Every tail of the name, of its pinyin by syllable and of its initials, and the ids; in lower case.

    Initials of one letter are left out: the syllable begins with them.
    """
    found = {*_name_terms(name), *(_normalise(value)[:LONGEST] for value in ids)}
    found.discard("")
    return found


def search_text(name: str, ids: Iterable[str] = ()) -> str:
    """The terms as Member.search_text holds them: in the order of their code points, "\n" before each.

    So the first line that begins with a text is the smallest term that does.
    """
    return "\n".join(["", *sorted(terms(name, ids))])


@lru_cache(maxsize=20_000)  # names repeat
def _name_terms(name: str) -> frozenset[str]:
    text = _normalise(name)
    found = {text[at:].strip()[:LONGEST] for at in range(min(len(text), LONGEST))}
    for reading in readings(text):
        syllables = [sound.rstrip(TONES) for sound in reading if sound][:LONGEST]
        tail = initials = ""
        for sound in reversed(syllables):
            tail, initials = sound + tail, sound[0] + initials
            found.add(tail[:LONGEST])
            if len(initials) > 1:
                found.add(initials)
    return frozenset(found)


def _normalise(text: str) -> str:
    """One form of width and case, on one line."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return " ".join(text.lower().split())


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
