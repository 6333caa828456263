"""What says which product fits whom: ratings, house rules, investor status, decisions on purchases."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from crm.runtime.database.constraints import bounded_money, one_of, positive
from crm.staff.models import Staff
from members.portfolio.models.product import Product, ProductRisk
from members.profiles.models import Member
from members.profiles.visibility import sees_everybody

# The highest product risk (1 for R1) that each class may be offered, and the ages from which R4 and R5 take
# another path: a house rule may only be stricter.
HIGHEST_RISK = {"C0": 1, "C1": 1, "C2": 2, "C3": 3, "C4": 4, "C5": 5}
CAUTION_AGE, OLD_AGE, ADULT = 60, 65, 18
MOST_LEVELS = 5  # a jump of so many levels is no limit


class Rater(models.TextChoices):
    MANAGER = "manager", _("Product manager")
    SELLER = "seller", _("Seller")


class ProductRating(models.Model):
    """What manager or seller rates a product from a platform day on, until their next rating; never changed.

    Without a `rating` the rater has put the product under review: it is not put forward. One person may do
    that at once; a rating comes by an approved request only, or was kept (`is_supplied`) when the source
    lowered the one it had given (triggers).
    """

    withheld = ("UPDATE", "DELETE")

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="ratings", db_index=False)
    rater = models.CharField(max_length=8, choices=Rater)
    number = models.PositiveIntegerField()
    rating = models.CharField(max_length=2, choices=ProductRisk, null=True)
    effective_from = models.DateField()
    basis = models.CharField(max_length=500)
    is_supplied = models.BooleanField(default=False, db_default=False)
    request_id = models.BigIntegerField(null=True, unique=True)  # that approved it
    made_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["product", "rater", "number"], name="productrating_number_once"),
            positive("number", model="productrating"),
            one_of("rater", Rater, model="productrating"),
            one_of("rating", ProductRisk, model="productrating"),
            models.CheckConstraint(name="productrating_has_a_basis", condition=~Q(basis="")),
            models.CheckConstraint(
                name="productrating_comes_from_somebody",
                condition=Q(request_id__isnull=False, rating__isnull=False, is_supplied=False)
                | Q(request_id=None, rating=None, is_supplied=False, made_by__isnull=False)
                | Q(request_id=None, rating__isnull=False, is_supplied=True, rater=Rater.MANAGER),
            ),
        ]


class SuitabilityDue(models.Model):
    """A day from which a rating (without product: a house rule) counts and has still to be announced."""

    product = models.ForeignKey(
        Product, on_delete=models.CASCADE, null=True, related_name="+", db_index=False
    )
    day = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["day", "product"], nulls_distinct=False, name="suitabilitydue_once"
            )
        ]


class HouseRule(models.Model):
    """How much stricter than the tables this house is, from a platform day on until the next version.

    `highest_c0` … `highest_c5`: the highest product risk each class is offered. `highest_jump`: by how many
    levels a purchase on the member's own initiative may exceed that. Ages: see CAUTION_AGE and OLD_AGE. The
    constraints take nothing that is looser than the tables. Comes by an approved request only (trigger).
    """

    withheld = ("UPDATE", "DELETE")

    number = models.PositiveIntegerField(unique=True)
    effective_from = models.DateField()
    highest_c0 = models.PositiveSmallIntegerField(default=HIGHEST_RISK["C0"])
    highest_c1 = models.PositiveSmallIntegerField(default=HIGHEST_RISK["C1"])
    highest_c2 = models.PositiveSmallIntegerField(default=HIGHEST_RISK["C2"])
    highest_c3 = models.PositiveSmallIntegerField(default=HIGHEST_RISK["C3"])
    highest_c4 = models.PositiveSmallIntegerField(default=HIGHEST_RISK["C4"])
    highest_c5 = models.PositiveSmallIntegerField(default=HIGHEST_RISK["C5"])
    highest_jump = models.PositiveSmallIntegerField(default=MOST_LEVELS)
    caution_age = models.PositiveSmallIntegerField(default=CAUTION_AGE)
    old_age = models.PositiveSmallIntegerField(default=OLD_AGE)
    note = models.CharField(max_length=500, blank=True, default="", db_default="")
    request_id = models.BigIntegerField(unique=True)  # that approved it
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            positive("number", model="houserule"),
            *(
                models.CheckConstraint(
                    name=f"houserule_{name.lower()}_not_looser",
                    condition=Q(**{f"highest_{name.lower()}__lte": highest}),
                )
                for name, highest in HIGHEST_RISK.items()
            ),
            models.CheckConstraint(
                name="houserule_jump_not_looser", condition=Q(highest_jump__lte=MOST_LEVELS)
            ),
            models.CheckConstraint(
                name="houserule_ages_not_looser",
                condition=Q(
                    caution_age__gte=ADULT,
                    caution_age__lte=CAUTION_AGE,
                    old_age__gte=F("caution_age"),
                    old_age__lte=OLD_AGE,
                ),
            ),
        ]


class Status(models.TextChoices):
    """What a verified member is beyond an ordinary investor."""

    QUALIFIED = "qualified", _("Qualified investor")
    PROFESSIONAL_PERSON = "professional_person", _("Professional investor (natural person)")
    PROFESSIONAL_INSTITUTION = "professional_institution", _("Professional investor (institution)")


class InvestorStatusQuerySet(models.QuerySet["InvestorStatus"]):
    """Named reads of verified statuses."""

    def visible_to(self, staff: Staff | AnonymousUser) -> InvestorStatusQuerySet:
        """Those of the members that this person may see."""
        if sees_everybody(staff):
            return self
        return self.filter(member__in=Member.objects.visible_to(staff))


class InvestorStatus(models.Model):
    """A status that somebody verified: it counts from `verified_on` until the day before `valid_until`.

    `basis`: which condition is met (a code of suitability.status.Basis); `evidence`: where the documents
    are kept. Comes by an approved request, whose number is its id; its end may be brought forward once, by
    one person (triggers).
    """

    withheld = ("DELETE",)

    pk = models.CompositePrimaryKey("member_id", "request_id")
    member = models.ForeignKey(Member, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)
    request_id = models.BigIntegerField()
    status = models.CharField(max_length=24, choices=Status)
    basis = models.CharField(max_length=40)
    evidence = models.CharField(max_length=200)
    verified_on = models.DateField()
    valid_until = models.DateField()
    created_at = models.DateTimeField(db_default=Now())
    ended_on = models.DateField(null=True)
    ended_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    end_reason = models.CharField(max_length=500, blank=True, default="", db_default="")

    objects = InvestorStatusQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("status", Status, model="investorstatus"),
            models.CheckConstraint(
                name="investorstatus_has_evidence", condition=~Q(evidence="") & ~Q(basis="")
            ),
            models.CheckConstraint(
                name="investorstatus_ends_after_start", condition=Q(valid_until__gt=F("verified_on"))
            ),
            models.CheckConstraint(
                name="investorstatus_ended_by_somebody",
                condition=Q(ended_on=None, ended_by=None, end_reason="")
                | Q(ended_on__isnull=False, ended_by__isnull=False) & ~Q(end_reason=""),
            ),
        ]


class PurchaseDecisionQuerySet(models.QuerySet["PurchaseDecision"]):
    """Named reads of decisions on purchases."""

    def visible_to(self, staff: Staff | AnonymousUser) -> PurchaseDecisionQuerySet:
        """Those of the members that this person may see."""
        if sees_everybody(staff):
            return self
        return self.filter(member__in=Member.objects.visible_to(staff))


class PurchaseDecision(models.Model):
    """What the purchase table said of a purchase that a member asked for, and by which facts. Append-only.

    `id` is the caller's own: the same again adds nothing. `steps` are those of the procedure that had been
    taken; `code` the row that decided, `reasons` all that held, its own first; `unknown` those that held for
    want of a fact; `facts` the values decided by, with the versions of ratings, house rule and assessment.
    """

    withheld = ("UPDATE", "DELETE")

    pk = models.CompositePrimaryKey("member_id", "id")
    member = models.ForeignKey(Member, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)
    id = models.CharField(max_length=60)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, db_index=False, related_name="+")
    steps = ArrayField(models.CharField(max_length=40), default=list)
    outcome = models.CharField(max_length=12)
    code = models.CharField(max_length=8)
    reasons = ArrayField(models.CharField(max_length=40))
    unknown = ArrayField(models.CharField(max_length=40), default=list)
    table_version = models.CharField(max_length=20)
    facts = models.JSONField()
    amount = models.DecimalField(max_digits=20, decimal_places=2, null=True)

    objects = PurchaseDecisionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="purchasedecision_has_a_key", condition=~Q(id="")),
            models.CheckConstraint(
                name="purchasedecision_outcome_known",
                condition=Q(outcome__in=["allow", "care", "confirm", "procedure", "forbid"]),
            ),
            models.CheckConstraint(
                name="purchasedecision_amount_positive", condition=Q(amount=None) | Q(amount__gt=0)
            ),
            bounded_money("amount", model="purchasedecision"),
        ]
        indexes = [models.Index(fields=["member", "-at"], name="purchasedecision_by_time")]
