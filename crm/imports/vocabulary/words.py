"""What people's files call our words: 申购 is buy, 先生 is male. Matched like headings, kind by kind."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import get_language

from crm.imports.kinds import Kind
from crm.imports.options import ReadingOptions
from crm.imports.vocabulary.headings import plain_heading

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
