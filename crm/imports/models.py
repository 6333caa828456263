"""Files that came in, and the rows of them that were rejected."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import models
from django.db.models import Q

from crm.imports.errors.row_errors import Reason, load_reason
from crm.runtime.database.constraints import not_negative, one_of
from crm.runtime.models import QueueItem, QueueState

COUNTS = ("read", "added", "updated", "unchanged", "rejected")  # read is the sum of the others


class ImportOutcome(models.TextChoices):
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    LOST = "lost"  # its worker was lost too often


class Upload(models.Model):
    """A file sent through the page, with what is known of it; encrypted on disk until it was loaded.

    `columns` names our column for each of the file's (empty: passed over); `trial` is what came of its
    first rows.
    """

    file = models.CharField(max_length=32, unique=True)  # in the vault
    filename = models.CharField(max_length=255)
    size = models.BigIntegerField()
    at = models.DateTimeField()
    staff_id = models.BigIntegerField()
    kind = models.CharField(max_length=40)
    source = models.CharField(max_length=60, blank=True)
    encoding = models.CharField(max_length=20, blank=True)
    delimiter = models.CharField(max_length=1, default=",")
    sheets = models.JSONField(default=list)  # names of a workbook's sheets
    table_line = models.IntegerField(default=1)  # of the headings, from 1
    header = models.JSONField(default=list)
    columns = models.JSONField(default=list)
    remembered = models.BooleanField(default=False)  # the columns are those chosen the last time
    options = models.JSONField(default=dict)  # as options.ReadingOptions has it
    trial = models.JSONField(default=dict)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [not_negative("size", model="upload")]
        indexes = [models.Index(fields=["at"], condition=Q(removed_at=None), name="upload_kept")]


class SourceMemory(models.Model):
    """How the last file with this set of headings that came from this source was read."""

    kind = models.CharField(max_length=40)
    source = models.CharField(max_length=60, blank=True)
    headings = models.CharField(max_length=64)  # SHA-256 of the set
    options = models.JSONField()  # as options.ReadingOptions has it
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "source", "headings"], name="sourcememory_once")
        ]


class ImportRun(models.Model):
    """One file imported: what it was, how far it got, what became of its rows.

    `outcome` is empty while it is open; until then its `item` in the work queue says where it stands.
    """

    kind = models.CharField(max_length=40)
    source = models.CharField(max_length=60, blank=True)
    filename = models.CharField(max_length=255)
    digest = models.CharField(max_length=64, blank=True)
    beginning = models.CharField(max_length=64, blank=True)  # of its size and first bytes: known at once
    encoding = models.CharField(max_length=20, blank=True)
    options = models.JSONField(default=dict)  # how it is read, as options.ReadingOptions has it
    dry_run = models.BooleanField(default=False)
    outcome = models.CharField(max_length=10, choices=ImportOutcome, null=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    seconds = models.FloatField(null=True)
    read = models.BigIntegerField(default=0)
    added = models.BigIntegerField(default=0)
    updated = models.BigIntegerField(default=0)
    unchanged = models.BigIntegerField(default=0)
    rejected = models.BigIntegerField(default=0)
    fixed = models.BigIntegerField(default=0)  # of the rejected, those that went in later
    skipped = models.JSONField(default=dict)  # lines that are no rows: {what: [lines, the first]}
    created = models.JSONField(default=dict)  # reference data made on the way, by kind: {"channels": [...]}
    words = models.JSONField(default=dict)  # {column: {word of the file: ours}}
    cleared = models.JSONField(default=dict)  # {column: values that empty cells cleared}
    faults = models.JSONField(default=list)  # [[field, code, params, rows]…], the most frequent first
    shown = models.JSONField(default=list)  # a dry run's first rejects: [[line, field, value, code, params]…]
    failure = models.TextField(blank=True)
    unusable = models.JSONField(null=True)  # why nothing could be taken: [code, params]
    staff_id = models.BigIntegerField(null=True)
    upload = models.ForeignKey(Upload, null=True, on_delete=models.PROTECT, related_name="runs")
    only = models.JSONField(default=dict)  # of a retry: which rows of the other run; empty: all that wait
    replay_of = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="replays")
    item = models.OneToOneField(  # of the queue, where it is no more once the run is over
        QueueItem, null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )

    class Meta:
        constraints = [
            one_of("outcome", ImportOutcome, model="importrun"),
            not_negative("read", model="importrun"),
            not_negative("rejected", model="importrun"),
            not_negative("fixed", model="importrun"),
        ]
        indexes = [models.Index(fields=["-started_at"], name="importrun_by_time")]

    @property
    def is_open(self) -> bool:
        return self.outcome is None

    @property
    def state(self) -> str:
        """Its outcome, or the state of its item; read runs that may be open with select_related("item")."""
        if self.outcome:
            return self.outcome
        return self.item.state if self.item else QueueState.RUNNING

    @property
    def is_interrupted(self) -> bool:
        """Whether it waits to be taken up again."""
        return self.is_open and self.state == QueueState.WAITING and bool(self.item and self.item.attempts)

    @property
    def cancel_asked(self) -> bool:
        return self.is_open and bool(self.item and self.item.cancel_asked)

    @property
    def took_none(self) -> bool:
        """Whether every row that was read was refused."""
        return took_none({"read": self.read, "rejected": self.rejected})

    @property
    def failure_words(self) -> str:
        """Why it failed, in the reader's language where the reason is one of ours."""
        return load_reason(*self.unusable).said() if self.unusable else self.failure


