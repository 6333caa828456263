"""One round of delivery: what changed, what was deferred, what is queued."""

from __future__ import annotations

from datetime import datetime

from campaigns.delivery.messages.decide_again import decide_again
from campaigns.delivery.messages.send import send
from campaigns.delivery.messages.watch import watch
from campaigns.delivery.models import Deferral, Message
from crm.runtime.background.jobs import record

JOB = "deliver messages"


def run(now: datetime, *, caller: str = "command") -> None:
    """Records a run only when there was something to do."""
    seen = watch(now)
    if not (seen.cancelled or seen.queued or seen.without_copy or has_due(now)):
        return
    with record(JOB, now=now, caller=caller) as job:
        decided = decide_again(now)
        sent = send(now, progress=job.advance)
        job.advance(sum(sent.values()), sum(sent.values()))
        job.detail(
            sent=sent["sent"],
            cancelled=sent["cancelled"] + seen.cancelled,
            dropped=sent["dropped"],
            deferred=sent["queued"] + decided[""],
            without_copy=seen.without_copy,
        )


def has_due(now: datetime) -> bool:
    """Whether a message or a deferral is due. Two queries by index."""
    return (
        Message.objects.filter(state="queued", not_before__lte=now).exists()
        or Deferral.objects.filter(ended_at=None, decide_at__lte=now).exists()
    )
