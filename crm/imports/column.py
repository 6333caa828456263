"""What a kind of file knows of one column; `columns.py` makes those of each type."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from crm.imports.errors.row_errors import Reason
from crm.imports.values import fits
from crm.runtime.text.normal_form import Form

Normalise = Callable[[str], str]  # the normal form of a text; raises RowRejected saying what is wrong

Shape = Literal[
    "text", "code", "instant", "day", "amount", "currency", "choice", "whole", "json", "words", "personal"
]

Explain = Callable[[str, Reason], Reason]  # a reason as it is for this very text


@dataclass(frozen=True)
class Fault:
    """A reason to reject a row, the condition under which it holds, and what says it of a value."""

    when: str
    why: Reason
    explain: Explain | None = None


@dataclass(frozen=True)
class Reference:
    """A row of another table that the text names. `join` uses `{alias}` and `{v}`, `found` is its id."""

    join: str
    found: str
    why: Reason | None = None  # None: a text that names nothing is no fault


@dataclass(frozen=True)
class Creatable:
    """Reference data made on the way when its code is unknown: `table` has code, name, and perhaps more."""

    table: str
    label: str  # how the run reports what it made: {"channels": [...]}
    extra: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Column:
    """One column a kind of file may have."""

    name: str
    faults: tuple[Fault, ...] = ()
    sure: str = ""  # a cheap condition under which a text has none of the faults
    value: str = "{v}"
    target: str = ""  # the table's column, where it is called otherwise
    also: Mapping[str, str] = field(
        default_factory=dict
    )  # what else its text says: {the table's column: value}
    required: bool = False
    textual: bool = False  # sorted bytewise when part of a key
    stored: bool = True  # False: checked only
    reference: Reference | None = None
    creates: Creatable | None = None
    normalise: Normalise | None = None  # personal: encrypted in this process, before any table
    explain: Explain | None = None  # what `normalise` refuses
    indexed: bool = False  # encrypted with a blind index beside it
    parts: tuple[str, ...] = ()  # what a column of a file may hold of it: "date" and "time" of an instant
    money: bool = False
    mask: str = ""  # the kind of personal value, by crm.staff.privacy.masking; empty: none
    # Whether a text has the form that programs write, never a word for nothing; any other has a fault.
    usual: str = ""
    reading: str = ""  # that form of any other text
    words: tuple[str, ...] = ()  # the only ones there are
    moment: bool = False  # a day or an instant, in any form that people write
    shows: fits.Fits = fits.nothing  # without a mask: whether a text may be shown as it is
    form: Form = "id"  # the normal form of its texts, by crm.runtime.text.normal_form
    example: str = ""  # a text of its type, for templates; see crm.imports.vocabulary.examples
    shape: Shape = "text"  # what such a text is, for the explanations of a template
    person: bool = False  # names somebody, so that other columns of the row may be about them

    @property
    def longest(self) -> int:
        """Characters of a text that may be long; 0 where nothing is said of it."""
        sizes = [int(value) for fault in self.faults for name, value in fault.why.params if name == "size"]
        return min(sizes, default=0)

    @property
    def into(self) -> str:
        return self.target or self.name


def required(column: Column) -> Column:
    """The same column, without which a row says nothing."""
    return replace(column, required=True)
