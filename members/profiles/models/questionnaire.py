"""Risk questionnaires: their versions, links to answer one, attempts, and withdrawals of assessments.

Nothing here is ever changed or deleted. What follows from an attempt (number, day, score, class, end) is
filled in by the database from the version and the answers, whoever inserts
(migrations/0001_questionnaires.sql).
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from crm.runtime.database.constraints import not_negative, one_of, positive
from crm.runtime.text.local_names import LocalName
from crm.staff.models import Staff
from members.profiles.models.member import Member, RiskClass

LONGEST_VALIDITY = 12  # months; a shorter one can be set, a longer one cannot
RISK = "risk"  # code of the questionnaire that gives the risk class of a person


class Questionnaire(LocalName, models.Model):
    """One version of a questionnaire, in force from the platform day `effective_from` until its next one.

    `questions` and `bands` are as members.profiles.questionnaires.versions.definition reads them. Comes by an
    approved request only (trigger).
    """

    withheld = ("UPDATE", "DELETE")

    code = models.CharField(max_length=40)
    number = models.PositiveIntegerField()
    effective_from = models.DateField()
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    questions = models.JSONField()
    bands = models.JSONField()
    validity_months = models.PositiveSmallIntegerField(default=LONGEST_VALIDITY)
    note = models.CharField(max_length=500, blank=True, default="", db_default="")
    request_id = models.BigIntegerField(unique=True)  # that approved it
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "number"], name="questionnaire_number_once"),
            positive("number", model="questionnaire"),
            models.CheckConstraint(
                name="questionnaire_validity_within_law",
                condition=Q(validity_months__gte=1, validity_months__lte=LONGEST_VALIDITY),
            ),
            models.CheckConstraint(
                name="questionnaire_has_names", condition=~Q(code="") & ~Q(name="") & ~Q(name_en="")
            ),
        ]

    @property
    def label(self) -> str:
        """How an assessment names the version it was made with."""
        return f"{self.code} v{self.number}"


class QuestionnaireLink(models.Model):
    """A link that a member gets to answer the questionnaire once, until `expires_at` or the next link.

    `proof_hash` is the SHA-256 of the signature in the link: an attempt has to bring the signature itself,
    which no table holds before. `requested_by` is empty where the product asked by itself.
    """

    withheld = ("UPDATE", "DELETE")

    pk = models.CompositePrimaryKey("member_id", "id")
    member = models.ForeignKey(Member, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)
    id = models.CharField(max_length=32)
    number = models.PositiveIntegerField()  # of the member's links, from 1 on (trigger)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    proof_hash = models.BinaryField()
    requested_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "number"], name="questionnairelink_number_once"),
            models.CheckConstraint(
                name="questionnairelink_expires_after_made", condition=Q(expires_at__gt=F("created_at"))
            ),
        ]


class AttemptChannel(models.TextChoices):
    """How the member answered. There is none for staff."""

    LINK = "link", _("Link sent to the member")


class Attempt(models.Model):
    """A questionnaire that a member answered in person; `id` is that of the link, so each is used once.

    `answers` is {key of a question: [keys of the options chosen]}. Given by the database: `number` (of the
    member's attempts, from 1 on), `day` (platform day), `score`, `risk_class`, `ends_on` (the first day on
    which it is not valid any more by the version's validity).
    """

    withheld = ("UPDATE", "DELETE")

    pk = models.CompositePrimaryKey("member_id", "id")
    member = models.ForeignKey(Member, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)
    id = models.CharField(max_length=32)
    number = models.PositiveIntegerField()
    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.PROTECT, db_index=False)
    at = models.DateTimeField()
    day = models.DateField()
    answers = models.JSONField()
    score = models.IntegerField()
    risk_class = models.CharField(max_length=2, choices=RiskClass)
    ends_on = models.DateField()
    channel = models.CharField(max_length=8, choices=AttemptChannel)
    device = models.CharField(max_length=300, blank=True)
    language = models.CharField(max_length=12, blank=True)
    proof = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "number"], name="attempt_number_once"),
            one_of("risk_class", RiskClass, model="attempt"),
            one_of("channel", AttemptChannel, model="attempt"),
            models.CheckConstraint(name="attempt_ends_after_its_day", condition=Q(ends_on__gt=F("day"))),
        ]
        indexes = [models.Index(fields=["member", "day"], name="attempt_by_day")]


class WithdrawalReason(models.TextChoices):
    """Facts whose change makes an assessment say nothing any more."""

    INCOME = "income", _("Income or assets changed")
    OCCUPATION = "occupation", _("Work or retirement")
    FAMILY = "family", _("Family or dependants")
    HEALTH = "health", _("Health")
    CAPACITY = "capacity", _("Legal capacity")
    GOAL = "goal", _("Goals or horizon of the investment")
    OTHER = "other", _("Another material fact")


class AssessmentWithdrawal(models.Model):
    """That facts have changed materially, so that assessments made before are not valid from `day` on.

    `after_number` is the number of the member's latest attempt then (0: none), given by the database as
    `number` and `day` are. It can only make stricter: the way back is a new assessment.
    """

    withheld = ("UPDATE", "DELETE")

    pk = models.CompositePrimaryKey("member_id", "number")
    member = models.ForeignKey(Member, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    day = models.DateField()
    after_number = models.PositiveIntegerField()
    reason = models.CharField(max_length=12, choices=WithdrawalReason)
    words = models.CharField(max_length=500)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")

    class Meta:
        constraints = [
            one_of("reason", WithdrawalReason, model="assessmentwithdrawal"),
            not_negative("after_number", model="assessmentwithdrawal"),
        ]


class AssessmentNotice(models.Model):
    """That it was announced that an assessment ends in (at most) so many days; each once."""

    withheld = ("UPDATE", "DELETE")

    pk = models.CompositePrimaryKey("member_id", "ends_on", "days")
    member = models.ForeignKey(Member, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)
    ends_on = models.DateField()
    days = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
