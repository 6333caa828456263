"""Rows made ready for the database while it is busy with those before them."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from crm.imports.kinds import Kind
from crm.imports.loading.staging import Prepared, prepare
from crm.imports.reading.options import ReadingOptions
from crm.imports.reading.records import Reader, Record
from crm.imports.reading.source import Chunk, Source


@dataclass(frozen=True)
class Part:
    """A piece of a file whose rows pass through this process, made ready, and the bytes they came as."""

    prepared: Prepared
    chunk: Chunk
    reading: Prefetcher

    def records(self) -> dict[int, Record]:
        """The rows as they came, by line; read again, since they are seldom asked for."""
        return {record.line: record for record in self.reading.of(self.chunk)}


@dataclass(frozen=True)
class Prefetcher:
    """How the bytes of a file become records."""

    header: list[str]
    delimiter: str
    encoding: str
    options: ReadingOptions

    def of(self, chunk: Chunk) -> Reader:
        return Reader(
            chunk.data,
            line=chunk.line,
            header=self.header,
            encoding=self.encoding,
            final=chunk.final,
            delimiter=self.delimiter,
        )


def prefetch_parts(file: Source, kind: Kind, size: int) -> Iterator[Part]:
    """The file in pieces of about `size` bytes, each made ready in a thread while the last one is worked on.

    Sealing takes as long as storing, and the database is another process: with two processors the time of
    the longer of them is what is left. Raises FileRejected.
    """
    with ThreadPoolExecutor(1, "intake-ahead") as thread:
        following: Future[Part | None] = thread.submit(_next, file, kind, size)
        while part := following.result():
            following = thread.submit(_next, file, kind, size)
            yield part


def _next(file: Source, kind: Kind, size: int) -> Part | None:
    chunk = file.chunk(size)
    if chunk is None:
        return None
    reading = Prefetcher(file.header, file.delimiter, file.encoding, file.options)
    reader = reading.of(chunk)
    prepared = prepare(kind, file.header, reader, file.options)
    if reader.rest:  # a record still open at the end
        file.put_back(reader.rest)
    return Part(prepared, chunk, reading)
