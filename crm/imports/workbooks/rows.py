"""The program that reads a workbook and writes a sheet's rows: run by `sheet.py`, apart from Django.

A workbook is read whole before its first row is known, and a hostile one may ask for any memory. So it has a
process of its own, which cannot take more than the limits below, and whose death harms nobody.

It reads the workbook from standard input and writes one line of JSON ({"sheets": […], "sheet": name} or
{"error": code}), then a line for each row of the sheet, the empty ones too: its cells as text, separated by
UNIT, a line break within a cell as BREAK.
"""

from __future__ import annotations

import datetime
import io
import json
import sys
import zipfile
from collections.abc import Iterator
from typing import Any

UNIT, BREAK = "\x1f", "\x1e"
MEMORY = 2 << 30  # bytes of address space
SECONDS = 120  # of processor time
UNPACKED = 1 << 30  # bytes of all parts together
MOST_PARTS = 5_000
MANIFEST = "META-INF/manifest.xml"
_ROUGH = 10**15  # from here on a spreadsheet's number is not exact any more


class Refused(Exception):
    """The workbook is not read; the message is a code of `file_errors`."""


def main() -> None:
    """Answer for the workbook on standard input; the sheet is the only argument, empty for the first."""
    limit()
    out = sys.stdout.buffer
    try:
        sheets, sheet, rows = read(sys.stdin.buffer.read(), sys.argv[1])
    except Refused as refused:
        out.write(json.dumps({"error": str(refused)}).encode() + b"\n")
        return
    out.write(json.dumps({"sheets": sheets, "sheet": sheet}).encode() + b"\n")
    for row in rows:
        out.write(row.encode("utf-8", "replace") + b"\n")
    out.flush()


def limit() -> None:
    """Bound this process where the system can."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def read(data: bytes, wanted: str) -> tuple[list[str], str, Iterator[str]]:
    """(names of the sheets, the one that is read, its rows). Raises Refused."""
    check(data)
    import python_calamine

    try:
        workbook = python_calamine.load_workbook(io.BytesIO(data))
        names = [
            one.name
            for one in workbook.sheets_metadata
            if one.typ == python_calamine.SheetTypeEnum.WorkSheet
            and one.visible == python_calamine.SheetVisibleEnum.Visible
        ]
        if not names:
            raise Refused("workbook_empty")
        if wanted and wanted not in names:
            raise Refused("no_such_sheet")
        sheet = workbook.get_sheet_by_name(wanted or names[0])
    except python_calamine.PasswordError as error:
        raise Refused("workbook_encrypted") from error
    except (python_calamine.CalamineError, ValueError, OSError) as error:
        raise Refused("workbook_damaged") from error
    return names, wanted or names[0], _rows(sheet)


def check(data: bytes) -> None:
    """Look at the parts of a workbook before any is unpacked. Raises Refused."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            unpacked = sum(part.file_size for part in parts)
            if len(parts) > MOST_PARTS or unpacked > UNPACKED:
                raise Refused("workbook_too_large")
            if "xl/workbook.xml" not in names and "content.xml" not in names:
                raise Refused("no_workbook")
            if any(name.startswith("xl/externalLinks/") for name in names):
                raise Refused("workbook_links")
            if MANIFEST in names and b"encryption-data" in archive.read(MANIFEST):
                raise Refused("workbook_encrypted")
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        raise Refused("workbook_damaged") from error


def _rows(sheet: Any) -> Iterator[str]:
    for row in sheet.iter_rows():
        yield UNIT.join([text_of(cell) for cell in row])


def text_of(cell: Any) -> str:
    """A cell as a person would type it: numbers without an empty fraction, days and instants in ISO 8601."""
    if isinstance(cell, str):
        text = cell.replace(UNIT, "").replace(BREAK, "").replace("\0", "")
        return text.replace("\r\n", BREAK).replace("\n", BREAK).replace("\r", BREAK)
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, int) and abs(cell) < _ROUGH:
        return str(cell)
    if isinstance(cell, int | float):
        return _number(float(cell))
    if isinstance(cell, datetime.datetime):
        cell = _round(cell)
        return cell.date().isoformat() if cell.time() == datetime.time() else cell.isoformat(" ")
    if isinstance(cell, datetime.date | datetime.time):
        return cell.isoformat()
    return str(cell)


def _number(value: float) -> str:
    """With the 15 digits that a spreadsheet knows; from 10^15 on as E+18, since it has lost the others."""
    if abs(value) >= _ROUGH:
        return f"{value:.5E}".replace("E+0", "E+")
    text = f"{value:.15g}"
    return f"{value:.20f}".rstrip("0").rstrip(".") if "e" in text else text


def _round(value: datetime.datetime) -> datetime.datetime:
    """An instant without the error of a fraction of a day, which is below a millisecond."""
    nearest = (value + datetime.timedelta(milliseconds=500)).replace(microsecond=0)
    return nearest if abs(nearest - value) < datetime.timedelta(milliseconds=2) else value


if __name__ == "__main__":
    main()
