"""Members who consented, copy that two people approved, and what the gate says of both."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from campaigns.delivery.gate.decide import Answer, preview
from campaigns.delivery.messages.orders import Order
from campaigns.delivery.messages.queue import queue
from campaigns.delivery.messages.watch import Watched, follow
from campaigns.delivery.models import Message, Selection
from campaigns.review.models import CopyVersion
from crm.runtime.models import Change
from members.portfolio.models import Category, Product
from members.profiles.models import Consent, Contact, Member
from tests.campaigns.review.copy import town as review
from tests.crm.cast import NOW, member

_serial = count(1)
EDUCATION = "【长青财富】净值型产品的净值每日变动，过往表现不代表未来。回复T退订"
HELLO = "【长青财富】{{ name }}您好，净值型产品的净值每日变动，过往表现不代表未来。回复T退订"
BODY = (
    "【长青财富】长青稳健债券基金，管理人长青基金，风险等级R3。"
    "基金有风险，投资须谨慎，过往表现不代表未来。回复T退订"
)
NAME = {"name": {"type": "member_field", "field": "name"}}


def version(*, days: int = 90, code: str = "", purpose: str = "education", **text: Any) -> CopyVersion:
    """An approved version; without a text an SMS about net values."""
    maker, officer = review.maker(), review.officer()
    copy = review.copy_of(maker, code or f"copy_{next(_serial)}", purpose=purpose, **_about(text))
    made = review.approved(maker, officer, days=days, copy=copy, **{"body": EDUCATION} | text)
    return CopyVersion.objects.select_related("copy").get(pk=made.pk)


def _about(text: dict[str, Any]) -> dict[str, Any]:
    return {name: text.pop(name) for name in ("product",) if name in text}


def reader(name: str = "王小明", **given: Any) -> Member:
    """Somebody of 40 with a mobile who consented to education and product marketing by SMS."""
    who = member(name, mobile=f"139{next(_serial):08}")
    Member.objects.filter(pk=who.pk).update(**{"birth_date": date(1986, 1, 1)} | given)
    for purpose in ("education", "marketing", "product_marketing"):
        consent(who, purpose)
    return Member.objects.get(pk=who.pk)


def investor(risk_class: str, **given: Any) -> Member:
    """A reader with a risk class of a month ago."""
    return reader(risk_class=risk_class, risk_assessed_on=NOW.date() - timedelta(days=30), **given)


def fund() -> Product:
    """A public fund of R3."""
    category, _ = Category.objects.get_or_create(code="fund", defaults={"name": "基金"})
    return Product.objects.create(
        code=f"F{next(_serial)}",
        name="长青稳健债券基金",
        category=category,
        risk="R3",
        regime="FS",
        registration_code="000001",
    )


def consent(who: Member, purpose: str, *, given: bool = True, at: datetime = NOW - timedelta(days=9)) -> None:
    """A row of the member's consents by SMS."""
    Consent.objects.create(
        member=who, key=f"test {next(_serial)}", purpose=purpose, channel="sms", given=given,
        text_version="1" if given else "", source="app", evidence="ticked" if given else "", at=at,
        recorded_at=at,
    )  # fmt: skip


def contacted(who: Member, at: datetime, kind: str = "education") -> None:
    """A contact on record."""
    Contact.objects.create(
        member=who,
        key=f"test {next(_serial)}",
        at=at,
        channel="sms",
        kind=kind,
        direction="out",
        recorded_at=at,
    )


def asked(who: Member, what: CopyVersion, now: datetime = NOW, **given: Any) -> Answer:
    """What the gate says of one member, nothing stored."""
    (answer,) = preview([who.pk], what, what.channel, now, **given)
    return answer


def sent_to(who: Member, what: CopyVersion, now: datetime = NOW, key: str = "one", **given: Any) -> Message:
    """A queued message."""
    queue(Order(what, key, selection=Selection.ONE, **given), [who.pk], now)
    return Message.objects.get(member=who, key=key)


def service_version(code: str, body: str, **variables: str) -> CopyVersion:
    """An approved service text by SMS, its variables by type."""
    declared = {name: {"type": kind} for name, kind in variables.items()}
    return version(code=code, purpose="service", body=body, variables=declared)


def told(now: datetime) -> Watched:
    """What came of the changes that were written so far and not followed yet."""
    found = follow(list(Change.objects.order_by("id")), now)
    Change.objects.all().delete()
    return found
