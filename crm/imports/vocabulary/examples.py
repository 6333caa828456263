"""An example text for each column of a kind of file, as a template shows it."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings

from crm.imports.column import Column
from crm.imports.kinds import Kind
from crm.imports.vocabulary.words import word_label

_KNOWN: dict[str, str] = {}


def publish(examples: Mapping[str, str]) -> None:
    """Make examples known, by column or by kind and column ("products.name"); the others show their type's.

    The examples of all kinds are about one member and one product, so that each goes in after the other.
    """
    _KNOWN.update(examples)


def example_of(kind: Kind, column: Column) -> str:
    """A text that the column takes, in the reader's language where it is one of some words."""
    for name in (f"{kind.name}.{column.name}", column.name):
        if name in _KNOWN:
            return _KNOWN[name]
    if column.words:
        return word_label(kind, column.name, column.words[0]).split(" (")[0]
    return settings.BUSINESS_CURRENCY if column.shape == "currency" else column.example
