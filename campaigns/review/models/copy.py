"""Copy: what is said to members, in versions of a channel and a language."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from crm.runtime.database.constraints import one_of, positive
from crm.runtime.text.local_names import LocalName
from crm.staff.models import Staff
from members.lifecycle.models import Stage
from members.portfolio.models import Product

LONGEST_BODY = 5000  # characters
LONGEST_SUBJECT = 200
LONGEST_REASON = 2000
MOST_APPROVED_DAYS = 180  # for which an approval may hold
FIGURES_DAYS = 366  # for which figures may be shown after their day at most


class Theme(models.TextChoices):
    HIGH_YIELD = "high_yield", _("High yield")
    STEADY_GROWTH = "steady_growth", _("Steady growth")
    LEGACY = "legacy", _("Legacy planning")


class CopyPurpose(models.TextChoices):
    """The kind of message (docs/copy.md): what consent it needs follows from it."""

    SERVICE = "service", _("Service")
    EDUCATION = "education", _("Investor education")
    MARKETING = "marketing", _("Marketing")
    PRODUCT_MARKETING = "product_marketing", _("Product marketing")


class CopyChannel(models.TextChoices):
    SMS = "sms", _("SMS")
    EMAIL = "email", _("E-mail")
    PUSH = "push", _("Push notification")
    WECOM = "wecom", _("WeCom")
    IN_APP = "in_app", _("In-app message")
    PHONE = "phone", _("Phone script")


class CopyLanguage(models.TextChoices):
    CHINESE = "zh", _("Chinese")
    ENGLISH = "en", _("English")


class CopyState(models.TextChoices):
    """A version's way: draft, checked, submitted, then a decision; withdrawn from anywhere but rejected."""

    DRAFT = "draft", _("Draft")
    CHECKED = "checked", _("Checked")
    SUBMITTED = "submitted", _("Submitted")
    APPROVED = "approved", _("Approved")
    RETURNED = "returned", _("Returned")
    REJECTED = "rejected", _("Rejected")
    WITHDRAWN = "withdrawn", _("Withdrawn")


OPEN = (CopyState.DRAFT, CopyState.CHECKED, CopyState.SUBMITTED)
EDITABLE = (CopyState.DRAFT, CopyState.CHECKED)


class LapseReason(models.TextChoices):
    """Why an approval ended before it was withdrawn."""

    EXPIRED = "expired", _("Approval period ended")
    FIGURES = "figures", _("Figures out of date")
    RULE_PACK = "rule_pack", _("New rule pack")
    PRODUCT_RATING = "product_rating", _("Product rating changed")
    SUPERSEDED = "superseded", _("Newer version approved")


class Copy(LocalName, models.Model):
    """Something to say, known by its code: to members of which stages, about which theme and product.

    Once a version has been checked, all but names and owner is fixed (trigger): what was reviewed depends on
    it. Product marketing names its product; education and general marketing have none.
    """

    withheld = ("DELETE",)

    code = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True, default="", db_default="")
    theme = models.CharField(max_length=16, choices=Theme)
    stages = ArrayField(models.CharField(max_length=12, choices=Stage))
    product = models.ForeignKey(Product, on_delete=models.PROTECT, null=True, related_name="+")
    purpose = models.CharField(max_length=20, choices=CopyPurpose)
    owner = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", db_index=False)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            one_of("theme", Theme, model="copy"),
            one_of("purpose", CopyPurpose, model="copy"),
            models.CheckConstraint(
                name="copy_code_is_plain", condition=Q(code__regex=r"^[a-z][a-z0-9_]{0,59}$")
            ),
            models.CheckConstraint(name="copy_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(
                name="copy_stages_known",
                condition=Q(stages__contained_by=Stage.values) & Q(stages__len__gte=1),
            ),
            models.CheckConstraint(
                name="copy_product_as_purpose_asks",
                condition=Q(purpose=CopyPurpose.SERVICE)
                | Q(purpose=CopyPurpose.PRODUCT_MARKETING, product__isnull=False)
                | Q(purpose__in=(CopyPurpose.EDUCATION, CopyPurpose.MARKETING), product__isnull=True),
            ),
        ]


