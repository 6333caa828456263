"""Rejected rows that somebody fixed in a file: kept encrypted until a worker has retried them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from crm.imports.errors.file_errors import FileRejected
from crm.imports.models import ImportRun, Upload
from crm.imports.rejects.sheet import HOW_READ, check_header
from crm.imports.runs.record import AlreadyOpen, hand_over
from crm.imports.uploads import encrypted_files
from crm.imports.uploads.upload import open_upload, plain_name


def send_back(
    run: ImportRun, *, file: str, filename: str, size: int, staff_id: int, now: datetime
) -> ImportRun:
    """Hand an encrypted file of fixed rows to a worker, under a run of its own.

    Raises FileRejected where it is no file of this run's rejects, and AlreadyOpen; it is forgotten then.
    """
    upload = Upload(
        file=file,
        filename=plain_name(filename),
        size=size,
        at=now,
        staff_id=staff_id,
        kind=run.kind,
        source=run.source,
        options=HOW_READ.as_json(),
    )
    try:
        with open_upload(upload, thorough=False) as content:
            check_header(run, content)
        with transaction.atomic():
            upload.save()
            return hand_over(
                ImportRun(
                    kind=run.kind,
                    source=run.source,
                    filename=f"rejects of {run.filename}"[:255],
                    started_at=now,
                    options=run.options,
                    staff_id=staff_id,
                    upload=upload,
                    replay_of=run,
                )
            )
    except (FileRejected, AlreadyOpen):
        encrypted_files.remove(file)
        raise
