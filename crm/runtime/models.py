"""Ground floor nouns: job runs, the change queue, calendar days."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from crm.runtime.database.constraints import not_negative, one_of


class TransactionId(models.Func):
    """The id of the writing transaction, as bigint."""

    template = "(pg_current_xact_id()::text::bigint)"
    output_field = models.BigIntegerField()
    arity = 0


class RunState(models.TextChoices):
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    LOST = "lost"  # its process died: found by the heartbeat


class JobRun(models.Model):
    """One run of a job, with its progress and, when it failed, why in words."""

    name = models.CharField(max_length=60)
    state = models.CharField(max_length=10, choices=RunState, default=RunState.RUNNING)
    started_at = models.DateTimeField()
    heartbeat_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(null=True)
    detail = models.JSONField(default=dict)
    failure = models.TextField(blank=True)
    worker = models.CharField(max_length=120)
    caller = models.CharField(max_length=20, default="command")

    class Meta:
        constraints = [
            one_of("state", RunState, model="jobrun"),
            not_negative("done", model="jobrun"),
            models.CheckConstraint(
                name="jobrun_finished_when_over",
                condition=Q(state="running", finished_at=None) | (~Q(state="running") & ~Q(finished_at=None)),
            ),
        ]
        indexes = [models.Index(fields=["name", "-started_at"], name="jobrun_by_name")]


class Pulse(models.Model):
    """The last sign of life of a process that works without leaving runs, by the machine's clock."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()


class Change(models.Model):
    """Something that happened, for whoever follows; read in commit order through crm.runtime.work.changes."""

    withheld = ("UPDATE",)

    txid = models.BigIntegerField(db_default=TransactionId())
    at = models.DateTimeField()
    kind = models.CharField(max_length=60)
    member_id = models.BigIntegerField(null=True)
    payload = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["txid", "id"], name="change_commit_order")]


class ChangeCursor(models.Model):
    """How far one consumer has read the change queue."""

    consumer = models.CharField(max_length=60, primary_key=True)
    txid = models.BigIntegerField(default=0)
    change_id = models.BigIntegerField(default=0)


class CalendarDay(models.Model):
    """A day that differs from the week's rule: a holiday, or a weekend day worked to make up for one."""

    day = models.DateField(_("day"), primary_key=True)
    is_working = models.BooleanField(_("working day"))
    name = models.CharField(_("description"), max_length=60)
    updated_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("calendar day")
        verbose_name_plural = _("calendar: holidays and make-up days")

    def __str__(self) -> str:
        return f"{self.day} {self.name}"
