"""Files that came in, and the rows of them that could not be taken."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from crm.runtime.constraints import not_negative, one_of


class ImportState(models.TextChoices):
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class ImportRun(models.Model):
    """One file taken in: what it was, how far it got, what became of its rows."""

    kind = models.CharField(max_length=40)
    source = models.CharField(max_length=60, blank=True)
    filename = models.CharField(max_length=255)
    digest = models.CharField(max_length=64, blank=True)
    encoding = models.CharField(max_length=20, blank=True)
    dry_run = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=ImportState, default=ImportState.RUNNING)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    read = models.BigIntegerField(default=0)
    added = models.BigIntegerField(default=0)
    updated = models.BigIntegerField(default=0)
    unchanged = models.BigIntegerField(default=0)
    rejected = models.BigIntegerField(default=0)
    created = models.JSONField(default=dict)  # reference data made on the way, by kind: {"channels": [...]}
    failure = models.TextField(blank=True)
    staff_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            one_of("state", ImportState, model="importrun"),
            not_negative("read", model="importrun"),
            not_negative("rejected", model="importrun"),
        ]
        indexes = [models.Index(fields=["-started_at"], name="importrun_by_time")]


class Reject(models.Model):
    """A row that could not be taken, sealed whole, with the field and the reason; kept until replayed."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="rejects")
    line = models.BigIntegerField()
    field = models.CharField(max_length=60, blank=True)
    value = models.CharField(max_length=200, blank=True)  # masked where personal
    why = models.CharField(max_length=300)
    row = models.BinaryField()  # the row as JSON {column: text}, sealed
    mended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["run", "line"], name="reject_by_line"),
            models.Index(fields=["run"], condition=Q(mended_at=None), name="reject_waiting"),
        ]
