"""Rows made ready for the database while it is busy with those before them."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from crm.imports.loading.staging import Prepared, prepare
from crm.imports.reading.records import Chunk, Reader
from crm.imports.reading.source import Source
from crm.imports.tables.layout import Layout
from crm.imports.tables.record import Record
from crm.imports.tables.skipped import Skipped


@dataclass(frozen=True)
class Part:
    """A piece of a file whose rows pass through this process, made ready, and the bytes they came as."""

    prepared: Prepared
    chunk: Chunk
    layout: Layout
    skipped: Skipped

    def records(self) -> dict[int, Record]:
        """The rows as they came, by line; read again, since they are seldom asked for."""
        return {record.line: record for record in Reader(self.chunk, self.layout)}


def prefetch_parts(file: Source, size: int) -> Iterator[Part]:
    """The file in pieces of about `size` bytes, each made ready in a thread while the last one is worked on.

    Sealing takes as long as storing, and the database is another process: with two processors the time of
    the longer of them is what is left. Raises FileRejected.
    """
    with ThreadPoolExecutor(1, "intake-ahead") as thread:
        following: Future[Part | None] = thread.submit(_next, file, size)
        while part := following.result():
            following = thread.submit(_next, file, size)
            yield part


def _next(file: Source, size: int) -> Part | None:
    chunk = file.chunk(size)
    if chunk is None:
        return None
    layout = file.layout
    reader = Reader(chunk, layout)
    prepared = prepare(layout.kind, layout.header, reader, layout.options)
    if reader.rest:  # a record still open at the end
        file.put_back(reader.rest)
    return Part(prepared, chunk, layout, reader.skipped)
