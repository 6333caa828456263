"""Which texts of a batch need their normal form worked out by the database; most files have none that do."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from crm.imports.column import Column
from crm.runtime.text.normal_form import has_usual_signs, normal_sql

Treatment = Literal["as it is", "trim", "normalise"]
_NO_CONTROL = bytes(sign for sign in range(256) if sign not in {*range(1, 10), 11, 12, *range(14, 32), 127})
_BLANK_AROUND = re.compile(rb' (?:(?=[,\n\r"])|(?<=[,\n"] ))')


class Treatments(NamedTuple):
    """What a batch's texts need: those in ASCII, and those with other signs."""

    ascii: Treatment
    other: Treatment


NORMAL = Treatments("as it is", "as it is")  # texts that are normal already, NULL where empty


def treatments(data: bytes, encoding: str) -> Treatments:
    """What the texts need that COPY read from these bytes."""
    has_blanks = b" " in data  # told many times faster than what stands beside them
    if (has_blanks and b"  " in data) or data.translate(None, _NO_CONTROL):
        return Treatments("normalise", "normalise")
    around = has_blanks and (data[:1] == b" " or _BLANK_AROUND.search(data))
    around = around or (b'"' in data and b'""' in data)
    ascii_: Treatment = "trim" if around else "as it is"
    if data.isascii() or has_usual_signs(data.decode(encoding or "utf-8").replace("\r\n", "\n")):
        return Treatments(ascii_, ascii_)
    return Treatments(ascii_, "normalise")


def normal_text(column: Column, needed: Treatments) -> str:
    """SQL: the normal form of a staged text, NULL where nothing is left."""
    name = f'"{column.name}"'
    by_treatment: dict[Treatment, str] = {"as it is": name, "trim": f"nullif(btrim({name}), '')"}
    by_treatment["normalise"] = normal_sql(column.form, name)
    if needed.ascii == needed.other:
        return by_treatment[needed.ascii]
    return (
        f"CASE WHEN octet_length({name}) = length({name}) THEN {by_treatment[needed.ascii]}"
        f" ELSE {by_treatment[needed.other]} END"
    )