def took_none(counts: Mapping[str, int]) -> bool:
    """Whether every row of those that were counted was refused."""
    return counts["rejected"] == counts["read"] > 0


class Overwritten(models.Model):
    """A row as it was before an import changed it, or before somebody changed by hand what one brought.

    Written by a trigger of the tables whose imports can be undone (0001_overwritten.sql), kept as long.
    """

    run_id = models.BigIntegerField()  # the import that changed the row, or had brought it
    was_id = models.BigIntegerField(null=True)  # the import that had brought the row before
    by_hand = models.BooleanField()
    table_name = models.CharField(max_length=63)
    key = models.JSONField()  # values of the primary key
    row = models.JSONField()  # all columns

    class Meta:
        indexes = [
            models.Index(fields=["run_id", "id"], name="overwritten_by_run"),
            models.Index(
                fields=["was_id"], condition=Q(by_hand=False, was_id__isnull=False), name="overwritten_since"
            ),
        ]


class ImportUndo(models.Model):
    """The undoing of an import: approved, how far it is, what became of the rows."""

    run = models.OneToOneField(ImportRun, on_delete=models.PROTECT, related_name="undo")
    request_id = models.BigIntegerField()  # that a second person approved
    approved_at = models.DateTimeField()
    item = models.OneToOneField(
        QueueItem, null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    pages = models.BigIntegerField(default=0)  # of the table that were searched for added rows
    restored = models.BigIntegerField(default=0)
    removed = models.BigIntegerField(default=0)
    stayed = models.BigIntegerField(default=0)  # changed since, or needed by others
    finished_at = models.DateTimeField(null=True)
    failure = models.TextField(blank=True)

    class Meta:
        constraints = [
            not_negative(name, model="importundo") for name in ("pages", "restored", "removed", "stayed")
        ]


class Outcome(models.TextChoices):
    WAITING = "waiting"
    REPLAYED = "replayed"
    SUPERSEDED = "superseded"  # the same file came in again
    DISMISSED = "dismissed"


class BulkFix(models.Model):
    """The same change of many waiting rows that were rejected for one reason, until they are tried again."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="bulk_fixes")
    field = models.CharField(max_length=60)
    code = models.CharField(max_length=300)
    rows = models.BigIntegerField()
    staff_id = models.BigIntegerField()
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [not_negative("rows", model="bulkfix")]


class Reject(models.Model):
    """A rejected row, encrypted whole, with the field and the reason; kept until settled."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="rejects")
    line = models.BigIntegerField()
    field = models.CharField(max_length=60, blank=True)
    value = models.CharField(max_length=200, blank=True)  # masked where personal
    code = models.CharField(max_length=300)
    params = models.JSONField(default=dict, db_default={})
    # What else is wrong with the row: [[field, masked value, code, params]…].
    also = models.JSONField(default=list, db_default=[])
    row = models.BinaryField()  # the row as JSON {column: text}, encrypted
    fix = models.ForeignKey(BulkFix, null=True, on_delete=models.PROTECT, related_name="rejects")
    before = models.BinaryField(null=True)  # the row before that fix, encrypted
    resolved_at = models.DateTimeField(null=True)  # when it was settled
    outcome = models.CharField(
        max_length=10, choices=Outcome, default=Outcome.WAITING, db_default=Outcome.WAITING
    )
    note = models.CharField(max_length=300, blank=True, db_default="")  # why it was dismissed
    staff_id = models.BigIntegerField(null=True)  # who fixed or dismissed it

    class Meta:
        constraints = [
            one_of("outcome", Outcome, model="reject"),
            models.CheckConstraint(
                name="reject_settled_with_time",
                condition=Q(outcome="waiting", resolved_at=None)
                | (~Q(outcome="waiting") & ~Q(resolved_at=None)),
            ),
            models.CheckConstraint(
                name="reject_fixed_with_the_row_before",
                condition=Q(fix=None, before=None) | (~Q(fix=None) & ~Q(before=None)),
            ),
        ]
        indexes = [
            models.Index(fields=["run", "line"], name="reject_by_line"),
            models.Index(
                fields=["run", "line"], condition=Q(resolved_at=None), name="reject_waiting_by_line"
            ),
            models.Index(
                fields=["run", "field", "code", "line"],
                condition=Q(resolved_at=None),
                name="reject_by_reason",
            ),
            models.Index(fields=["run"], condition=Q(resolved_at=None) & ~Q(fix=None), name="reject_changed"),
        ]

    @property
    def reason(self) -> Reason:
        return load_reason(self.code, self.params)

    @property
    def reasons(self) -> dict[str, Reason]:
        """Why it was rejected, by the column at fault; the first one first."""
        others = {field: load_reason(code, params) for field, _value, code, params in self.also}
        return {self.field: self.reason, **others}
