"""What members hold: transactions, valuations, saving plans."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Least
from django.utils.translation import gettext_lazy as _

from crm.imports.provenance import Imported
from crm.runtime.clock import day_start
from crm.runtime.database.constraints import bounded_money, not_negative, one_of, positive
from crm.staff.models import Staff
from members.portfolio.models.product import Product
from members.profiles.models import Member
from members.profiles.visibility import sees_everybody


class TransactionKind(models.TextChoices):
    """Buys are money into AUM; redemptions (asked for) and payouts (at maturity) are money out of it."""

    BUY = "buy", _("Buy")
    REDEMPTION = "redemption", _("Redemption")
    PAYOUT = "payout", _("Payout at maturity")
    DIVIDEND = "dividend", _("Dividend")
    FEE = "fee", _("Fee")


OUT_OF_AUM = (TransactionKind.REDEMPTION, TransactionKind.PAYOUT)
MONEY: models.DecimalField = models.DecimalField(max_digits=20, decimal_places=2)


class TransactionQuerySet(models.QuerySet["Transaction"]):
    """Named reads of transactions."""

    def visible_to(self, staff: Staff | AnonymousUser) -> TransactionQuerySet:
        """Those of the members that this person may see."""
        if sees_everybody(staff):
            return self
        return self.filter(member__in=Member.objects.visible_to(staff))

    def maturing(self, first: date, last: date) -> TransactionQuerySet:
        """Holdings that mature from one platform day to another, both included, the earliest first.

        The read for homes, lists and the member page: each row is a buy with its `member_id`, `product`
        (joined) and `matures_on`, and `held`, the part of its amount that is still invested: at most what the
        member has bought of the product less what came back. Lots of which nothing is left are left out.
        Chain it: `Transaction.objects.visible_to(staff).maturing(today, today + timedelta(7))`. The cost
        follows the rows within the days (two partial indexes: by day, and by member and day).
        """
        came_back = Case(
            When(kind=TransactionKind.BUY, then=F("amount")),
            When(kind__in=OUT_OF_AUM, then=-F("amount")),
            default=Value(0),
            output_field=MONEY,
        )
        same = Transaction.objects.filter(member=OuterRef("member_id"), product=OuterRef("product_id"))
        net = same.order_by().values("member_id").annotate(net=Sum(came_back)).values("net")
        return (
            self.filter(matures_on__range=(first, last))
            .annotate(held=Least(F("amount"), Subquery(net, output_field=MONEY)))
            .filter(held__gt=0)
            .select_related("product")
            .order_by("matures_on", "member_id", "id")
        )


class Transaction(Imported):
    """Money that moved; `id` is the source's own, `kind` gives the direction of the positive amount.

    `plan_debit`: a savings plan's buy, which the member did not decide on that day. `matures_on`: the
    platform day on which a buy is paid out: as the source says, else its day and the product's term,
    kept by triggers wherever either changes.
    """

    pk = models.CompositePrimaryKey("member_id", "id")
    member = models.ForeignKey(Member, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)
    id = models.CharField(max_length=120)
    at = models.DateTimeField()
    kind = models.CharField(max_length=10, choices=TransactionKind)
    plan_debit = models.BooleanField(default=False, db_default=False)
    amount = models.DecimalField(max_digits=20, decimal_places=2)
    product = models.ForeignKey(
        Product, on_delete=models.DO_NOTHING, null=True, db_constraint=False, db_index=False
    )

    matures_on = models.DateField(null=True)

    objects = TransactionQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("kind", TransactionKind, model="transaction"),
            models.CheckConstraint(
                name="transaction_plan_debit_is_buy", condition=Q(plan_debit=False) | Q(kind="buy")
            ),
            models.CheckConstraint(
                name="transaction_only_buys_mature", condition=Q(matures_on=None) | Q(kind="buy")
            ),
            positive("amount", model="transaction"),
            bounded_money("amount", model="transaction"),
        ]
        # Covers the stage engine's reads: it never touches the heap.
        indexes = [
            models.Index(fields=["member", "at"], include=["kind", "amount"], name="transaction_by_time"),
            # The money that moved in a month: rows arrive about in the order of their time.
            BrinIndex(fields=["at"], name="transaction_by_month"),
            models.Index(
                fields=["member", "matures_on"],
                condition=Q(matures_on__isnull=False),
                name="transaction_matures_by_member",
            ),
            models.Index(
                fields=["matures_on"],
                include=["member"],
                condition=Q(matures_on__isnull=False),
                name="transaction_matures",
            ),
        ]


class Valuation(Imported):
    """Assets of a member at the end of one platform day, in platform currency.

    The primary key's index also carries `aum` (made in SQL by the migration).
    """

    pk = models.CompositePrimaryKey("member_id", "date")
    member = models.ForeignKey(Member, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)
    date = models.DateField()
    aum = models.DecimalField(max_digits=20, decimal_places=2)

    class Meta:
        constraints = [not_negative("aum", model="valuation"), bounded_money("aum", model="valuation")]


class Every(models.TextChoices):
    DAY = "day", _("Day")
    WEEK = "week", _("Week")
    FORTNIGHT = "fortnight", _("2 weeks")
    MONTH = "month", _("Month")
    QUARTER = "quarter", _("Quarter")
    YEAR = "year", _("Year")


# Days within which a debit of a plan follows the one before.
DEBITED_WITHIN = {
    Every.DAY: 1,
    Every.WEEK: 7,
    Every.FORTNIGHT: 14,
    Every.MONTH: 31,
    Every.QUARTER: 92,
    Every.YEAR: 366,
}
DEBIT_GRACE_DAYS = 3  # that a bank may take over a debit


class SavingPlanQuerySet(models.QuerySet["SavingPlan"]):
    """Named reads of saving plans."""

    def missed(self, today: date) -> SavingPlanQuerySet:
        """Running plans whose debit has not come: no buy of their product within their period and the grace.

        Of a plan without a product any buy counts. A plan younger than its period has missed nothing.
        Uses index: transaction_by_time.
        """
        since = {
            every: today - timedelta(days=count + DEBIT_GRACE_DAYS) for every, count in DEBITED_WITHIN.items()
        }
        buys = Transaction.objects.filter(
            member=OuterRef("member_id"), kind=TransactionKind.BUY, at__gte=OuterRef("debited_from")
        )
        running = self.filter(Q(ended_on=None) | Q(ended_on__gt=today)).annotate(
            debited_from=Case(
                *(When(every=every, then=Value(day_start(day))) for every, day in since.items()),
                output_field=models.DateTimeField(),
            ),
            judged_from=Case(
                *(When(every=every, then=Value(day)) for every, day in since.items()),
                output_field=models.DateField(),
            ),
        )
        return running.filter(
            Q(product=None) & ~Exists(buys)
            | Q(product__isnull=False) & ~Exists(buys.filter(product=OuterRef("product"))),
            started_on__lte=F("judged_from"),
        )


class SavingPlan(Imported):
    """A standing order to invest."""

    pk = models.CompositePrimaryKey("member_id", "id")
    member = models.ForeignKey(Member, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)
    id = models.CharField(max_length=120)
    amount = models.DecimalField(max_digits=20, decimal_places=2)
    every = models.CharField(max_length=10, choices=Every)
    started_on = models.DateField()
    ended_on = models.DateField(null=True)
    product = models.ForeignKey(
        Product, on_delete=models.DO_NOTHING, null=True, db_constraint=False, db_index=False
    )

    objects = SavingPlanQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("every", Every, model="savingplan"),
            positive("amount", model="savingplan"),
            bounded_money("amount", model="savingplan"),
            models.CheckConstraint(
                name="savingplan_ends_after_start",
                condition=Q(ended_on=None) | Q(ended_on__gte=F("started_on")),
            ),
        ]
