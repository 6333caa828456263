"""What members ask of their own data, and what is left of those who had theirs erased."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from crm.runtime.database.constraints import one_of
from crm.staff.models import Staff
from members.profiles.models.member import Member


class RightsKind(models.TextChoices):
    """Rights of PIPL 44-48."""

    ACCESS = "access", _("Access")
    EXPORT = "export", _("Copy or transfer")
    CORRECTION = "correction", _("Correction")
    ERASURE = "erasure", _("Erasure")
    EXPLANATION = "explanation", _("Explanation of an automated decision")


class RightsState(models.TextChoices):
    OPEN = "open", _("Open")
    DONE = "done", _("Completed")
    REFUSED = "refused", _("Refused")


class RightsRequest(models.Model):
    """A request of a member about their own data. Once answered it stays (trigger).

    `verified` says how the identity of who asked was verified; `answer` what was told, the reasons of a
    refusal (PIPL 50) included.
    """

    withheld = ("DELETE",)

    pk = models.CompositePrimaryKey("member_id", "id")
    member = models.ForeignKey(Member, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)
    id = models.BigIntegerField(db_default=Func(Value("profiles_rightsrequest_id"), function="nextval"))
    key = models.CharField(max_length=160)
    kind = models.CharField(max_length=12, choices=RightsKind)
    received_at = models.DateTimeField()
    due_on = models.DateField()
    words = models.CharField(max_length=1000)
    verified = models.CharField(max_length=200)
    recorded_by = models.ForeignKey(Staff, on_delete=models.PROTECT, db_index=False, related_name="+")
    state = models.CharField(max_length=8, choices=RightsState, default=RightsState.OPEN, db_default="open")
    answer = models.CharField(max_length=1000, blank=True, default="", db_default="")
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "key"], name="rightsrequest_once"),
            one_of("kind", RightsKind, model="rightsrequest"),
            one_of("state", RightsState, model="rightsrequest"),
            models.CheckConstraint(
                name="rightsrequest_identity_verified", condition=~Q(verified="") & ~Q(words="")
            ),
            models.CheckConstraint(
                name="rightsrequest_answered_with_words",
                condition=Q(state="open", answered_at=None, answered_by=None, answer="")
                | (
                    ~Q(state="open")
                    & Q(answered_at__gte=F("received_at"), answered_by__isnull=False)
                    & ~Q(answer="")
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["due_on", "member"], condition=Q(state="open"), name="rightsrequest_open"),
        ]


class Erasure(models.Model):
    """A member's personal data were erased; `sealed` is what the law has kept, which is only stored.

    `sealed` is encrypted JSON of the erased values, NULL where no law keeps them or its time is over:
    `keep_until` is the first platform day on which it goes, `basis` the law.
    """

    withheld = ("DELETE",)

    member = models.OneToOneField(
        Member, on_delete=models.DO_NOTHING, db_constraint=False, primary_key=True, related_name="+"
    )
    erased_at = models.DateTimeField()
    request_id = models.BigIntegerField(unique=True)
    sealed = models.BinaryField(null=True)
    basis = models.CharField(max_length=200, blank=True, default="", db_default="")
    keep_until = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="erasure_sealed_with_basis",
                condition=Q(sealed=None) | (Q(keep_until__isnull=False) & ~Q(basis="")),
            )
        ]
        indexes = [
            models.Index(
                fields=["keep_until"], condition=Q(sealed__isnull=False), name="erasure_to_be_emptied"
            )
        ]
