"""Read approved copy again when another version of its rule pack takes effect: what it newly flags lapses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from campaigns.review.copy.check import PACKS, find
from campaigns.review.copy.lapse import lapse
from campaigns.review.models import CopyState, CopyVersion, LapseReason, PackRescan
from campaigns.review.rules.effective import pack_at
from campaigns.review.wording.packs import Pack, Severity

JOB = "read approved copy again"
BATCH = 200
_RANKS = {severity.value: rank for rank, severity in enumerate(Severity)}


@dataclass(frozen=True)
class Rescanned:
    """How much approved copy was read, and how much of it lapsed."""

    versions: int
    lapsed: int


def pending(now: datetime) -> list[Pack]:
    """The packs in effect with which approved copy has not been read to the end."""
    packs = [pack_at(name, now) for name in dict.fromkeys(PACKS.values())]
    done = set(PackRescan.objects.values_list("content_hash", flat=True))
    return [pack for pack in packs if pack.content_hash not in done]


def rescan(now: datetime, advance: Callable[[int], None] = lambda done: None) -> Rescanned:
    """Read all approved copy with the packs in effect, in batches that commit; what is flagged newly, or more
    heavily than when it was approved, lapses. Killed, it begins again, which harms nothing."""
    versions = lapsed = 0
    for pack in pending(now):
        languages = [language.value for language, name in PACKS.items() if name == pack.name]
        read, gone = _rescan(pack, languages, now, advance)
        told = {"name": pack.name, "version": pack.version, "ended_at": now, "read": read, "lapsed": gone}
        PackRescan.objects.get_or_create(content_hash=pack.content_hash, defaults=told)
        versions, lapsed = versions + read, lapsed + gone
    return Rescanned(versions, lapsed)


def _rescan(
    pack: Pack, languages: list[str], now: datetime, advance: Callable[[int], None]
) -> tuple[int, int]:
    approved = CopyVersion.objects.filter(
        state=CopyState.APPROVED, lapsed_at=None, language__in=languages
    ).order_by("pk")
    last, read, lapsed = 0, 0, 0
    while batch := list(
        approved.filter(pk__gt=last).select_related("copy__product").prefetch_related("findings")[:BATCH]
    ):
        flagged = [version.pk for version in batch if _is_flagged(version, pack)]
        with transaction.atomic():
            lapsed += lapse(flagged, LapseReason.RULE_PACK, now)
        last, read = batch[-1].pk, read + len(batch)
        advance(read)
    return read, lapsed


def _is_flagged(version: CopyVersion, pack: Pack) -> bool:
    """Whether a pack finds what was not found, or not as severe, when the version was approved."""
    known: dict[tuple[str, str, int, int], int] = {}
    for one in version.findings.all():
        key = (one.part, one.category, one.start, one.end)
        known[key] = max(_RANKS[one.severity], known.get(key, -1))
    return any(
        _RANKS[one.finding.severity.value]
        > known.get((one.part.value, one.finding.rule.category, one.start, one.end), -1)
        for one in find(version, version.copy, pack)
    )
