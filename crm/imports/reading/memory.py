"""What was decided about files of a source, for the next file with the same headings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from crm.imports.models import SourceMemory
from crm.imports.options import ReadingOptions, from_json
from crm.imports.vocabulary import headings

MOST = 10  # sets of headings of one source that are tried


@dataclass(frozen=True)
class Remembered:
    """The decisions on a file, and the fingerprint of its headings."""

    headings: str
    options: ReadingOptions


def recall(kind: str, source: str, header: Sequence[str]) -> ReadingOptions | None:
    """The decisions on the last file of this kind and source that had the same headings, in any order."""
    found = SourceMemory.objects.filter(
        kind=kind, source=source, headings=headings.fingerprint(header)
    ).first()
    return from_json(found.options) if found else None


def list_latest(kind: str, source: str) -> Iterator[Remembered]:
    """The decisions on files of this kind and source, latest first, whatever their headings; at most MOST."""
    for one in SourceMemory.objects.filter(kind=kind, source=source).order_by("-updated_at")[:MOST]:
        yield Remembered(one.headings, from_json(one.options))


def remember(
    kind: str, source: str, header: Sequence[str], options: ReadingOptions, *, now: datetime
) -> None:
    """Keep the decisions for the next file with these headings."""
    SourceMemory.objects.update_or_create(
        kind=kind,
        source=source,
        headings=headings.fingerprint(header),
        defaults={"options": options.to_remember().as_json(), "updated_at": now},
    )
