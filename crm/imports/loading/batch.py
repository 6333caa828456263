"""One batch of a file, imported one transaction: all of it, with its rejects and counts, or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from psycopg.errors import DeadlockDetected, SerializationFailure, UniqueViolation

from crm.imports.kinds import DEFERRED, Batch, Counts, Kind
from crm.imports.loading import faults, match_words, merge, staging, statistics
from crm.imports.loading.normal_texts import NORMAL, Treatments, treatments
from crm.imports.loading.prefetch import Part
from crm.imports.loading.result import Result, result_of, with_earlier
from crm.imports.models import COUNTS, ImportRun, Reject
from crm.imports.options import ReadingOptions
from crm.imports.reading.records import Chunk, Reader
from crm.imports.rejects.store import SLICE, RejectWriter, encrypt_row
from crm.imports.tables.layout import Layout
from crm.imports.tables.record import Record
from crm.imports.tables.skipped import Skipped
from crm.imports.values import money
from crm.runtime import clock
from crm.runtime.queue.lease import fence

TRIES = 4
UNUSUAL = 0.05  # rows of a batch not written as programs do: from then on, all are read in any form at once
_SETTINGS = "SELECT set_config('timezone', %s, true), set_config('imports.loading', %s, true)"
_COUNT = (
    "SELECT count(*) FILTER (WHERE fault IS NULL), count(*) FILTER (WHERE fault = %s),"
    " count(*) FILTER (WHERE fault > 0) FROM pg_temp.imports_parsed"
)
# What another load at the same moment may cause; taking the batch again is enough.
_PASSING = (DeadlockDetected, SerializationFailure, UniqueViolation)


class Staged(NamedTuple):
    """What was staged: rows read, who can tell the texts that the staging table cannot, what texts need."""

    read: int
    kept: Callable[[], dict[int, Record]] | None = None
    rest: bytes = b""
    needed: Treatments = NORMAL
    faulty: tuple[Record, ...] = ()  # that were not staged
    skipped: Skipped | None = None


def sql_parameters(
    source: str, now: datetime, run: ImportRun | None, options: ReadingOptions
) -> dict[str, Any]:
    """What the SQL fragments of every kind may refer to; `import` is the run of what is written."""
    return {
        "import": run.pk if run else None,
        "source": source,
        "prefix": f"{source}:" if source else "",
        "currency": settings.BUSINESS_CURRENCY,
        "now": now,
        "today": clock.day_of(now).isoformat(),
        "currencies": money.names(settings.BUSINESS_CURRENCY),
        "money": money.pattern(settings.BUSINESS_CURRENCY),
        "dates": options.dates,
        "serials": list(options.serials),
        "latest": clock.day_of(now + timedelta(days=366)).isoformat(),
    }


class BatchLoader:
    """Takes the batches of one load, one after another, and sums up what became of them in `result`."""

    def __init__(
        self,
        kind: Kind,
        header: list[str],
        *,
        source: str,
        now: datetime,
        run: ImportRun | None,
        options: ReadingOptions | None = None,
        keep_under: ImportRun | None = None,
    ) -> None:
        self.kind, self.header, self.now, self.run = kind, header, now, run
        self.options = options or ReadingOptions()
        self._earlier = result_of(run)
        self._own = Result(run_id=run.pk if run else None)
        self.result = with_earlier(self._own, self._earlier)
        self.deferred = 0
        self._all_new = True
        self._mostly_usual = True
        self._params = sql_parameters(source, now, run or keep_under, self.options)
        self._keeper = RejectWriter(kind, header, keep_under or run)
        # That a value equals the stored one tells what is masked, and a dry run could be had for each guess.
        self._tells_equal = bool(run or keep_under) or not kind.masked

    def prepare(self) -> None:
        """Make what lasts for the whole load."""
        with connection.cursor() as cursor:
            self._valid = merge.prepare(cursor)
            if self.kind.defers:
                cursor.execute("DROP TABLE IF EXISTS pg_temp.imports_deferred")
                cursor.execute("CREATE TEMP TABLE imports_deferred (round integer, line bigint, row bytea)")

    def chunk(self, chunk: Chunk, layout: Layout) -> bytes:
        """Take whole records of a file; returns the bytes of a record still open at the end."""

        def fill(cursor: Any) -> Staged:
            staging.create(cursor, self.kind, self.header, chunk.line)
            if staging.copy_whole(cursor, layout, chunk):
                return Staged(chunk.data.count(b"\n"), needed=treatments(chunk.data, layout.encoding))
            reader = Reader(chunk, layout)
            prepared = staging.prepare(self.kind, self.header, reader, self.options)
            staging.copy_prepared(cursor, self.kind, self.header, prepared)

            def told() -> dict[int, Record]:
                return {record.line: record for record in Reader(chunk, layout)}

            faulty = tuple(prepared.faulty)
            return Staged(prepared.seen, told, reader.rest, faulty=faulty, skipped=reader.skipped)

        return self._in_one_transaction(fill, last_chance=False)

    def part(self, part: Part) -> None:
        """Take a piece of a file of personal data, made ready beforehand."""

        def fill(cursor: Any) -> Staged:
            staging.create(cursor, self.kind, self.header, part.chunk.line)
            staging.copy_prepared(cursor, self.kind, self.header, part.prepared)
            faulty = tuple(part.prepared.faulty)
            return Staged(part.prepared.seen, part.records, faulty=faulty, skipped=part.skipped)

        self._in_one_transaction(fill, last_chance=False)

    def records(self, records: list[Record], *, last_chance: bool = True, again: bool = False) -> None:
        """Take records that were read already; `again`: they have been counted as read before."""

        def fill(cursor: Any) -> Staged:
            staging.create(cursor, self.kind, self.header, 1)
            prepared = staging.prepare(self.kind, self.header, records, self.options)
            staging.copy_prepared(cursor, self.kind, self.header, prepared)
            kept = {record.line: record for record in records}
            return Staged(0 if again else prepared.seen, lambda: kept, faulty=tuple(prepared.faulty))

        self._in_one_transaction(fill, last_chance=last_chance)

    def _in_one_transaction(self, fill: Callable[[Any], Staged], *, last_chance: bool) -> bytes:
        for attempt in range(1, TRIES + 1):
            before = self._keeper.counted()
            try:
                with transaction.atomic(), connection.cursor() as cursor:
                    if self.run and self._earlier.read and not self._own.read:
                        # The file is read again from its beginning, and each row rejected again.
                        Reject.objects.filter(run=self.run).delete()
                    filled = fill(cursor)
                    result, deferred = self._merge(cursor, filled, last_chance=last_chance)
                    grown = statistics.find_grown(cursor) if filled.read >= statistics.LEAST else []
                break
            except DatabaseError as error:
                self._keeper.restore(before)
                if attempt == TRIES or not isinstance(error.__cause__, _PASSING):
                    raise
        statistics.gather(grown)
        self._own, self.deferred = result, self.deferred + deferred
        self.result = with_earlier(result, self._earlier)
        return filled.rest

    def _merge(self, cursor: Any, filled: Staged, *, last_chance: bool) -> tuple[Result, int]:
        cursor.execute(_SETTINGS, [settings.BUSINESS_TIME_ZONE, "on"])
        clock.set_database_day(self.now)
        batch, matched = self._parse(cursor, filled.needed, last_chance=last_chance)
        if self.kind.merge:
            counts = self.kind.merge(cursor, batch)
        else:
            created = merge.create_references(cursor, batch)
            counts = merge.store(cursor, batch)
            counts.created = created
        self._all_new = self._all_new and not counts.met_known
        if self.kind.after:
            self.kind.after(cursor, batch)
        cursor.execute(_COUNT, [DEFERRED])
        good, deferred, rejected = cursor.fetchone()
        judge = faults.Judge(batch, self.header, self._valid, self.options)
        all_faults = judge.list_rejected(cursor, filled.needed) if rejected else {}
        if rejected or deferred:
            for records in self._faulty(filled.kept, all_faults):
                self._keeper.keep(cursor, [record for record in records if record.why])
                self._defer(cursor, [record for record in records if not record.why])
        self._keeper.keep(cursor, judge.complete(cursor, filled.needed, filled.faulty), damaged=True)
        cursor.execute(
            "SELECT set_config('timezone', 'UTC', true), set_config('imports.loading', 'off', true)"
        )
        return self._sum_up(filled, good, counts, matched), deferred

    def _parse(
        self, cursor: Any, needed: Treatments, *, last_chance: bool
    ) -> tuple[Batch, dict[str, dict[str, str]]]:
        """(the batch, whose rows are in pg_temp.imports_parsed then, {column: {word: ours}})."""
        batch = Batch(
            self.kind,
            frozenset(self.header),
            self._params,
            self.now,
            last_chance,
            clears=self.options.clears,
            all_new=self._all_new,
        )
        how = (self._valid, self.options, needed)
        others = merge.parse(cursor, batch, *how, usual=True) if self._mostly_usual else 1.0
        if not others:
            return batch, {}
        matched = match_words.match_staged(cursor, self.kind, self.header, self.options, needed)
        batch = replace(batch, params=self._params | match_words.parameters(self.kind, matched))
        if self._mostly_usual:
            merge.parse_rest(cursor, batch, *how)
        else:
            merge.parse(cursor, batch, *how)
        self._mostly_usual = others < UNUSUAL
        return batch, matched

    def _faulty(
        self, told: Callable[[], dict[int, Record]] | None, others: Mapping[int, list[int]]
    ) -> Iterator[list[Record]]:
        """The rows found faulty in the database, by slices; those to be deferred carry no reason."""
        kept: dict[int, Record] = {}
        names = "".join(f', s."{name}"' for name in self.header) if not told else ""
        join = "JOIN pg_temp.imports_staged AS s USING (line)" if not told else ""
        with connection.chunked_cursor() as cursor:
            cursor.execute(
                f"SELECT p.line, p.fault{names} FROM pg_temp.imports_parsed AS p {join}"  # noqa: S608  # own names
                " WHERE p.fault IS NOT NULL ORDER BY p.line"
            )
            while rows := cursor.fetchmany(SLICE):
                if told and not kept:
                    kept = told()
                yield [
                    faults.explained(
                        self.kind,
                        self.header,
                        Record(line, kept[line].fields if kept else [text or "" for text in texts]),
                        fault,
                        others.get(line, []),
                    )
                    for line, fault, *texts in rows
                ]

    def _defer(self, cursor: Any, records: list[Record]) -> None:
        if records:
            with cursor.copy("COPY pg_temp.imports_deferred (line, row) FROM STDIN") as copy:
                for record in records:
                    copy.write_row((record.line, encrypt_row(self.header, record)))

    def _sum_up(
        self, staged: Staged, good: int, counts: Counts, matched: Mapping[str, Mapping[str, str]]
    ) -> Result:
        so_far = self._own
        updated = counts.updated if self._tells_equal else good - counts.added
        together = {label: [*codes] for label, codes in so_far.created.items()}
        for label, codes in counts.created.items():
            together[label] = together.get(label, []) + codes
        cleared = {
            name: so_far.cleared.get(name, 0) + counts.cleared.get(name, 0)
            for name in {**so_far.cleared, **counts.cleared}
        }
        result = Result(
            read=so_far.read + staged.read,
            added=so_far.added + counts.added,
            updated=so_far.updated + updated,
            unchanged=so_far.unchanged + good - counts.added - updated,
            rejected=self._keeper.count,
            rejects=self._keeper.shown,
            faults=self._keeper.faults(),
            created=together,
            words={
                name: {**so_far.words.get(name, {}), **matched.get(name, {})}
                for name in {**so_far.words, **matched}
                if so_far.words.get(name) or matched.get(name)
            },
            cleared=cleared,
            skipped=so_far.skipped.plus(staged.skipped or Skipped()),
            run_id=so_far.run_id,
        )
        if self.run:
            all_attempts = with_earlier(result, self._earlier)
            ImportRun.objects.filter(pk=self.run.pk).update(
                **{name: getattr(all_attempts, name) for name in COUNTS},
                created=all_attempts.created,
                words=result.words,
                cleared=all_attempts.cleared,
                faults=result.faults,
                skipped=result.skipped.found,
            )
            if self.run.item:
                fence(self.run.item)
        return result
