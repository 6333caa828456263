"""Tasks of badges and quests: each makes one call, may overlap with itself and be killed."""

from __future__ import annotations

from celery import shared_task

from crm.runtime.background.jobs import record
from crm.runtime.clock import now
from members.loyalty.incentives.effects.count_effects import count_all_effects
from members.loyalty.incentives.keeping.keep import JOB as KEEP_JOB
from members.loyalty.incentives.keeping.keep import has_pending, keep
from members.loyalty.incentives.keeping.verify import JOB as VERIFY_JOB
from members.loyalty.incentives.keeping.verify import Differing, differences, verify_nightly
from members.loyalty.incentives.rewards import rewards_waiting, settle_rewards


@shared_task
def keep_incentives() -> None:
    """Keep badges and quests up to date. Records no run when there is nothing to do."""
    at = now()
    if not (has_pending(now=at) or rewards_waiting()):
        return
    with record(KEEP_JOB, now=at, caller="beat") as run:
        done = keep(now=at, progress=run.advance)
        given, taken_back = settle_rewards(now=at)
        run.advance(done.claims, done.claims)
        run.detail(
            awards=done.awards,
            starts=done.starts,
            steps=done.steps,
            superseded=done.superseded,
            computed=done.computed,
            given=given,
            taken_back=taken_back,
        )


@shared_task
def verify_incentives() -> None:
    """Verify badges and quests nightly and count their effects; the jobs page shows the result."""
    at = now()
    with record(VERIFY_JOB, now=at, caller="beat") as run:
        found = verify_nightly(now=at, progress=run.advance)
        count_all_effects(at)
        run.detail(**found)
        if what := differences(found):
            raise Differing(f"Not what the rules say: {what}")
