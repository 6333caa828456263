"""How the bytes of one file become records: what separates the fields, which column each is."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from crm.imports.kinds import IGNORED, Kind
from crm.imports.options import ReadingOptions
from crm.imports.tables import parts
from crm.imports.tables.parts import Together
from crm.imports.tables.record import UNIT, Record
from crm.imports.vocabulary.headings import meanings


class BadColumnMapping(ValueError):
    """The columns cannot be matched so: `missing` required ones, `twice` those that two headings claim."""

    def __init__(self, missing: list[str], twice: list[str]) -> None:
        super().__init__(f"missing {missing}, twice {twice}")
        self.missing, self.twice = missing, twice


@dataclass(frozen=True)
class Layout:
    """The columns of a file, ours by place (empty: not imported), and how its records are split."""

    kind: Kind
    headings: Sequence[str]
    columns: Sequence[str]
    delimiter: str = ","
    encoding: str = "utf-8"
    needle: bytes = b""  # as Table has it
    options: ReadingOptions = ReadingOptions()
    name: str = ""  # of the file
    seen: dict[bytes, dict[int, int]] = field(default_factory=dict)  # equal rows: which turn a line is

    @cached_property
    def known(self) -> dict[str, str]:
        """What a line of headings may hold: see meanings()."""
        return meanings(self.kind, self.headings, self.columns)

    @cached_property
    def own(self) -> list[str]:
        """A name for each field of the file; what is not imported, or only a part, has a number."""
        return [
            name if name in self.kind.by_name else f"{IGNORED}{place}"
            for place, name in enumerate(self.columns, 1)
        ]

    @cached_property
    def header(self) -> list[str]:
        """A name for each field of a record: those of the file, then what is combined or always the same."""
        return [*self.own, *self._added]

    @cached_property
    def _together(self) -> list[Together]:
        return parts.plan(self.kind, self.columns, self.options)

    @cached_property
    def _added(self) -> list[str]:
        made = [name for one in self._together for name in one.into]
        fixed = [
            name
            for name in self.options.constants
            if name in self.kind.by_name and name not in self.own and name not in made
        ]
        ids = [self.kind.row_id] if self._makes_ids else []
        return [*made, *fixed, *ids]

    @cached_property
    def _makes_ids(self) -> bool:
        return bool(
            self.options.row_ids
            and self.kind.row_id
            and self.kind.row_id not in (*self.own, *self.options.constants)
        )

    @property
    def is_plain(self) -> bool:
        """Whether COPY may read the file by itself: all is imported as it stands."""
        return (
            self.delimiter == ","
            and bool(self.needle)
            and not self._added
            and not self.options.changes_values
            and all(name in self.kind.by_name for name in self.own)
        )

    def check(self) -> None:
        """Raises BadColumnMapping unless every required column is there and none twice."""
        named = [name for name in self.header if name in self.kind.by_name]
        chosen = [name for name in self.columns if ":" in name]
        missing = [
            column.name for column in self.kind.columns if column.required and column.name not in named
        ]
        claims = named + chosen + [name for name in self.options.constants if name not in self._added]
        twice = sorted({name for name in claims if claims.count(name) > 1})
        if missing or twice:
            raise BadColumnMapping(missing, twice)

    def finish(self, record: Record) -> Record:
        """The record with what is put together from its fields."""
        if not self._added:
            return record
        own = len(self.own)
        if record.why:
            blank = [""] * max(0, own - len(record.fields)) + [""] * len(self._added)
            return record._replace(fields=[*record.fields[:own], *blank, *record.fields[own:]])
        made, why, at_fault = [], None, ""
        for one in self._together:
            texts = one(record.fields)
            if isinstance(texts, parts.Mismatch):
                why, at_fault = texts.why, one.into[0]
                texts = [""] * len(one.into)
            made += texts
        fixed = [text for name, text in self.options.constants.items() if name in self._added]
        ids = [self._row_id(record)] if self._makes_ids else []
        return Record(record.line, [*record.fields, *made, *fixed, *ids], why, at_fault)

    def _row_id(self, record: Record) -> str:
        """The same for the same row in every file; equal rows of one file are numbered."""
        text = UNIT.join(part.strip() for part in record.fields)
        digest = hashlib.sha256(text.encode(errors="replace")).digest()[:12]
        turns = self.seen.setdefault(digest, {})
        # By its line, since a record may be read twice, by another look at its chunk.
        turn = turns.setdefault(record.line, len(turns) + 1)
        return f"row-{digest.hex()}" if turn == 1 else f"row-{digest.hex()}-{turn}"
