"""Receiving a file from a form: encrypted as it arrives, so that it never stands on the disk in plain."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

from crm.imports.uploads.encrypted_files import Writer


class EncryptedUpload(UploadedFile):
    """What arrived: its name in the vault instead of its content."""

    def __init__(self, writer: Writer, name: str, too_large: bool) -> None:
        super().__init__(None, name, size=writer.size)
        self.sealed, self.too_large = writer.name, too_large


class EncryptingUploadHandler(FileUploadHandler):
    """Seals the first file of a form; more than `limit` bytes, or a second file, are read and forgotten."""

    def __init__(self, request: HttpRequest, limit: int) -> None:
        super().__init__(request)
        self._limit = limit
        self._writer: Writer | None = None
        self.received: EncryptedUpload | None = None
        self.kept = False  # whether what arrived is on record, so that it must not be forgotten

    def new_file(self, *arguments: Any, **more: Any) -> None:
        super().new_file(*arguments, **more)
        if self.received:
            raise SkipFile
        self._writer = Writer()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        assert self._writer is not None
        if self._writer.size + len(raw_data) > self._limit:
            self._writer.discard()
            self.received = EncryptedUpload(self._writer, self.file_name or "", too_large=True)
            raise SkipFile
        self._writer.write(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile | None:
        assert self._writer is not None
        self._writer.close()
        self.received = EncryptedUpload(self._writer, self.file_name or "", too_large=False)
        return self.received

    def upload_interrupted(self) -> None:
        """The connection was lost: nothing stays."""
        self.forget()

    @property
    def begun(self) -> bool:
        """Whether a file began to arrive, if perhaps not its end."""
        return self._writer is not None

    def keep(self) -> None:
        """Somebody wants what arrived, and says so on record."""
        self.kept = True

    def forget(self) -> None:
        """Nobody wants what arrived."""
        if self._writer:
            self._writer.discard()
