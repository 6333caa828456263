"""The folder in which uploads are stored unless a shared storage is configured (UPLOAD_STORAGE)."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files import File
from django.core.files.storage import FileSystemStorage


class UploadFolder(FileSystemStorage):
    """A folder that only its owner can read: `location`, or uploads/ in the folder for data."""

    def __init__(self, location: str | None = None) -> None:
        super().__init__(location, allow_overwrite=False)
        self._given = location

    @property
    def base_location(self) -> str:
        return self._given or str(settings.VAR_DIR / "uploads")

    @property
    def location(self) -> str:
        return os.path.abspath(self.base_location)

    def _open(self, name: str, mode: str = "rb") -> File[Any]:
        if "r" in mode:
            return File(Path(self.path(name)).open(mode), name)
        Path(self.location).mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(self.path(name), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        return File(os.fdopen(descriptor, mode), name)

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        """Folders and files; none where nothing was stored yet."""
        try:
            return super().listdir(path)
        except FileNotFoundError:
            return [], []
