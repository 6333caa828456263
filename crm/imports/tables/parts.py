"""Columns that hold only a part of a value, put together: a date and a time; money in and money out."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from crm.imports.errors.row_errors import Reason, make_reason
from crm.imports.kinds import Flow, Kind
from crm.imports.options import ReadingOptions

_IN = {"收入", "收", "转入", "入账", "贷", "贷方", "in", "income", "credit", "cr", "c"}
_OUT = {"支出", "支", "转出", "出账", "借", "借方", "out", "expense", "debit", "dr", "d"}
_MINUS = "\\-−－–"  # of a class in a pattern


@dataclass(frozen=True)
class Mismatch:
    """Why the parts of a row do not make a value."""

    why: Reason


@dataclass(frozen=True)
class Together:
    """Texts of the columns `into`, made of the fields of a record."""

    into: tuple[str, ...]
    make: Callable[[Sequence[str]], list[str] | Mismatch]

    def __call__(self, fields: Sequence[str]) -> list[str] | Mismatch:
        made = self.make(fields)
        return made if isinstance(made, Mismatch) else made[: len(self.into)]


def plan(kind: Kind, columns: Sequence[str], options: ReadingOptions) -> list[Together]:
    """What is put together for columns of a file such as "at:date" and "at:time"."""
    places = {name: place for place, name in enumerate(columns) if ":" in name}
    found = []
    for column in kind.columns:
        if f"{column.name}:date" in places:
            date, time = places[f"{column.name}:date"], places.get(f"{column.name}:time")
            found.append(Together((column.name,), _joined(date, time)))
    if kind.flow is None:
        return found
    return found + _flow(kind.flow, places, columns, options)


def _flow(
    flow: Flow, places: Mapping[str, int], columns: Sequence[str], options: ReadingOptions
) -> list[Together]:
    """Amount and direction where they are told as money in and out, by a sign, or in words."""
    words = (options.money_in or flow.money_in, options.money_out or flow.money_out)
    amount, direction = flow.amount, flow.direction
    into = (amount,) if direction in columns or f"{direction}:flow" in places else (amount, direction)
    signed = places.get(f"{amount}:signed")
    incoming, outgoing = places.get(f"{amount}:in"), places.get(f"{amount}:out")
    found = []
    said = places.get(f"{direction}:flow")
    if signed is not None and said is not None:
        found.append(Together(into, lambda fields: [_agreed(fields[signed], fields[said])]))
    elif signed is not None:
        found.append(Together(into, lambda fields: _by_sign(fields[signed], words)))
    elif incoming is not None or outgoing is not None:
        found.append(Together(into, _in_or_out(incoming, outgoing, words)))
    if said is not None:
        found.append(Together((direction,), lambda fields: [_direction(fields[said], words)]))
    return found


def _joined(date: int, time: int | None) -> Callable[[Sequence[str]], list[str]]:
    def join(fields: Sequence[str]) -> list[str]:
        day, clock = fields[date].strip(), fields[time].strip() if time is not None else ""
        if re.match(r"\d{4}\D", clock):  # the time has its date with it
            return [clock]
        if day.isdigit() and len(day) == 8:
            day = f"{day[:4]}-{day[4:6]}-{day[6:]}"
        if clock.isdigit() and len(clock) in (4, 6):
            clock = ":".join(clock[place : place + 2] for place in range(0, len(clock), 2))
        day = re.sub(r"[T ]?00:00(:00)?$", "", day) if clock else day
        return [f"{day} {clock}" if day and clock else day]

    return join


def _in_or_out(
    incoming: int | None, outgoing: int | None, words: tuple[str, str]
) -> Callable[[Sequence[str]], list[str] | Mismatch]:
    def choose(fields: Sequence[str]) -> list[str] | Mismatch:
        came = fields[incoming].strip() if incoming is not None else ""
        went = fields[outgoing].strip() if outgoing is not None else ""
        if not _is_nothing(came) and not _is_nothing(went):
            return Mismatch(make_reason("in_and_out"))
        if not _is_nothing(went):
            return [_unsigned(went), words[1]]
        # Money in below zero takes something back: it is rejected rather than turned round.
        return [came.lstrip("+"), words[0]] if not _is_nothing(came) else ["", ""]

    return choose


def _by_sign(text: str, words: tuple[str, str]) -> list[str]:
    if _is_nothing(text):
        return [_unsigned(text), ""]
    return [_unsigned(text), words[1] if is_negative(text) else words[0]]


def is_negative(text: str) -> bool:
    """Whether an amount is below zero: -1, 1-, (1), ¥-1."""
    return bool(re.search(rf"^\W*[{_MINUS}]|[{_MINUS}]$|^[(（].*[)）]$", text.strip()))


def _direction(text: str, words: tuple[str, str]) -> str:
    """What "收入" or "借 Dr" is; a text that says neither stays, to be rejected in words."""
    tokens = set(re.findall(r"[a-z]+|[^\sa-z]+", text.casefold()))
    incoming, outgoing = bool(tokens & _IN), bool(tokens & _OUT)
    return text if incoming == outgoing else words[0] if incoming else words[1]


def _agreed(amount: str, said: str) -> str:
    """The amount without the sign that says the same as the words beside it; any other sign stays."""
    outgoing = _direction(said, ("in", "out")) == "out"
    return _unsigned(amount) if outgoing or not is_negative(amount) else amount


def _is_nothing(text: str) -> bool:
    """Whether an amount says nothing: empty, a dash, or zero."""
    return not re.search(r"[1-9１-９]", text)


def _unsigned(text: str) -> str:
    return re.sub(rf"[{_MINUS}+＋()（）]", "", text).strip()
