"""The ledger against a model: every posting in any order, with a list of integers beside it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from crm.staff.models import Role
from members.loyalty.points.configuration import adjustments
from members.loyalty.points.ledger.balance import Balance, balance_as_of, get_balance
from members.loyalty.points.ledger.claw_back import claw_back
from members.loyalty.points.ledger.earn import Earning, earn
from members.loyalty.points.ledger.redeem import cancel_redemption, redeem
from members.loyalty.points.ledger.refusals import PointsRefused
from members.loyalty.points.ledger.settle import settle_due
from members.loyalty.points.reports.verify import verify
from tests.crm.cast import NOW, member, staff_of
from tests.harness.examples import examples
from tests.members.loyalty.points.worlds import approved, entry_of, programme

HOUR = timedelta(hours=1)
POINTS = st.integers(1, 60)


class Lot:
    """The model's lot: what it was and is, from when to when, and what lapsed or was taken back of it."""

    def __init__(self, entry, points, starts, ends):
        self.entry, self.points, self.left = entry, points, points
        self.starts, self.ends = starts, ends
        self.lapsed = self.taken = 0
        self.open = self.adjusted = False


class Ledger(RuleBasedStateMachine):
    """Hours pass; each rule does to the model in a few lines what the ledger does in the database."""

    def __init__(self):
        super().__init__()
        self.of, self.who = programme(), member()
        self.maker = staff_of(Role.OPERATIONS)
        self.now, self.hour, self.serial = NOW, 0, 0
        self.lots, self.debt, self.spent, self.seen = [], 0, [], {}
        self.lazy = False  # time has passed, and no run has come yet

    def key(self):
        self.serial += 1
        return f"key {self.serial}"

    # the model

    def pass_time(self):
        for lot in sorted(self.lots, key=lambda lot: (lot.starts, lot.entry)):
            if lot.starts <= self.hour and not lot.open:
                lot.open = True
                self.pay(lot)
        for lot in self.lots:
            if lot.open and lot.ends is not None and lot.ends <= self.hour:
                lot.lapsed += lot.left
                lot.left = 0

    def pay(self, lot):
        paid = min(self.debt, lot.left)
        lot.left -= paid
        self.debt -= paid

    def usable(self, first=None):
        found = [lot for lot in self.lots if lot.open and lot.left]
        return sorted(found, key=lambda lot: (lot is not first, lot.ends is None, lot.ends or 0, lot.entry))

    def take(self, points, first=None):
        uses = []
        for lot in self.usable(first):
            used = min(points, lot.left)
            lot.left -= used
            points -= used
            if used:
                uses.append((lot, used))
        return uses

    def balance(self):
        return sum(lot.left for lot in self.lots if lot.open)

    # the steps

    @rule(points=POINTS, wait=st.integers(0, 3), days=st.none() | st.integers(1, 12), late=st.integers(0, 5))
    def earns(self, points, wait, days, late):
        self.pass_time()
        key, at = self.key(), self.hour - late
        starts, ends = at + wait, None if days is None else at + wait + days
        given = Earning(
            self.who.pk, key, points, NOW + at * HOUR, available_from=NOW + starts * HOUR,
            expires_at=None if ends is None else NOW + ends * HOUR,
        )  # fmt: skip
        assert earn(self.of.pk, given, now=self.now)
        assert not earn(self.of.pk, given, now=self.now)
        lot = Lot(entry_of(self.who.pk, key), points, starts, ends)
        lot.open = starts <= self.hour
        self.lots.append(lot)
        if lot.open:
            self.pay(lot)
        self.pass_time()

    @rule(points=POINTS)
    def spends(self, points):
        self.pass_time()
        key = self.key()
        if points > self.balance():
            with pytest.raises(PointsRefused), transaction.atomic():
                redeem(self.of.pk, self.who.pk, points, key=key, now=self.now)
            return
        done = redeem(self.of.pk, self.who.pk, points, key=key, now=self.now)
        assert redeem(self.of.pk, self.who.pk, points, key=key, now=self.now).entry == done.entry
        self.spent.append((done.entry, self.take(points)))

    @precondition(lambda self: self.spent)
    @rule(data=st.data())
    def cancels(self, data):
        self.pass_time()
        entry, uses = self.spent.pop(data.draw(st.integers(0, len(self.spent) - 1)))
        key = self.key()
        cancel_redemption(self.of.pk, self.who.pk, entry, key=key, now=self.now)
        cancel_redemption(self.of.pk, self.who.pk, entry, key=key, now=self.now)
        for lot, used in uses:
            lot.left += used
        paid = min(self.debt, sum(used for _lot, used in uses))
        self.debt -= paid
        self.take(paid)
        self.pass_time()

    @precondition(lambda self: self.lots)
    @rule(data=st.data(), part=st.none() | POINTS)
    def takes_back(self, data, part):
        self.pass_time()
        lot = self.lots[data.draw(st.integers(0, len(self.lots) - 1))]
        if lot.adjusted:
            return  # an adjustment is taken back by another one
        key = self.key()
        for _twice in range(2):
            claw_back(self.of.pk, self.who.pk, lot.entry, key=key, points=part, now=self.now)
        wanted = min(part or lot.points, max(0, lot.points - lot.lapsed - lot.taken))
        lot.taken += wanted
        if not lot.open:
            lot.left -= wanted
            return
        self.debt += wanted - sum(used for _lot, used in self.take(wanted, lot))

    @rule(points=st.integers(-40, 40).filter(bool))
    def adjusts(self, points):
        self.pass_time()
        settle_due(now=self.now)
        if points + self.balance() < 0:
            return
        asked = adjustments.propose(
            self.of.pk, self.who.pk, points, reason=self.key(), maker=self.maker, now=self.now
        )
        approved(asked, self.now)
        if points < 0:
            self.take(-points)
            return
        lot = Lot(entry_of(self.who.pk, f"adjustment:{asked.pk}"), points, self.hour, None)
        lot.open = lot.adjusted = True
        self.lots.append(lot)
        self.pay(lot)

    @rule(hours=st.integers(1, 6), run=st.booleans())
    def time_passes(self, hours, run):
        if not self.lazy:
            self.seen[self.now] = self.model()
        self.hour += hours
        self.now = NOW + self.hour * HOUR
        self.lazy = not run
        if run:
            settle_due(now=self.now)
            settle_due(now=self.now)

    def model(self):
        pending = sum(lot.left for lot in self.lots if not lot.open)
        return Balance(self.balance(), pending, self.debt)

    @invariant()
    def agrees(self):
        assert verify().differing == 0
        if self.lazy:
            return
        self.pass_time()
        assert get_balance(self.of.pk, self.who.pk) == self.model()
        assert balance_as_of(self.of.pk, self.who.pk, self.now) == self.model()
        for at in list(self.seen)[-2:]:  # as it was known then
            assert balance_as_of(self.of.pk, self.who.pk, at, known=at) == self.seen[at]


@pytest.mark.django_db
def test_the_ledger_does_what_the_model_does():
    class Case(Ledger):
        def __init__(self):
            self.atomic = transaction.atomic()
            self.atomic.__enter__()
            super().__init__()

        def teardown(self):
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    run_state_machine_as_test(Case, settings=examples(12, stateful_step_count=25))
