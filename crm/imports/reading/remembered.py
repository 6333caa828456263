"""A file opened as the last one from its source was read: one way for page and command line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from crm.imports.errors.file_errors import FileRejected
from crm.imports.kinds import Kind
from crm.imports.options import ReadingOptions
from crm.imports.reading import memory
from crm.imports.reading.source import Source, open_source
from crm.imports.vocabulary import headings

_OF_THE_TABLE = ("encoding", "delimiter", "table_line", "sheet")  # without which its headings are not found


def open_remembered(kind: Kind, source: str, path: Path, decided: Mapping[str, Any]) -> Source:
    """The file at a path, read as remembered for its headings and source, except for what is `decided` now.

    Raises FileRejected.
    """
    options = find_options(
        kind, source, lambda options: open_source(path, kind, options, thorough=False), decided
    )
    return open_source(path, kind, options)


def find_options(
    kind: Kind, source: str, opened: Callable[[ReadingOptions], Source], decided: Mapping[str, Any]
) -> ReadingOptions:
    """How a file is read: as `decided` now, as remembered, else as the file shows. Raises FileRejected."""
    found = _remembered(kind, source, opened, decided) or ReadingOptions()
    columns = {**found.columns, **decided.get("columns", {})}
    return found.given(**{**decided, "columns": columns})


def _remembered(
    kind: Kind, source: str, opened: Callable[[ReadingOptions], Source], decided: Mapping[str, Any]
) -> ReadingOptions | None:
    latest = [*memory.list_latest(kind.name, source)]
    if not latest:
        return None
    shown = ReadingOptions().given(**{name: decided[name] for name in _OF_THE_TABLE if name in decided})
    fault: FileRejected | None = None
    try:
        with opened(shown) as file:
            if found := memory.recall(kind.name, source, file.headings):
                return found
    except FileRejected as error:  # perhaps only as the file shows it
        fault = error
    for known in latest:
        options = shown.given(
            **{name: getattr(known.options, name) for name in _OF_THE_TABLE if name not in decided}
        )
        if options != shown:
            with suppress(FileRejected), opened(options) as file:
                if headings.fingerprint(file.headings) == known.headings:
                    return known.options
    if fault:
        raise fault
    return None
