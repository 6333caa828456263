"""Benefits of a programme, their versions, and how many of each a tier has in a period."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from crm.runtime.database.constraints import bounded_money, not_negative, one_of, positive
from crm.runtime.text.local_names import LocalName
from members.loyalty.models.programme import Programme, Tier

MOST_PER_PERIOD = 1000  # uses of one quota


class BenefitKind(models.TextChoices):
    ADVICE = "advice", _("Advice and planning")
    HEALTH = "health", _("Health")
    TRAVEL = "travel", _("Travel")
    EDUCATION = "education", _("Education")
    EVENT = "event", _("Event")
    SERVICE = "service", _("Service privilege")
    GIFT = "gift", _("Gift")


class BenefitPeriod(models.TextChoices):
    """Over which a quota runs: calendar months, quarters, years of the platform's zone."""

    MONTH = "month", _("Month")
    QUARTER = "quarter", _("Quarter")
    YEAR = "year", _("Year")


class Benefit(models.Model):
    """Something members may use; what it is stands in its versions, the uses name it."""

    withheld = ("UPDATE", "DELETE")

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, db_index=False)
    code = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "code"], name="benefit_code_once"),
            models.CheckConstraint(name="benefit_has_a_code", condition=~Q(code="")),
        ]


class BenefitVersion(LocalName, models.Model):
    """What a benefit is from the platform day `effective_from` on, until its next version; never changed.

    `cost` is that of one use, in platform currency. A use that costs more than `approval_above` is granted
    by a four-eyes request (empty: none needs one). A shared benefit has one quota for the household.
    `manager_hours` is what one use takes of the relationship manager. It can be used from `valid_from` to
    `valid_until`, both included; empty: no bound. Comes by an approved request only (trigger).
    """

    withheld = ("UPDATE", "DELETE")

    benefit = models.ForeignKey(Benefit, on_delete=models.PROTECT, related_name="versions", db_index=False)
    number = models.PositiveIntegerField()
    effective_from = models.DateField()
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True, default="", db_default="")
    kind = models.CharField(max_length=12, choices=BenefitKind)
    period = models.CharField(max_length=8, choices=BenefitPeriod)
    cost = models.DecimalField(max_digits=20, decimal_places=2)
    supplier = models.CharField(max_length=120, blank=True, default="", db_default="")
    is_shared = models.BooleanField(default=False, db_default=False)
    manager_hours = models.DecimalField(max_digits=6, decimal_places=2, default=0, db_default=0)
    approval_above = models.DecimalField(max_digits=20, decimal_places=2, null=True, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=500, blank=True, default="", db_default="")
    request_id = models.BigIntegerField(unique=True)  # that approved it
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["benefit", "number"], name="benefitversion_number_once"),
            positive("number", model="benefitversion"),
            one_of("kind", BenefitKind, model="benefitversion"),
            one_of("period", BenefitPeriod, model="benefitversion"),
            models.CheckConstraint(name="benefitversion_has_a_name", condition=~Q(name="")),
            not_negative("cost", model="benefitversion"),
            bounded_money("cost", model="benefitversion"),
            not_negative("manager_hours", model="benefitversion"),
            models.CheckConstraint(
                name="benefitversion_limit_not_negative",
                condition=Q(approval_above=None) | Q(approval_above__gte=0),
            ),
            models.CheckConstraint(
                name="benefitversion_valid_in_order",
                condition=Q(valid_from=None) | Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
            ),
        ]


class BenefitQuota(models.Model):
    """How often members of a tier may use a version in each period; a tier without a row does not have it."""

    withheld = ("UPDATE", "DELETE")

    version = models.ForeignKey(
        BenefitVersion, on_delete=models.PROTECT, related_name="quotas", db_index=False
    )
    tier = models.ForeignKey(Tier, on_delete=models.PROTECT, related_name="+", db_index=False)
    quota = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "tier"], name="benefitquota_tier_once"),
            models.CheckConstraint(
                name="benefitquota_within_reason",
                condition=Q(quota__gte=1, quota__lte=MOST_PER_PERIOD),
            ),
        ]
