"""Amounts whose sign says whether money came in or went out: no heading says so, the values do."""

from __future__ import annotations

from collections.abc import Sequence

from crm.imports.kinds import Kind
from crm.imports.options import ReadingOptions
from crm.imports.tables.find import Table, rows_behind
from crm.imports.tables.parts import is_negative
from crm.imports.vocabulary.headings import unique_names

ROWS = 500  # looked at


def propose_signed(
    kind: Kind, table: Table, columns: Sequence[str], options: ReadingOptions, text: str
) -> list[str]:
    """The columns, with the amount read by its sign where first rows are negative and nothing else says
    which way the money went. What somebody decided about the amount or the direction stays.
    """
    found, flow = list(columns), kind.flow
    if flow is None or flow.amount not in found:
        return found
    place = found.index(flow.amount)
    told = {flow.direction, f"{flow.direction}:flow"} & {*found, *options.constants}
    if told or unique_names(table.headings)[place] in options.columns:
        return found
    first = zip(rows_behind(text, table), range(ROWS), strict=False)
    if any(_says_out(fields[place]) for fields, _ in first if place < len(fields)):
        found[place] = f"{flow.amount}:signed"
    return found


def _says_out(text: str) -> bool:
    return is_negative(text) and any(map(str.isdigit, text))  # a dash alone says nothing
