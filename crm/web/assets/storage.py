"""Static files as they are served: hashed and compressed, the style sheets joined to one.

The source stays one small sheet for each component, in the order of `styles`; a reader fetches one file.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

from crm.web.assets.styles import sheets

JOINED = "css/all.css"
MODULES = (
    "adding",
    "changed",
    "check_all",
    "copy",
    "dialog",
    "errors",
    "help",
    "is_typing",
    "keys",
    "narrow",
    "once",
    "palette",
    "peek",
    "place",
    "reveal",
    "roving",
    "rows",
    "toast",
    "typing",
)


class JoinedStorage(CompressedManifestStaticFilesStorage):
    """Adds JOINED to what collectstatic found, and rewrites the imports of our modules to hashed names."""

    # Django's switch for imports goes through every library's scripts as well, and fails on some of them.
    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        ("js/*.js", ((r"""(?P<matched>from\s*["'](?P<url>\./[\w.]+)["']\s*;)""", 'from "%(url)s";'),)),
    )

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        """Join, then hash and compress as usual. Raises KeyError where a sheet is missing."""
        if not dry_run and "css/base/layers.css" in paths:
            if self.exists(JOINED):
                self.delete(JOINED)
            self._save(JOINED, ContentFile(b"\n".join(self._read(paths, name) for name in sheets())))
            paths[JOINED] = (self, JOINED)
        yield from super().post_process(paths, dry_run, **options)

    @staticmethod
    def _read(paths: dict[str, Any], name: str) -> bytes:
        storage, path = paths[f"css/{name}.css"]
        with storage.open(path) as sheet:
            content: bytes = sheet.read()
        return content
