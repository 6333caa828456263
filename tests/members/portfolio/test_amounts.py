"""No amount is so large that sums of it leave the columns they are kept in."""

from datetime import date

import pytest
from django.db import IntegrityError

from members.portfolio.models import SavingPlan, Transaction, Valuation
from members.profiles.models import Channel, ChannelSpend
from tests.crm.cast import NOW, member

TOO_LARGE = 10**14
TODAY = date(2026, 5, 1)


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["transaction", "valuation", "savingplan", "channelspend"])
def test_the_database_refuses_an_amount_beyond_the_bound(table):
    row = member()
    with pytest.raises(IntegrityError, match=f"{table}_.*_bounded"):
        match table:
            case "transaction":
                Transaction.objects.create(member=row, id="t", at=NOW, kind="buy", amount=TOO_LARGE)
            case "valuation":
                Valuation.objects.create(member=row, date=TODAY, aum=TOO_LARGE)
            case "savingplan":
                SavingPlan.objects.create(member=row, id="p", amount=TOO_LARGE, every="day", started_on=TODAY)
            case "channelspend":
                ChannelSpend.objects.create(
                    channel=Channel.objects.create(code="x", name="x"), date=TODAY, amount=TOO_LARGE
                )
