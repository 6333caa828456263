"""What people's files call our words: 申购 is buy, 先生 is male. Matched like headings, kind by kind."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language

from crm.imports.headings import plain_heading
from crm.imports.kinds import Kind
from crm.imports.loading.normal_texts import Treatments, normal_text
from crm.imports.reading.options import ReadingOptions
from crm.imports.values.texts import plain_text_sql

MOST = 1000  # different words of a column looked at in one batch
_KNOWN: dict[str, Mapping[str, tuple[str, ...]]] = {}


def publish(words: Mapping[str, Mapping[str, tuple[str, ...]]]) -> None:
    """Make words known, by column or by kind and column ("transactions.kind"): {our word: others for it}.

    The first of the others is what a Chinese reader calls it.
    """
    _KNOWN.update(words)


def known_words(kind: Kind, column: str) -> Mapping[str, tuple[str, ...]]:
    """What else each of a column's words is called: {our word: others for it}."""
    return _KNOWN.get(f"{kind.name}.{column}") or _KNOWN.get(column) or {}


def word_label(kind: Kind, column: str, word: str) -> str:
    """A word of ours for people: 申购 (buy) where they read Chinese."""
    others = known_words(kind, column).get(word)
    return f"{others[0]} ({word})" if others and (get_language() or "").startswith("zh") else word


def word_choices(kind: Kind, column: str) -> list[tuple[str, str]]:
    """(word, label) for each of a column's words."""
    return [(word, word_label(kind, column, word)) for word in kind.by_name[column].words]


def meaning(kind: Kind, column: str) -> dict[str, str]:
    """Our word for each that is known, in the form that headings are compared in."""
    known = known_words(kind, column)
    found = {plain_heading(ours): ours for ours in kind.by_name[column].words}
    return found | {plain_heading(word): ours for ours, also in known.items() for word in also}


def match(kind: Kind, column: str, text: str, options: ReadingOptions) -> str:
    """Our word for a text: what somebody chose for the source (empty: none), else what is known."""
    chosen = options.words.get(column, {})
    return chosen[text] if text in chosen else meaning(kind, column).get(plain_heading(text), "")


def match_staged(
    cursor: Any, kind: Kind, header: list[str], options: ReadingOptions, needed: Treatments
) -> dict[str, dict[str, str]]:
    """Our word for each other word in the staged rows: {column: {word: ours}}."""
    found: dict[str, dict[str, str]] = {}
    for column in kind.columns:
        if not column.words or column.name not in header:
            continue
        read = plain_text_sql("v", nothing=options.nothing_is_empty)
        cursor.execute(
            f"SELECT DISTINCT {read}"  # noqa: S608  # own names
            f" FROM (SELECT {normal_text(column, needed)} AS v FROM pg_temp.imports_staged"
            " OFFSET 0) AS texts WHERE v <> ALL(%s) LIMIT %s",
            [list(column.words), MOST],
        )
        texts = [text for (text,) in cursor.fetchall() if text]
        pairs = {text: match(kind, column.name, text, options) for text in sorted(texts)}
        found[column.name] = {text: ours for text, ours in pairs.items() if ours}
    return found


def parameters(kind: Kind, matched: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """The parameters under which the columns' `reading` finds its words."""
    names = [column.name for column in kind.columns if column.words]
    return {f"words_{name}": json.dumps(matched.get(name, {})) for name in names}
