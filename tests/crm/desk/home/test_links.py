"""What home leads to in the list of members is understood there, and shows the rows behind the block."""

from datetime import timedelta

import pytest

from crm.runtime.clock import day_of
from crm.staff.models import Role
from members.lifecycle.models import Policy
from members.portfolio.models import Category, Product, Transaction
from members.profiles.models import Complaint, Member
from tests.crm.cast import NOW, browser_of, member, staff_of


@pytest.mark.parametrize("role", [Role.RELATIONSHIP_MANAGER, Role.CUSTOMER_SERVICE])
def test_the_list_finds_what_a_block_shows(world, role):
    Policy.objects.get_or_create(version=1, defaults={"effective_from": NOW - timedelta(days=4000)})
    staff = staff_of(role)
    row = member(manager=staff if role == Role.RELATIONSHIP_MANAGER else None)
    assessed_on = day_of(NOW) - timedelta(days=360)
    Member.objects.filter(pk=row.pk).update(risk_class="C3", risk_assessed_on=assessed_on)
    category = Category.objects.create(code="fund", name="基金")
    product = Product.objects.create(code="P", name="稳盈", category=category, risk="R1", regime="BW")
    Transaction.objects.create(
        product=product,
        member=row, id="b", at=NOW - timedelta(days=9), kind="buy", amount=100_000,
        matures_on=day_of(NOW) + timedelta(days=3),
    )  # fmt: skip
    Complaint.objects.create(member=row, id="c", received_at=NOW - timedelta(days=6), words="慢")
    client = browser_of(staff)
    blocks = [block for block in client.get("/").context_data["today"].blocks if block.more and block.lines]
    addresses = [one.more.address for one in blocks if one.more.address.startswith("/members/?")]
    asked = {name for name in ("matures", "assessment", "complaint") if any(name in one for one in addresses)}
    assert asked == ({"matures", "assessment"} if role == Role.RELATIONSHIP_MANAGER else {"complaint"})
    for address in addresses:
        page = client.get(address)
        assert "Ignored filters" not in page.content.decode()
        if any(name in address for name in asked):
            assert [one.view.id for one in page.context_data["page"].rows] == [row.pk]
