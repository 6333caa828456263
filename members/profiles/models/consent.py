"""What members agreed to, on which channel, by which text; and the texts themselves."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from crm.imports.provenance import Imported
from crm.runtime.database.constraints import one_of, positive
from crm.staff.models import Staff
from members.profiles.models.member import Member


class Purpose(models.TextChoices):
    """What a contact is for (reference §7). SERVICE rests on the contract: nobody consents to it."""

    SERVICE = "service", _("Service")
    EDUCATION = "education", _("Investor education")
    MARKETING = "marketing", _("General marketing")
    PRODUCT_MARKETING = "product_marketing", _("Product marketing")
    PERSONALISED = "personalised", _("Personalised recommendations")
    SENSITIVE_SELECTION = "sensitive_selection", _("Selection by account and holdings")
    PARTNER = "partner", _("Sharing with a partner")
    THIRD_COUNTRY = "third_country", _("Transfer abroad")


CONSENT_PURPOSES = tuple(purpose for purpose in Purpose if purpose is not Purpose.SERVICE)
_CONSENTED = [choice for choice in Purpose.choices if choice[0] in CONSENT_PURPOSES]
NAMED_RECIPIENT = (Purpose.PARTNER, Purpose.THIRD_COUNTRY)  # a consent names one recipient (PIPL 23, 39)


class ContactChannel(models.TextChoices):
    """How a member is reached; not where the member came from (Channel)."""

    SMS = "sms", _("SMS")
    EMAIL = "email", _("Email")
    PUSH = "push", _("Push notification")
    WECOM = "wecom", _("WeCom")
    PHONE = "phone", _("Phone")
    IN_APP = "in_app", _("In-app message")


class ConsentSource(models.TextChoices):
    """Where a member said so."""

    APP = "app", _("App")
    FORM = "form", _("Signed form")
    CALL = "call", _("Recorded call")
    REPLY = "reply", _("Reply to a message")
    LINK = "link", _("Unsubscribe link")
    BRANCH = "branch", _("In person")
    STAFF = "staff", _("Told to staff")
    FILE = "file", _("Imported file")
    ERASURE = "erasure", _("Erasure")


class ConsentText(models.Model):
    """A version of the words that members agree to for a purpose, from a platform day on; written once.

    Each is brought by an approved request.
    """

    withheld = ("UPDATE", "DELETE")

    purpose = models.CharField(max_length=20, choices=_CONSENTED)
    version = models.PositiveIntegerField()
    effective_from = models.DateField()
    text = models.CharField(max_length=2000)
    text_en = models.CharField(max_length=2000, blank=True)
    request_id = models.BigIntegerField(unique=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["purpose", "version"], name="consenttext_version_once"),
            models.CheckConstraint(
                name="consenttext_purpose_known", condition=Q(purpose__in=list(CONSENT_PURPOSES))
            ),
            positive("version", model="consenttext"),
            models.CheckConstraint(name="consenttext_says_something", condition=~Q(text="")),
        ]


class Consent(Imported):
    """A member said yes or no to one purpose on one channel at an instant. Append-only.

    What holds at an instant is the last row by (at, id) up to it; no row means no. `recipient` is who gets
    the data, for purposes that name one. A yes has the version of its text and its evidence. `key` makes a
    repeat harmless: the source's id of the row, or of the form that staff sent. `by` is who recorded it.
    """

    withheld = ("UPDATE", "DELETE")

    pk = models.CompositePrimaryKey("member_id", "id")
    member = models.ForeignKey(Member, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)
    id = models.BigIntegerField(db_default=Func(Value("profiles_consent_id"), function="nextval"))
    key = models.CharField(max_length=160)
    purpose = models.CharField(max_length=20, choices=_CONSENTED)
    channel = models.CharField(max_length=8, choices=ContactChannel)
    recipient = models.CharField(max_length=120, blank=True, default="", db_default="")
    given = models.BooleanField()
    text_version = models.CharField(max_length=60, blank=True, default="", db_default="")
    source = models.CharField(max_length=8, choices=ConsentSource)
    evidence = models.CharField(max_length=300, blank=True, default="", db_default="")
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "key"], name="consent_once"),
            models.CheckConstraint(
                name="consent_purpose_known", condition=Q(purpose__in=list(CONSENT_PURPOSES))
            ),
            one_of("channel", ContactChannel, model="consent"),
            one_of("source", ConsentSource, model="consent"),
            models.CheckConstraint(
                name="consent_recipient_where_one_is_named",
                condition=(Q(purpose__in=list(NAMED_RECIPIENT)) & ~Q(recipient=""))
                | (~Q(purpose__in=list(NAMED_RECIPIENT)) & Q(recipient="")),
            ),
            models.CheckConstraint(
                name="consent_given_with_text_and_evidence",
                condition=Q(given=False) | (~Q(text_version="") & ~Q(evidence="")),
            ),
            models.CheckConstraint(name="consent_not_from_the_future", condition=Q(at__lte=F("recorded_at"))),
        ]
        indexes = [
            models.Index(
                fields=["purpose", "channel", "recipient", "member", "-at", "-id"],
                include=["given"],
                name="consent_latest",
            )
        ]
