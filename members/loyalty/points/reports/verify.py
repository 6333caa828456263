"""The nightly proof: of every member, account, lots, uses and entries say the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import connection

from crm.runtime.sql_files import sql_beside

_sql = sql_beside(__file__)
JOB = "verify points"  # the name its runs are recorded under
RANGE = 50_000  # members
SAMPLES = 20


class LedgerDiffers(Exception):
    """Accounts, lots and entries of some member do not agree."""


@dataclass
class Verified:
    """Accounts compared, those that differ, and whose they are (a sample)."""

    accounts: int = 0
    differing: int = 0
    members: list[int] = field(default_factory=list)


def verify(*, progress: Callable[[int], None] | None = None) -> Verified:
    """Compare all accounts with lots and entries, range by range of member ids; changes nothing."""
    done, low = Verified(), 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_sql("next_range"), {"low": low, "size": RANGE})
            (high,) = cursor.fetchone()
            if high is None:
                return done
            cursor.execute(_sql("compare"), {"low": low, "high": high})
            accounts, differing, members = cursor.fetchone()
        done.accounts += accounts
        done.differing += differing
        done.members = (done.members + (members or []))[:SAMPLES]
        low = high
        if progress:
            progress(done.accounts)
