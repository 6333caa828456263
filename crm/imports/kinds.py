"""Kinds of file: which columns they have and where their rows go. Upper rooms register theirs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from crm.imports.column import Column, Fault
from crm.imports.errors.row_errors import Reason, make_reason
from crm.imports.values.explain import explain_required
from crm.runtime.extension.labels import Label, Verbatim, untranslated
from crm.runtime.extension.registry import Registry

IGNORED = "ignored_"  # and its number: a column of the file that is not imported
DEFERRED = -1  # fault of a row that a later row of the same file may make good


class UnknownKind(ValueError):
    """No such kind of file; the message lists those there are."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name!r} is not a kind of file; there are {', '.join(names())}")
        self.name = name


@dataclass(frozen=True)
class Batch:
    """What a merge is told about the rows waiting in pg_temp.imports_parsed."""

    kind: Kind
    present: frozenset[str]  # columns the file has
    params: Mapping[str, Any]
    now: datetime
    last_chance: bool  # rows may not be deferred any more
    clears: bool = False  # an empty cell clears what is stored
    all_new: bool = False  # so far no row was known already: worth trying without looking


@dataclass
class Counts:
    """What became of the rows of a batch; `created` lists reference data made on the way."""

    added: int = 0
    updated: int = 0
    created: dict[str, list[str]] = field(default_factory=dict)
    met_known: bool = False  # some rows were known already
    cleared: dict[str, int] = field(default_factory=dict)  # values that empty cells cleared, by column


@dataclass(frozen=True)
class Derived:
    """A text worked out in this process from some columns of a row (absent: empty), staged as `into`."""

    into: str
    columns: tuple[str, ...]
    work: Callable[..., str]


@dataclass(frozen=True)
class Flow:
    """Two columns that a bill may say otherwise: as money in and money out, by a sign, or in words.

    `money_in` and `money_out` are the words of `direction` that are meant where nobody decides.
    """

    amount: str
    direction: str
    money_in: str
    money_out: str


@dataclass(frozen=True)
class Undo:
    """That an import of this kind can be undone: the primary key of its table, which keeps what is
    overwritten (imports_watch in its app's migration).

    `removes`: whether added rows can go, because no other row refers to them. `after` is told of the members
    whose rows were restored or removed: (cursor, their ids, now).
    """

    key: tuple[str, ...]
    removes: bool = True
    after: Callable[[Any, list[int], datetime], None] | None = None


Merge = Callable[[Any, Batch], Counts]  # (cursor, batch)
After = Callable[[Any, Batch], None]


@dataclass(frozen=True)
class Kind:
    """A kind of file.

    `table` is of a model that is Imported. `key` are its columns that name a row; `rules` are faults of the
    row as a whole, each with the column it is told of, in which `s.<column>` is a trimmed text; `late` are
    faults found only while merging. A kind with its own `merge` needs no key, and writes `import_id` itself
    where it adds or changes a row. Only kinds with personal columns, whose rows pass through this process
    anyway, may have something `derived`.
    """

    name: str
    table: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    rules: tuple[tuple[str, Fault], ...] = ()
    late: tuple[tuple[str, Reason], ...] = ()
    merge: Merge | None = None
    after: After | None = None
    defers: bool = False
    derived: Derived | None = None
    known: str = ""  # which row t of the table a parsed row p is about, where it has no key
    stored_as: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # see loading/blanks.py
    flow: Flow | None = None
    row_id: str = ""  # the column that may be made of the row itself, where a file has no ids
    undo: Undo | None = None  # None: what it brings cannot be taken back
    label: Label = Verbatim()  # for the pages
    order: int = 100  # in the choice of a kind; the lower comes first, then by name

    def has(self, name: str) -> bool:
        """Whether a file may have this column, if only to be passed over."""
        return name in self.by_name or name.startswith(IGNORED)

    @cached_property
    def by_name(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}

    @cached_property
    def mappable(self) -> tuple[str, ...]:
        """What a heading may mean: our columns, and parts of them such as "at:date"."""
        names = [column.name for column in self.columns]
        names += [f"{column.name}:{part}" for column in self.columns for part in column.parts]
        if self.flow:
            names += [f"{self.flow.amount}:{part}" for part in ("in", "out", "signed")]
            names.append(f"{self.flow.direction}:flow")
        return tuple(names)

    @cached_property
    def amounts(self) -> frozenset[str]:
        """What is money, whole or in parts."""
        money = {column.name for column in self.columns if column.money}
        return frozenset(name for name in self.mappable if name.split(":")[0] in money)

    @cached_property
    def personal(self) -> bool:
        """Whether some columns must be encrypted before they reach a table."""
        return any(column.normalise for column in self.columns)

    @cached_property
    def masked(self) -> bool:
        """Whether some people see a column masked, so that they may not learn what is stored by guessing."""
        return any(column.mask for column in self.columns)

    @cached_property
    def about_people(self) -> bool:
        """Whether rows are about somebody, so that any text in them may name that person."""
        return any(column.mask or column.person for column in self.columns)

    @cached_property
    def faults(self) -> tuple[tuple[str, Fault], ...]:
        """Every fault with its column, in the order they are looked for; numbered from 1."""
        found: list[tuple[str, Fault]] = []
        for column in self.columns:
            if column.required:
                found.append((column.name, Fault("{v} IS NULL", make_reason("required"), explain_required)))
            found += [(column.name, fault) for fault in column.faults]
            if column.reference and column.reference.why:
                missing = f"{{v}} IS NOT NULL AND {column.reference.found} IS NULL"
                missing = missing.replace("{alias}", f"r_{column.name}")
                found.append((column.name, Fault(missing, column.reference.why)))
        return (*found, *self.rules, *((name, Fault("", why)) for name, why in self.late))

    @cached_property
    def rules_from(self) -> int:
        """Faults with a higher number are of the row as a whole."""
        return len(self.faults) - len(self.rules) - len(self.late)

    def late_fault(self, number: int) -> int:
        """The fault number of the n-th late fault, from 0."""
        return len(self.faults) - len(self.late) + number + 1


_kinds: Registry[Kind] = Registry("kind of file", lambda kind: untranslated(kind.label))


def register(*kinds: Kind) -> None:
    """Publish kinds of file (from AppConfig.ready). Raises RegisteredTwice."""
    for kind in kinds:
        _kinds.add(kind.name, kind)


def get(name: str) -> Kind:
    """The kind of that name. Raises UnknownKind."""
    try:
        return _kinds[name]
    except KeyError:
        raise UnknownKind(name) from None


def names() -> list[str]:
    return sorted(_kinds)
