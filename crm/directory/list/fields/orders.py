"""The orders in which the list of members can be sorted."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from crm.directory.list.fields.privacy import is_unmasked
from crm.staff.models import Staff
from crm.web.lists.keyset import Order
from crm.web.lists.tokens import parse_amount, parse_instant
from members.lifecycle.models import Standing
from members.profiles.models import Member


@dataclass(frozen=True, kw_only=True)
class MemberOrder(Order):
    """An order of members by a column of `model`; `name` stands in addresses and page tokens."""

    name: str
    label: str | Promise
    model: type[Model] = Standing
    key: str = "member_id"

    @property
    def path(self) -> str:
        """The field whose values the order gives away."""
        return f"{self.model.__name__}.{self.column}"


# Uses indexes standing_by_stage_aum, standing_warned_by_aum, standing_by_stage_since, standing_due,
# member_by_registration. Ties run as the index runs.
_ALL = (
    MemberOrder(
        name="aum",
        label=gettext_lazy("Assets, highest first"),
        column="aum",
        parse=parse_amount,
        key_descending=True,
        nulls=False,
    ),
    MemberOrder(
        name="-aum",
        label=gettext_lazy("Assets, lowest first"),
        column="aum",
        parse=parse_amount,
        descending=False,
        nulls=False,
    ),
    MemberOrder(
        name="since",
        label=gettext_lazy("Most recent stage change"),
        column="since",
        parse=parse_instant,
        key_descending=True,
    ),
    MemberOrder(
        name="registered",
        label=gettext_lazy("Most recently registered"),
        column="registered_at",
        parse=parse_instant,
        model=Member,
        key="pk",
    ),
    MemberOrder(
        name="due",
        label=gettext_lazy("Soonest expected change"),
        column="due_at",
        parse=parse_instant,
        descending=False,
    ),
)
ORDERS: dict[str, MemberOrder] = {order.name: order for order in _ALL}
DEFAULT = "aum"


def orders_for(staff: Staff) -> dict[str, MemberOrder]:
    """The orders this person may ask for."""
    return {name: order for name, order in ORDERS.items() if is_unmasked(order.path, staff)}
