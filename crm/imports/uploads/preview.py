"""What would become of a file's first rows: imported for a moment by the real import, and taken back."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import Any

from django.db import DatabaseError, connection, transaction

from crm.imports.loading.batch import BatchLoader
from crm.imports.models import COUNTS, Upload
from crm.imports.reading.records import Reader
from crm.imports.rejects.store import mask_value
from crm.imports.tables.layout import BadColumnMapping, Layout
from crm.imports.tables.record import Record
from crm.imports.uploads import findings
from crm.imports.uploads.upload import open_upload, shown_places
from crm.runtime.background.jobs import describe_error

ROWS = 500  # tried
SHOWN = 6  # shown as they are read
_PATIENCE = "4s"


def preview_rows(upload: Upload, *, now: datetime) -> dict[str, Any]:
    """Try the first rows and note on the upload what came of it, masked: nothing else stays.

    {"rows": […], "lines": […], "counts": {…}, "faults": …, "shown": …} or {"failed": words}.
    Raises FileRejected.
    """
    with open_upload(upload, thorough=False) as file:
        layout = file.layout
        chunk = file.chunk(1 << 20)
        records: list[Record] = []
        skipped: dict[str, list[int]] = {}
        if chunk:
            layout = file.layout  # by now with the encoding
            reader = Reader(chunk, layout)
            records = [record for record, _ in zip(reader, range(ROWS), strict=False)]
            skipped = reader.skipped.found
    seen = [_row(layout, record) for record in records[:SHOWN]]
    found = findings.find(layout.kind, layout.header, records, layout.options)
    upload.trial = {"rows": seen, "values": found, "skipped": skipped}
    with suppress(BadColumnMapping):
        layout.check()
        upload.trial |= _tried(layout, records, upload, now)
    upload.save(update_fields=["trial"])
    return upload.trial


def _tried(layout: Layout, records: list[Record], upload: Upload, now: datetime) -> dict[str, Any]:
    kind = layout.kind
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:  # an import at the same moment may hold what is needed
                cursor.execute(
                    f"SET LOCAL lock_timeout = '{_PATIENCE}'; SET LOCAL statement_timeout = '{_PATIENCE}'"
                )
            loader = BatchLoader(
                kind, layout.header, source=upload.source, now=now, run=None, options=layout.options
            )
            loader.prepare()
            loader.records(records, last_chance=not kind.defers)
            transaction.set_rollback(True)
    except DatabaseError as error:
        return {"failed": describe_error(error)}
    result = loader.result
    counts = {name: getattr(result, name) for name in COUNTS}
    counts["deferred"] = loader.deferred  # may be made good by rows further down
    shown = [[one.line, one.field, one.value, *one.reason.stored()] for one in result.rejects]
    return {
        "counts": counts,
        "faults": result.faults,
        "shown": shown,
        "created": result.created,
        "words": result.words,
        "cleared": result.cleared,
    }


def _row(layout: Layout, record: Record) -> list[Any]:
    """[line, [value as anybody may see it…]]; nothing of columns that the page does not show."""
    shown = {*shown_places(layout.columns), *range(len(layout.own), len(layout.header))}
    # A part is shown as what it is a part of.
    names = [
        part.partition(":")[0] if ":" in part else name
        for part, name in zip(layout.columns, layout.own, strict=True)
    ]
    names += layout.header[len(names) :]
    pairs = enumerate(zip(names, [*record.fields, *[""] * len(names)], strict=False))
    return [
        record.line,
        [
            mask_value(layout.kind, name, value.strip()) if place in shown else ""
            for place, (name, value) in pairs
        ],
    ]
