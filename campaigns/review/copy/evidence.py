"""Evidence of a version: files that prove what it says, encrypted in the storage of uploads."""

from __future__ import annotations

import hashlib
from datetime import datetime
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from campaigns.review.copy.errors import CopyRefused, Refusal
from campaigns.review.copy.write import lock_version
from campaigns.review.models import EDITABLE, Evidence
from campaigns.review.permissions import WRITE_COPY
from crm.runtime.secrets.crypto import decrypt_bytes, encrypt_bytes
from crm.runtime.text.normal_form import line
from crm.staff.models import Staff
from crm.staff.permissions import require

MEGABYTES = 10
_MOST = MEGABYTES << 20
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What a file of a kind begins with; what it calls itself is not believed.
_KINDS = {
    "pdf": (b"%PDF-", "application/pdf"),
    "png": (b"\x89PNG\r\n\x1a\n", "image/png"),
    "jpg": (b"\xff\xd8\xff", "image/jpeg"),
    "jpeg": (b"\xff\xd8\xff", "image/jpeg"),
    "xlsx": (b"PK\x03\x04", _XLSX),
}


def attach(version_id: int, upload: UploadedFile, *, note: str = "", staff: Staff, now: datetime) -> Evidence:
    """Store a file with an open version. Raises NotAllowed, CopyRefused (kind, size, attached already)."""
    require(staff, WRITE_COPY)
    name = line(upload.name or "")[-200:]
    kind = _KINDS.get(name.rpartition(".")[2].lower())
    if kind is None or upload.read(len(kind[0])) != kind[0]:
        raise CopyRefused(Refusal.FILE_TYPE)
    if (upload.size or 0) > _MOST:
        raise CopyRefused(Refusal.FILE_TOO_LARGE, megabytes=MEGABYTES)
    upload.seek(0)
    content = upload.read()
    digest, stored = hashlib.sha256(content).hexdigest(), f"{uuid4().hex}.evidence"
    with transaction.atomic():
        version = lock_version(version_id)
        if version.state not in EDITABLE:
            raise CopyRefused(Refusal.NOT_EDITABLE)
        if version.evidence.filter(sha256=digest).exists():
            raise CopyRefused(Refusal.FILE_TWICE)
        _storage().save(stored, ContentFile(encrypt_bytes(stored, content)))
        return Evidence.objects.create(
            version=version,
            name=name,
            file=stored,
            content_type=kind[1],
            size=len(content),
            sha256=digest,
            note=line(note)[:500],
            uploaded_by=staff,
            uploaded_at=now,
        )


def read(evidence: Evidence) -> bytes:
    """The file in plain. Raises DecryptionFailed for a damaged one, and what the storage raises."""
    with _storage().open(evidence.file) as file:
        return decrypt_bytes(evidence.file, file.read())


def detach(evidence_id: int, *, staff: Staff) -> None:
    """Remove a file from an open version; once it is submitted it stays. Raises NotAllowed, CopyRefused."""
    require(staff, WRITE_COPY)
    with transaction.atomic():
        evidence = Evidence.objects.select_related("version").get(pk=evidence_id)
        if lock_version(evidence.version_id).state not in EDITABLE:
            raise CopyRefused(Refusal.NOT_EDITABLE)
        evidence.delete()
        transaction.on_commit(lambda: _storage().delete(evidence.file))


def _storage() -> Storage:
    return storages["uploads"]
