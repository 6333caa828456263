"""Workbooks for tests, made in the test."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from typing import Any

import xlsxwriter


def xlsx(*sheets: list[list[Any]], names: tuple[str, ...] = (), above: int = 0) -> bytes:
    """A workbook whose sheets hold these rows, `above` empty rows before them."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        formats = {date: book.add_format({"num_format": "yyyy-mm-dd"})}
        formats[datetime] = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        for place, rows in enumerate(sheets):
            sheet = book.add_worksheet(names[place] if names else None)
            for at, row in enumerate(rows, above):
                for column, cell in enumerate(row):
                    if isinstance(cell, str):
                        sheet.write_string(at, column, cell)
                    else:
                        sheet.write(
                            at, column, cell, *([formats[type(cell)]] if type(cell) in formats else [])
                        )
    return out.getvalue()


def ods(rows: list[list[str | float]]) -> bytes:
    """The same rows as an OpenDocument sheet."""
    cells = "".join("<table:table-row>" + "".join(map(_cell, row)) + "</table:table-row>" for row in rows)
    names = " ".join(
        f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{prefix}:1.0"'
        for prefix in ("office", "table", "text", "manifest")
    )
    return archive(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": f"<manifest:manifest {names}/>",
            "content.xml": f"<office:document-content {names}><office:body><office:spreadsheet>"
            f'<table:table table:name="Blatt">{cells}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        }
    )


def _cell(value: str | float) -> str:
    if isinstance(value, str):
        return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'
    return f'<table:table-cell office:value-type="float" office:value="{value}"><text:p/></table:table-cell>'


def archive(parts: dict[str, str | bytes]) -> bytes:
    """A zip archive of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return out.getvalue()


def with_part(workbook: bytes, name: str, content: bytes) -> bytes:
    """The workbook with one part added or replaced."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as file:
        parts: dict[str, str | bytes] = {one: file.read(one) for one in file.namelist()}
    return archive(parts | {name: content})
