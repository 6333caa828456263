"""The member record, its identities, search terms, household, preferences and who manages it."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import DateField, F, Func, Q
from django.db.models.functions import Left
from django.utils.translation import gettext_lazy as _

from crm.imports.provenance import Imported
from crm.runtime.database.constraints import one_of
from crm.staff.models import Staff
from members.profiles.models.channel import Channel
from members.profiles.visibility import MemberQuerySet

# The first day on which the latest risk assessment is no longer valid, as the field of the catalogue says it.
ASSESSMENT_ENDS = Func(
    F("risk_assessed_on"),
    F("risk_ends_on"),
    arg_joiner=" + interval '1 year')::date, ",
    template="least((%(expressions)s)",
    output_field=DateField(),
)


class Sex(models.TextChoices):
    FEMALE = "female", _("Female")
    MALE = "male", _("Male")
    OTHER = "other", _("Other")


class RiskClass(models.TextChoices):
    """Risk tolerance of a member; C0 is the lowest category, which may only hold R1."""

    C0 = "C0"
    C1 = "C1"
    C2 = "C2"
    C3 = "C3"
    C4 = "C4"
    C5 = "C5"


class InvestorType(models.TextChoices):
    ORDINARY = "ordinary", _("Retail")
    PROFESSIONAL = "professional", _("Professional")
    QUALIFIED = "qualified", _("Qualified")


class Household(models.Model):
    name = models.CharField(_("name"), max_length=120)


class Member(Imported):
    """Somebody known to the platform, from the first touch on.

    Mobile, e-mail, ID number and address are sealed (crm.runtime.secrets.crypto); `…_index` are their
    keyed blind indexes. `known_at` is the first touch, the registration or the first import,
    whichever is earliest; `registered_at` empty means a prospect. From `erased_at` on the personal values are
    empty and stay so (trigger). `search_text` holds the member's search
    terms in the order of their code points, a line feed before each (members.profiles.search.terms).
    A risk assessment is valid for a year from its day on; `risk_ends_on` is the first day on which it is not,
    where that is earlier (a shorter validity, a withdrawal). The database keeps it (trigger).
    """

    name = models.CharField(max_length=120, blank=True)
    search_text = models.TextField(blank=True, default="", db_default="")
    mobile = models.BinaryField(null=True)
    mobile_index = models.BinaryField(null=True)
    email = models.BinaryField(null=True)
    email_index = models.BinaryField(null=True)
    id_number = models.BinaryField(null=True)
    id_number_index = models.BinaryField(null=True)
    address = models.BinaryField(null=True)
    sex = models.CharField(max_length=8, choices=Sex, null=True)
    birth_date = models.DateField(null=True)
    region = models.CharField(max_length=80, blank=True)
    occupation = models.CharField(max_length=80, blank=True)
    income_band = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=12, blank=True)
    tags = ArrayField(models.CharField(max_length=60), default=list)
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, null=True)
    campaign = models.CharField(max_length=120, blank=True)
    referrer = models.ForeignKey("self", on_delete=models.DO_NOTHING, null=True, related_name="+")
    household = models.ForeignKey(Household, on_delete=models.SET_NULL, null=True)
    known_at = models.DateTimeField()
    registered_at = models.DateTimeField(null=True)
    risk_class = models.CharField(max_length=2, choices=RiskClass, null=True)
    risk_assessed_on = models.DateField(null=True)
    risk_ends_on = models.DateField(null=True)
    investor_type = models.CharField(max_length=12, choices=InvestorType, null=True)
    source = models.CharField(max_length=60, blank=True)
    imported_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    objects = MemberQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("sex", Sex, model="member"),
            one_of("risk_class", RiskClass, model="member"),
            one_of("investor_type", InvestorType, model="member"),
            models.CheckConstraint(
                name="member_known_before_registered",
                condition=Q(registered_at=None) | Q(known_at__lte=F("registered_at")),
            ),
            models.CheckConstraint(
                name="member_risk_class_with_its_date",
                condition=Q(risk_class=None, risk_assessed_on=None)
                | Q(risk_class__isnull=False, risk_assessed_on__isnull=False),
            ),
            models.CheckConstraint(
                name="member_risk_end_of_an_assessment",
                condition=Q(risk_ends_on=None) | Q(risk_assessed_on__isnull=False),
            ),
            models.CheckConstraint(
                name="member_does_not_refer_itself", condition=Q(referrer=None) | ~Q(referrer=F("id"))
            ),
        ]
        indexes = [
            models.Index(fields=["mobile_index"], name="member_by_mobile"),
            models.Index(fields=["id_number_index"], name="member_by_id_number"),
            models.Index(fields=["email_index"], name="member_by_email"),
            models.Index(fields=["-registered_at", "id"], name="member_by_registration"),
            models.Index(ASSESSMENT_ENDS, "id", name="member_by_assessment_end"),
            models.Index(Left("name", 1), "id", name="member_by_family_name"),
            models.Index(fields=["id"], condition=Q(erased_at__isnull=False), name="member_erased"),
            GinIndex(fields=["tags"], name="member_by_tag"),
        ]


class Identity(models.Model):
    """One name that one outside system has for a member: its own id there, a visitor id, a WeCom id.

    `kind` is "member" or "visitor" or another system's word, `source` the importing system. That the member
    exists is checked by statement, not by row (trigger).
    """

    kind = models.CharField(max_length=40)
    source = models.CharField(max_length=60, blank=True)
    value = models.CharField(max_length=120)
    member = models.ForeignKey(
        Member, on_delete=models.CASCADE, db_constraint=False, related_name="identities"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "source", "value"], include=["member"], name="identity_names_one_member"
            )
        ]


class SearchTerm(models.Model):
    """A text by whose beginning a member is found: one row for each line of the member's `search_text`.

    The key begins with the term: the index that searches walk is the only one. What a member has is read from
    the member; its rows go when it goes (trigger).
    """

    pk = models.CompositePrimaryKey("term", "member_id")
    term = models.CharField(max_length=120, db_collation="C")
    member = models.ForeignKey(Member, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)


class Book(models.Model):
    """Which relationship manager had which member, from when to when; at most one at a time.

    `assigned_by` is empty where no person of the staff did it. Once written, only the end may be added
    (trigger).
    """

    withheld = ("DELETE",)

    pk = models.CompositePrimaryKey("member_id", "started_at")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, db_index=False, related_name="book_rows")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, db_index=False)
    reason = models.CharField(max_length=200, blank=True)
    assigned_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member"], condition=Q(ended_at=None), name="book_one_manager"),
            models.CheckConstraint(
                name="book_ends_after_start", condition=Q(ended_at=None) | Q(ended_at__gt=F("started_at"))
            ),
        ]
        indexes = [models.Index(fields=["staff", "member"], condition=Q(ended_at=None), name="book_of_staff")]


class Preference(models.Model):
    """What a member wants of investing, as told or as observed."""

    member = models.OneToOneField(Member, on_delete=models.CASCADE, primary_key=True)
    goal = models.CharField(max_length=60, blank=True)
    horizon_days = models.PositiveIntegerField(null=True)
    liquidity = models.CharField(max_length=20, blank=True)
    categories = ArrayField(models.CharField(max_length=60), default=list)
    stated_on = models.DateField(null=True)
    source = models.CharField(max_length=60, blank=True, default="", db_default="")
