"""Static files as they are served: hashed and compressed, the style sheets joined to one.

The source stays one small sheet for each component, in the order of SHEETS; a reader fetches one file.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

# The order of the layers comes first; within a layer a later sheet wins over an earlier one of equal weight.
SHEETS = (
    *(f"base/{name}" for name in ("layers", "reset", "tokens", "elements", "layout")),
    *(
        f"components/{name}"
        for name in (
            "rail", "button", "field", "table", "card", "chip", "chart", "tabs", "list", "peek", "facts",
            "progress", "dialog", "palette", "timeline", "toast",
        )
    ),
    "base/signed_out", "gallery", "directory/list", "directory/member", "insights", "office", "desk/home",
    "imports", "base/utilities", "base/print",
)  # fmt: skip
JOINED = "css/all.css"
MODULES = ("dialog", "errors", "help", "keys", "once", "palette", "peek", "place", "roving", "rows", "toast")


class JoinedStorage(CompressedManifestStaticFilesStorage):
    """Adds JOINED to what collectstatic found, and rewrites the imports of our modules to hashed names."""

    # Django's switch for imports goes through every library's scripts as well, and fails on some of them.
    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        ("js/*.js", ((r"""(?P<matched>from\s*["'](?P<url>\./[\w.]+)["']\s*;)""", 'from "%(url)s";'),)),
    )

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        """Join, then hash and compress as usual. Raises KeyError where a sheet of SHEETS is missing."""
        if not dry_run and "css/base/layers.css" in paths:
            if self.exists(JOINED):
                self.delete(JOINED)
            self._save(JOINED, ContentFile(b"\n".join(self._read(paths, name) for name in SHEETS)))
            paths[JOINED] = (self, JOINED)
        yield from super().post_process(paths, dry_run, **options)

    @staticmethod
    def _read(paths: dict[str, Any], name: str) -> bytes:
        storage, path = paths[f"css/{name}.css"]
        with storage.open(path) as sheet:
            content: bytes = sheet.read()
        return content
