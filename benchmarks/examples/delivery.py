"""How the pages of delivery are opened; a message only where there is one."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.examples.world import COMPLIANCE, LEAD, OPERATIONS, RM, SERVICE, Asked, Examples, World, at
from campaigns.delivery.models import Message
from campaigns.review.models import CopyVersion

ROLES = (RM, LEAD, SERVICE, COMPLIANCE, OPERATIONS)


def _outbox(world: World) -> Iterator[Asked]:
    tabs = ("", "queued", "stopped", "deferred", "withheld")
    yield Asked("outbox", ROLES, [at("outbox", tab=tab) for tab in tabs])


def _messages(world: World) -> Iterator[Asked]:
    latest = Message.objects.order_by("-queued_at")[:20]
    pages = [at("outbox-message", one.member_id, one.id) for one in latest]
    if pages:
        yield Asked("outbox-message", (COMPLIANCE, OPERATIONS), pages)


def _ask(world: World) -> Iterator[Asked]:
    versions = list(CopyVersion.objects.values_list("pk", flat=True)[:20])
    pages = [at("gate-ask", member=one.pk, version=pk) for one in world.own[:5] for pk in versions]
    yield Asked("gate-ask", ROLES, pages or [at("gate-ask")])


DELIVERY: dict[str, Examples] = {"outbox": _outbox, "outbox-message": _messages, "gate-ask": _ask}
