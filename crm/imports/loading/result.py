"""What became of a file's rows."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any

from crm.imports.models import COUNTS, ImportRun
from crm.imports.rejects.store import RejectView
from crm.imports.tables.skipped import Skipped


@dataclass
class Result:
    """What became of a file's rows: read = added + updated + unchanged + rejected.

    `rejects` are the first ones by line; `created` is reference data made on the way, by its label.
    """

    read: int = 0
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    seconds: float = 0.0
    rejects: list[RejectView] = field(default_factory=list)
    created: dict[str, list[str]] = field(default_factory=dict)
    faults: list[Any] = field(default_factory=list)  # as ImportRun.faults
    words: dict[str, dict[str, str]] = field(default_factory=dict)  # column → word of the file → ours
    cleared: dict[str, int] = field(default_factory=dict)  # values that empty cells cleared, by column
    unused: list[str] = field(default_factory=list)  # headings that are not imported
    skipped: Skipped = field(default_factory=Skipped)  # lines that are no rows
    run_id: int | None = None

    def as_json(self) -> dict[str, Any]:
        """The published form, without what only concerns this machine."""
        numbers = {
            name: getattr(self, name) for name in ("read", "added", "updated", "unchanged", "rejected")
        }
        return {
            **numbers,
            "seconds": round(self.seconds, 3),
            **({"not_imported": self.unused} if self.unused else {}),
            **({"skipped": self.skipped.as_json()} if self.skipped.found else {}),
            "rejects": [one.as_json() for one in self.rejects],
        }


def result_of(run: ImportRun | None) -> Result:
    """What earlier attempts at a run have counted: nothing in the first one."""
    if run is None:
        return Result()
    counts = {name: getattr(run, name) for name in COUNTS}
    return Result(**counts, created=run.created, cleared=run.cleared, run_id=run.pk)


def with_earlier(own: Result, earlier: Result) -> Result:
    """The counts over all attempts: what an earlier one stored is found unchanged by this one, but was new.

    Until this one is as far as an earlier one was, the rows that it has not read again count as they did.
    """
    if not earlier.read:
        return own
    if own.read >= earlier.read:
        read, rejected = own.read, own.rejected
        good = own.added + own.updated + own.unchanged
    else:
        read, rejected = earlier.read, max(own.rejected, earlier.rejected)
        good = read - rejected
    added = min(own.added + earlier.added, good)
    updated = min(own.updated + earlier.updated, good - added)
    made = {label: [*codes] for label, codes in earlier.created.items()}
    for label, codes in own.created.items():
        made[label] = made.get(label, []) + codes
    return replace(
        own,
        read=read,
        added=added,
        updated=updated,
        unchanged=good - added - updated,
        rejected=rejected,
        created=made,
        cleared=dict(Counter(earlier.cleared) + Counter(own.cleared)),
    )
