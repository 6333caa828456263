"""Rule packs: every version with its rules, bases and readings. Rows are never changed or deleted."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.fields.json import KT
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from crm.runtime.database.constraints import one_of, positive
from crm.staff.models import Staff


class BasisStatus(models.TextChoices):
    """Whether a legal basis is in force, as far as is known."""

    IN_FORCE = "in_force", _("In force")
    DRAFT = "draft", _("Draft")
    REPEALED = "repealed", _("Repealed")
    UNVERIFIED = "unverified", _("Unverified")


class ReadingKind(models.TextChoices):
    """What a pack passes over, or reads as a warning."""

    PROTECTED = "protected", _("Protected sentence")
    LONGER_WORD = "longer_words", _("Longer word")
    WARNING = "warnings", _("Warning")
    WORDS = "words", _("Word class")


class RulePackQuerySet(models.QuerySet["RulePack"]):
    def in_effect(self, name: str, day: date) -> RulePack | None:
        """The latest published version of a pack that has taken effect by this platform day."""
        return self.all_in_effect(day).filter(name=name).first()

    def all_in_effect(self, day: date) -> RulePackQuerySet:
        """The same of every pack."""
        published = self.filter(is_published=True, effective_from__lte=day)
        return published.order_by("name", "-number").distinct("name")


class RulePack(models.Model):
    """A version of a rule pack, in effect from the platform day `effective_from` until the next one.

    Versions of a name are numbered from 1. It comes from the files that are shipped (`request_id` empty), or
    is its `base` with the `changes` of an approved request, from which its rows follow (trigger). A shipped
    version that is not published waits beside versions edited here. `severities`: {category: severity} in
    place of those of the pack that it `extends`.
    """

    withheld = ("UPDATE", "DELETE")

    name = models.CharField(max_length=40)
    number = models.PositiveIntegerField()
    version = models.CharField(max_length=40)
    effective_from = models.DateField()
    is_published = models.BooleanField(default=True, db_default=True)
    extends = models.CharField(max_length=40, blank=True, default="", db_default="")
    severities = models.JSONField(default=dict)
    content_hash = models.CharField(max_length=64)  # SHA-256 of what the version says, without its number
    base = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    changes = models.JSONField(default=dict)
    note = models.CharField(max_length=500, blank=True, default="", db_default="")
    maker = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    approver = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    request_id = models.BigIntegerField(null=True, unique=True)
    created_at = models.DateTimeField(db_default=Now())

    objects: ClassVar[models.Manager[RulePack]] = RulePackQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name", "number"], name="rulepack_number_once"),
            models.UniqueConstraint(fields=["name", "version"], name="rulepack_version_once"),
            positive("number", model="rulepack"),
            models.CheckConstraint(
                name="rulepack_is_named", condition=~Q(name="") & ~Q(version="") & ~Q(content_hash="")
            ),
            models.CheckConstraint(
                name="rulepack_shipped_or_requested",
                condition=Q(request_id=None, maker=None, approver=None, base=None)
                | Q(
                    request_id__isnull=False,
                    maker__isnull=False,
                    approver__isnull=False,
                    base__isnull=False,
                    is_published=True,
                ),
            ),
        ]


class PackRule(models.Model):
    """A rule of a version; `content` is its entry as in a file (docs/wording.md)."""

    withheld = ("UPDATE", "DELETE")

    pack = models.ForeignKey(RulePack, on_delete=models.PROTECT, related_name="rules", db_index=False)
    position = models.PositiveIntegerField()
    code = models.CharField(max_length=60)
    is_document = models.BooleanField()  # asked of the whole text
    content = models.JSONField()
    category = models.GeneratedField(
        expression=KT("content__category"), output_field=models.TextField(), db_persist=True
    )
    severity = models.GeneratedField(
        expression=KT("content__severity"), output_field=models.TextField(), db_persist=True
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pack", "code"], name="packrule_code_once"),
            models.CheckConstraint(
                name="packrule_severity_known",
                condition=Q(severity__in=["warn", "require_disclosure", "block"]),
            ),
            models.CheckConstraint(name="packrule_has_a_category", condition=Q(category__gt="")),
        ]


class PackReading(models.Model):
    """A pattern that a version passes over or reads as a warning."""

    withheld = ("UPDATE", "DELETE")

    pack = models.ForeignKey(RulePack, on_delete=models.PROTECT, related_name="readings", db_index=False)
    kind = models.CharField(max_length=12, choices=ReadingKind)
    position = models.PositiveIntegerField()
    pattern = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pack", "kind", "position"], name="packreading_once"),
            one_of("kind", ReadingKind, model="packreading"),
        ]


class PackBasis(models.Model):
    """A law behind a category. `grade`: A its text was read, B quoted with its source, C reported, D from
    general knowledge; only A and B are shown as law. `checked_by` compared it with the official text."""

    withheld = ("UPDATE", "DELETE")

    pack = models.ForeignKey(RulePack, on_delete=models.PROTECT, related_name="bases", db_index=False)
    category = models.CharField(max_length=60)
    position = models.PositiveIntegerField()
    law = models.CharField(max_length=200)
    article = models.CharField(max_length=100, blank=True, default="", db_default="")
    grade = models.CharField(max_length=1)
    status = models.CharField(max_length=12, choices=BasisStatus)
    in_force_from = models.DateField(null=True)
    in_force_to = models.DateField(null=True)
    last_checked = models.DateField(null=True)
    checked_by = models.CharField(max_length=120, blank=True, default="", db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pack", "category", "position"], name="packbasis_once"),
            one_of("status", BasisStatus, model="packbasis"),
            models.CheckConstraint(name="packbasis_grade_known", condition=Q(grade__in=list("ABCD"))),
            models.CheckConstraint(name="packbasis_names_a_law", condition=~Q(law="")),
        ]


class PackExample(models.Model):
    """A text with the finding that the packs of a name must give, no `category` for none that blocks: what
    rules are tested against. Shipped, or a false positive that was granted as an exception."""

    withheld = ("UPDATE", "DELETE")

    name = models.CharField(max_length=40)  # of the pack
    text = models.TextField()
    category = models.CharField(max_length=60, blank=True, default="", db_default="")
    severity = models.CharField(max_length=20, blank=True, default="", db_default="")
    is_shipped = models.BooleanField(default=False, db_default=False)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name", "text", "category"], name="packexample_once"),
            models.CheckConstraint(name="packexample_has_a_text", condition=~Q(text="")),
            models.CheckConstraint(
                name="packexample_category_and_severity",
                condition=Q(category="", severity="") | (~Q(category="") & ~Q(severity="")),
            ),
        ]
