"""What files call our columns: labels for people, other headings they come under, and the guess by name."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise

from crm.imports.kinds import Kind

_KNOWN: dict[str, Heading] = {}


@dataclass(frozen=True)
class Heading:
    """A column's name for people, and other headings, in any language, that mean it."""

    label: str | Promise
    also: tuple[str, ...] = ()


def publish(headings: Mapping[str, Heading]) -> None:
    """Make headings known, by column ("mobile") or by kind and column ("events.name")."""
    _KNOWN.update(headings)


def heading_of(kind: Kind, column: str) -> Heading:
    """What is known of a column; at least its name."""
    return _KNOWN.get(f"{kind.name}.{column}") or _KNOWN.get(column) or Heading(column)


def label(kind: Kind, column: str) -> str:
    """The column's name for people."""
    return str(heading_of(kind, column).label)


def plain_heading(heading: str) -> str:
    """Without case, width, spaces and punctuation."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", heading).casefold() if sign.isalnum())


def guess_columns(kind: Kind, header: Sequence[str]) -> list[str]:
    """Our column for each heading, each at most once; empty where none seems meant.

    A heading that equals a name or another known heading goes first, one that ends in it after (客户手机号).
    """
    names: dict[str, str] = {}
    for column in kind.columns:
        for text in (column.name, *heading_of(kind, column.name).also):
            names.setdefault(plain_heading(text), column.name)
    found = [""] * len(header)
    longest = sorted((name for name in names if len(name) > 1), key=len, reverse=True)
    for exact in (True, False):
        for place, heading in enumerate(header):
            text = plain_heading(heading)
            if found[place] or not text:
                continue
            if exact:
                column_name = names.get(text, "")
            else:
                column_name = next((names[name] for name in longest if text.endswith(name)), "")
            if column_name and column_name not in found:
                found[place] = column_name
    return found


def unique_names(header: Sequence[str]) -> list[str]:
    """The headings, those that stand twice with their number: 电话, 电话 (2)."""
    seen: dict[str, int] = {}
    told = []
    for heading in header:
        seen[heading] = seen.get(heading, 0) + 1
        told.append(heading if seen[heading] == 1 else f"{heading} ({seen[heading]})")
    return told


def fingerprint(header: Sequence[str]) -> str:
    """The same for the same set of headings in any order."""
    return hashlib.sha256(json.dumps(sorted(unique_names(header))).encode()).hexdigest()
