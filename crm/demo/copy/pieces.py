"""The pieces of copy, as their files have them (pieces/*.toml, by stage)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).with_name("pieces")


@dataclass(frozen=True)
class Text:
    """One text of a piece and how far it came in review.

    `variables` are types by name, "member_field:name" for what is known of the recipient. `before` is the
    approved text that this one is to replace. `justify` answers all findings, `exception` is why those that
    block are none. `reason` is the officer's or, of what is withdrawn, the maker's. Before the build:
    `hours_ago` it was submitted; after it: `expires_in_days`. `figures_days_ago`: before it was written.
    `lapses`: its figures have run out since.
    """

    channel: str
    language: str
    state: str
    body: str
    subject: str = ""
    variables: Mapping[str, str] = field(default_factory=dict)
    before: str = ""
    justify: str = ""
    exception: str = ""
    reason: str = ""
    hours_ago: int = 0
    figures_days_ago: int = 0
    expires_in_days: int = 0
    lapses: bool = False

    @property
    def declared(self) -> dict[str, Any]:
        """The variables as a version declares them."""
        declared = {}
        for name, kind in self.variables.items():
            of_type, _, of_member = kind.partition(":")
            declared[name] = {"type": of_type} | ({"field": of_member} if of_member else {})
        return declared


@dataclass(frozen=True)
class Piece:
    """A piece of copy: what it is about, and its texts."""

    code: str
    name: str
    name_en: str
    theme: str
    stages: tuple[str, ...]
    purpose: str
    product: str
    texts: tuple[Text, ...]


def read_pieces() -> list[Piece]:
    """Every piece, in the order of the files."""
    return [
        _piece(entry)
        for path in sorted(_FOLDER.glob("*.toml"))
        for entry in tomllib.loads(path.read_text(encoding="utf-8"))["copy"]
    ]


def _piece(entry: dict[str, Any]) -> Piece:
    texts = tuple(Text(**text) for text in entry.pop("text"))
    stages = tuple(entry.pop("stages"))
    return Piece(stages=stages, product=entry.pop("product", ""), texts=texts, **entry)
