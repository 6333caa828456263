"""The proof that kept tiers are what the rules say: for every member and, in slices, for their whole past."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from crm.runtime.clock import day_of
from crm.runtime.sql_files import sql_beside
from members.lifecycle.evaluation.evaluate import execute
from members.loyalty.models import TierPolicy
from members.loyalty.tiers.evaluation.evaluate import evaluate, parameters_of, prepare
from members.loyalty.tiers.keeping.keep import Progress, keep

_sql = sql_beside(__file__)
JOB = "verify tiers"  # the name its runs are recorded under
BATCH = 20_000
SLICES = 30  # nights after which the past of every member has been evaluated again


class Differing(RuntimeError):
    """What is stored is not what the rules say."""


@dataclass
class Verified:
    """Members compared, and those whose tier, or whose history, differs from an evaluation of all facts."""

    members: int = 0
    replayed: int = 0
    differing: int = 0


def verify_nightly(*, now: datetime, progress: Progress | None = None) -> dict[str, Any]:
    """Keep what waits, compare everybody's tier and one slice of histories, and correct what differs.

    Returns the facts for the record of the run.
    """
    keep(now=now)
    found = verify(now=now, slices=SLICES, progress=progress)
    if found.differing:
        keep(now=now)
    return {"members": found.members, "replayed": found.replayed, "differing": found.differing}


def verify(*, now: datetime, slices: int = 1, progress: Progress | None = None) -> Verified:
    """Compare what is kept with a full evaluation; members who differ are marked to be evaluated anew.

    Everybody's standing is checked against the facts since its evaluation and against the history; of one
    slice of the members (of several, another each day) every day since the first is evaluated again.
    """
    total = Verified()
    policies = TierPolicy.objects.filter(effective_from__lte=day_of(now))
    for programme in sorted(set(policies.values_list("programme", flat=True))):
        parameters = parameters_of(programme, now)
        checked, differing = check_all(parameters)
        total.members += checked
        total.differing += differing
        day = day_of(now).toordinal()
        low: int | None = 0
        while low is not None:
            part = {"low": low, "slices": slices, "slice": day % slices, "batch": BATCH}
            low, replayed, wrong = _replay(parameters | part)
            total.replayed += replayed
            total.differing += wrong
            if progress:
                progress(total.replayed)
    return total


@transaction.atomic
def check_all(parameters: dict[str, Any]) -> tuple[int, int]:
    """Standings compared, and those marked since they differ. One pass over newer valuations."""
    with connection.cursor() as cursor:
        cursor.execute(_sql("check_all"), parameters)
        checked, differing = cursor.fetchone()
    return int(checked), int(differing)


@transaction.atomic
def _replay(parameters: dict[str, Any]) -> tuple[int | None, int, int]:
    """Evaluate the next members of a slice: the last id (None: over), how many, how many differ."""
    prepare()
    claimed = execute(_sql("claim_slice"), parameters)
    if not claimed:
        return None, 0, 0
    evaluate(parameters)
    with connection.cursor() as cursor:
        cursor.execute(_sql("compare"), parameters)
        last, differing = cursor.fetchone()
    return int(last), claimed, int(differing)
