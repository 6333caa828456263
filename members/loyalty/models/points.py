"""The points ledger: entries that only grow, the lots they made, what was taken from which lot, balances."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.runtime import clock
from crm.runtime.database.constraints import not_negative, one_of, positive
from members.loyalty.models.programme import Programme
from members.profiles.models import Member


def _member() -> models.ForeignKey:
    return models.ForeignKey(Member, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)


def _programme() -> models.ForeignKey:
    return models.ForeignKey(Programme, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)


class EntryKind(models.TextChoices):
    """EARN and REVERSE add points, ADJUST adds or takes, the others take. CLAWBACK takes back what an entry
    earned; REVERSE returns what a redemption took; DEBT_PAYMENT is taken from points as they come in."""

    EARN = "earn", _("Earned")
    REDEEM = "redeem", pgettext_lazy("points", "Redeemed")
    EXPIRE = "expire", _("Expired")
    REVERSE = "reverse", _("Redemption cancelled")
    CLAWBACK = "clawback", _("Taken back")
    DEBT_PAYMENT = "debt_payment", _("Debt repaid")
    ADJUST = "adjust", _("Adjusted")


class PointsEntry(models.Model):
    """A posting. `points` changes the balance from `counts_from` on, `debt` what the member owes.

    `at` is the instant of the fact (of an expiry: the instant at which the points lapsed), `recorded_at` when
    it was posted. Up to `counts_from` points are pending. `key` makes a repeat harmless; keys beginning with
    "~" are the ledger's own. `of_entry` is the entry whose points this one takes back, returns or uses for a
    debt. `rule_version` and `source_row` say what an earning rests on, `amount` the money it was computed
    from; `reward_version` and `quantity` what was redeemed; `request_id` the approved adjustment.
    """

    withheld = ("INSERT", "UPDATE", "DELETE")

    pk = models.CompositePrimaryKey("member_id", "id")
    id = models.BigIntegerField(db_default=Func(Value("loyalty_points_id"), function="nextval"))
    member = _member()
    programme = _programme()
    kind = models.CharField(max_length=12, choices=EntryKind)
    points = models.BigIntegerField()
    debt = models.BigIntegerField(default=0, db_default=0)
    at = models.DateTimeField()
    counts_from = models.DateTimeField()
    recorded_at = models.DateTimeField()
    key = models.CharField(max_length=200)
    reason = models.CharField(max_length=200, blank=True, default="", db_default="")
    of_entry = models.BigIntegerField(null=True)
    rule_version_id = models.BigIntegerField(null=True)
    source_row = models.CharField(max_length=160, null=True)
    amount = models.DecimalField(max_digits=20, decimal_places=2, null=True)
    reward_version_id = models.BigIntegerField(null=True)
    quantity = models.IntegerField(null=True)
    request_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            one_of("kind", EntryKind, model="pointsentry"),
            not_negative("amount", model="pointsentry"),
            models.UniqueConstraint(fields=["member", "key"], name="pointsentry_key_once"),
            models.UniqueConstraint(
                fields=["member", "of_entry"], condition=Q(kind="reverse"), name="pointsentry_reversed_once"
            ),
            models.UniqueConstraint(
                fields=["member", "request_id"],
                condition=Q(request_id__isnull=False),
                name="pointsentry_request_once",
            ),
            models.CheckConstraint(
                name="pointsentry_signed_by_kind",
                condition=Q(kind__in=["earn", "reverse"], points__gt=0, debt=0)
                | Q(kind__in=["redeem", "expire"], points__lt=0, debt=0)
                | Q(kind="debt_payment", points__lt=0, debt=F("points"))
                | Q(kind="clawback", points__lte=0, debt__gte=0)
                | (Q(kind="adjust", debt=0) & ~Q(points=0)),
            ),
            models.CheckConstraint(
                name="pointsentry_adjusted_by_request",
                condition=Q(kind="adjust", request_id__isnull=False)
                | (~Q(kind="adjust") & Q(request_id=None)),
            ),
        ]


class PointsLot(models.Model):
    """The points that one entry brought; `id` is that entry's. Those that lapse first are used first.

    `pending` until `available_from`. `expires_at` (NULL: never) is the first instant at which they are gone;
    `restored_at` when a cancelled redemption last returned points to it.
    """

    withheld = ("INSERT", "UPDATE", "DELETE")

    pk = models.CompositePrimaryKey("member_id", "id")
    id = models.BigIntegerField()
    member = _member()
    programme = _programme()
    points = models.BigIntegerField()
    remaining = models.BigIntegerField()
    pending = models.BooleanField()
    available_from = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    restored_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            positive("points", model="pointslot"),
            models.CheckConstraint(
                name="pointslot_remaining_within", condition=Q(remaining__gte=0, remaining__lte=F("points"))
            ),
            models.CheckConstraint(
                name="pointslot_lapses_after_start",
                condition=Q(expires_at=None) | Q(expires_at__gt=F("available_from")),
            ),
        ]

    @property
    def last_day(self) -> date | None:
        """The last platform day on which its points can be used; None: they never lapse."""
        return None if self.expires_at is None else clock.day_of(self.expires_at - timedelta(microseconds=1))


class LotUse(models.Model):
    """An entry took `points` from a lot, or returned them to it (below zero)."""

    withheld = ("INSERT", "UPDATE", "DELETE")

    pk = models.CompositePrimaryKey("member_id", "entry_id", "lot_id")
    member = _member()
    entry_id = models.BigIntegerField()
    lot_id = models.BigIntegerField()
    points = models.BigIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(name="lotuse_of_something", condition=~Q(points=0))]


class PointsAccount(models.Model):
    """What a member has: kept by the ledger's functions, and equal to the sums of lots and entries.

    `due_at` is the first instant at which time alone changes it: points become available, or lapse. Who owes
    points has none: what comes in pays the debt first.
    """

    withheld = ("INSERT", "UPDATE", "DELETE")

    pk = models.CompositePrimaryKey("member_id", "programme_id")
    member = _member()
    programme = _programme()
    balance = models.BigIntegerField(default=0, db_default=0)
    pending = models.BigIntegerField(default=0, db_default=0)
    debt = models.BigIntegerField(default=0, db_default=0)
    due_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            not_negative("balance", model="pointsaccount"),
            not_negative("pending", model="pointsaccount"),
            not_negative("debt", model="pointsaccount"),
            models.CheckConstraint(name="pointsaccount_debt_paid_first", condition=Q(debt=0) | Q(balance=0)),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="pointsaccount_due")
        ]


class PointsNotice(models.Model):
    """Points of a member that lapse with the platform day `lapses_on` have been announced."""

    pk = models.CompositePrimaryKey("member_id", "programme_id", "lapses_on")
    member = _member()
    programme = _programme()
    lapses_on = models.DateField()
    points = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [positive("points", model="pointsnotice")]


class PointsCohort(models.Model):
    """What became of the points that were earned in a platform month, as of the end of the day `as_of`.

    `month` is its first day. `issued` = `redeemed` + `lapsed` + `taken_back` + `outstanding`; points that
    paid a debt count as redeemed: they were spent before. `value` is the price of a point (platform currency)
    on that day, `expected` the share of points that is expected to be redeemed.
    """

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, db_index=False)
    as_of = models.DateField()
    month = models.DateField()
    issued = models.BigIntegerField()
    redeemed = models.BigIntegerField()
    lapsed = models.BigIntegerField()
    taken_back = models.BigIntegerField()
    outstanding = models.BigIntegerField()
    value = models.DecimalField(max_digits=12, decimal_places=6)
    expected = models.DecimalField(max_digits=7, decimal_places=6)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "as_of", "month"], name="pointscohort_once"),
            not_negative("value", model="pointscohort"),
            models.CheckConstraint(
                name="pointscohort_adds_up",
                condition=Q(issued=F("redeemed") + F("lapsed") + F("taken_back") + F("outstanding")),
            ),
            models.CheckConstraint(
                name="pointscohort_expected_is_a_share", condition=Q(expected__gte=0, expected__lte=1)
            ),
        ]
