"""What would become of a file's first rows: imported for a moment by the real import, and taken back."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import Any

from django.db import DatabaseError, connection, transaction

from crm.imports import kinds
from crm.imports.kinds import IGNORED, Kind
from crm.imports.loading.batch import BatchLoader
from crm.imports.models import COUNTS, Upload
from crm.imports.reading.options import from_json as options_from_json
from crm.imports.reading.records import Reader, Record
from crm.imports.rejects.store import mask_value
from crm.imports.uploads import findings
from crm.imports.uploads.upload import BadColumnMapping, check_mapping, open_upload
from crm.runtime.work.jobs import describe_error
from crm.staff.privacy.personal import shape

ROWS = 500  # tried
SHOWN = 6  # shown as they are read
_PATIENCE = "4s"


def preview_rows(upload: Upload, *, now: datetime) -> dict[str, Any]:
    """Try the first rows and note on the upload what came of it, masked: nothing else stays.

    {"rows": […], "lines": […], "counts": {…}, "faults": …, "shown": …} or {"failed": words}.
    Raises FileRejected.
    """
    with open_upload(upload, thorough=False) as file:
        kind = kinds.with_ignored(kinds.get(upload.kind), file.header)
        chunk = file.chunk(1 << 20)
        records = []
        if chunk:
            reader = Reader(
                chunk.data,
                line=chunk.line,
                header=file.header,
                encoding=file.encoding,
                final=chunk.final,
                delimiter=file.delimiter,
            )
            records = [record for record, _ in zip(reader, range(ROWS), strict=False)]
    seen = [_row(kind, file.header, record) for record in records[:SHOWN]]
    found = findings.find(kind, file.header, records, options_from_json(upload.options))
    upload.trial = {"rows": seen, "values": found}
    with suppress(BadColumnMapping):
        check_mapping(kind, upload.columns)
        upload.trial |= _tried(kind, file.header, records, upload, now)
    upload.save(update_fields=["trial"])
    return upload.trial


def _tried(
    kind: Kind, header: list[str], records: list[Record], upload: Upload, now: datetime
) -> dict[str, Any]:
    options = options_from_json(upload.options)
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:  # an import at the same moment may hold what is needed
                cursor.execute(
                    f"SET LOCAL lock_timeout = '{_PATIENCE}'; SET LOCAL statement_timeout = '{_PATIENCE}'"
                )
            loader = BatchLoader(kind, header, source=upload.source, now=now, run=None, options=options)
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


def _row(kind: Kind, header: list[str], record: Record) -> list[Any]:
    """[line, [value as anybody may see it…]]."""
    pairs = zip(header, [*record.fields, *[""] * len(header)], strict=False)
    return [
        record.line,
        [
            shape(value) if name.startswith(IGNORED) else mask_value(kind, name, value.strip())
            for name, value in pairs
        ],
    ]