class CopyVersion(models.Model):
    """One text of a copy: the Liquid template of a channel and a language, and where its review stands.

    `variables` declares what the template may name: {name: {"type": …, "field": …}}
    (rendering/variables.py). `revision` counts edits, for compare-and-set; `editors` are all who wrote in it.
    `pack_*` is the rule pack it was checked by in this revision, `samples` the hashes of its sample
    renderings. Figures shown are those of `figures_as_of` and may be shown up to the day `figures_until`.
    `template_hash` is computed by the database from the content, so nobody can store another one. Triggers
    (migrations/0001_copy.sql) keep the state machine: what is submitted never changes, and every decision is
    the insertion of an Opinion.
    """

    withheld = ("DELETE",)

    copy = models.ForeignKey(Copy, on_delete=models.PROTECT, related_name="versions", db_index=False)
    number = models.PositiveIntegerField()
    channel = models.CharField(max_length=8, choices=CopyChannel)
    language = models.CharField(max_length=2, choices=CopyLanguage)
    based_on = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    subject = models.CharField(max_length=LONGEST_SUBJECT, blank=True, default="", db_default="")
    body = models.TextField()
    variables = models.JSONField(default=dict)
    figures_as_of = models.DateField(null=True)
    figures_until = models.DateField(null=True)
    template_hash = models.GeneratedField(
        expression=Func(
            F("channel"),
            F("language"),
            F("subject"),
            F("body"),
            F("variables"),
            F("figures_as_of"),
            F("figures_until"),
            function="review_template_hash",
        ),  # fmt: skip
        output_field=models.CharField(max_length=64),
        db_persist=True,
    )
    state = models.CharField(max_length=10, choices=CopyState, default=CopyState.DRAFT)
    revision = models.PositiveIntegerField(default=1)
    maker = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", db_index=False)
    last_editor = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", db_index=False)
    editors = ArrayField(models.BigIntegerField(), default=list)
    created_at = models.DateTimeField()
    edited_at = models.DateTimeField()
    pack_name = models.CharField(max_length=40, blank=True, default="")
    pack_version = models.CharField(max_length=40, blank=True, default="")
    checked_at = models.DateTimeField(null=True)
    samples = models.JSONField(default=list)
    sampled_revision = models.PositiveIntegerField(null=True)
    submitted_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    submitted_at = models.DateTimeField(null=True)
    deadline = models.DateTimeField(null=True)
    checker = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    decided_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    expiry_reason = models.CharField(max_length=16, choices=LapseReason, blank=True, default="")
    withdrawn_at = models.DateTimeField(null=True)
    lapsed_at = models.DateTimeField(null=True)
    lapse_reason = models.CharField(max_length=16, choices=LapseReason, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["copy", "channel", "language", "number"], name="copyversion_number_once"
            ),
            models.UniqueConstraint(
                fields=["copy", "channel", "language"],
                condition=Q(state__in=OPEN),
                name="copyversion_one_open",
            ),
            one_of("channel", CopyChannel, model="copyversion"),
            one_of("language", CopyLanguage, model="copyversion"),
            one_of("state", CopyState, model="copyversion"),
            positive("number", model="copyversion"),
            positive("revision", model="copyversion"),
            models.CheckConstraint(
                name="copyversion_lapse_reason_known",
                condition=Q(lapse_reason__in=("", *LapseReason.values)),
            ),
            models.CheckConstraint(
                name="copyversion_expiry_reason_known",
                condition=Q(expiry_reason__in=("", *LapseReason.values)),
            ),
            models.CheckConstraint(
                name="copyversion_lapses_for_a_reason",
                condition=Q(lapsed_at=None, lapse_reason="")
                | (Q(lapsed_at__isnull=False) & ~Q(lapse_reason="")),
            ),
            models.CheckConstraint(
                name="copyversion_figures_in_order",
                condition=Q(figures_as_of=None, figures_until=None)
                | Q(figures_until__gte=F("figures_as_of")),
            ),
            models.CheckConstraint(
                name="copyversion_approval_ends",
                condition=~Q(state=CopyState.APPROVED)
                | (Q(expires_at__gt=F("decided_at")) & ~Q(expiry_reason="")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["deadline"], condition=Q(state=CopyState.SUBMITTED), name="copyversion_queue"
            ),
            models.Index(
                fields=["expires_at"],
                condition=Q(state=CopyState.APPROVED, lapsed_at=None),
                name="copyversion_due",
            ),
        ]
