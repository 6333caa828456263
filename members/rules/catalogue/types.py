"""The types of what can be asked, which decide operators, inputs, and how a value is shown."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from crm.runtime.extension.labels import Label


class Type(StrEnum):
    """The type of a value.

    DAY is a platform day, INSTANT an instant that is shown and compared by its platform day; SET holds texts,
    none to many, FLAG is true or false: neither is ever missing.
    """

    MONEY = "money"
    NUMBER = "number"
    TEXT = "text"
    CHOICE = "choice"
    DAY = "day"
    INSTANT = "instant"
    FLAG = "flag"
    SET = "set"


@dataclass(frozen=True)
class Choice:
    """A value of a CHOICE or a SET as it is stored, with its words; `also` are others that people type."""

    value: str
    label: Label | str
    also: tuple[str, ...] = ()
