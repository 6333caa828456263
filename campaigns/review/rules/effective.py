"""Which version of a rule pack is in effect, compiled for the check."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache

from campaigns.review.models import PackBasis, PackRule, RulePack
from campaigns.review.wording import sources
from campaigns.review.wording.packs import Pack
from campaigns.review.wording.sources import PackSource, compile_pack
from crm.runtime import clock

_BASIS = ("law", "article", "grade", "status", "in_force_from", "in_force_to", "last_checked", "checked_by")


def pack_at(name: str, now: datetime) -> Pack:
    """The pack in effect at `now`, from the tables, or the files where none is stored. Raises BadPack.

    One query; compiled once per version and process.
    """
    return _pack_of(name, {one.name: one for one in RulePack.objects.all_in_effect(clock.day_of(now))})


def compiled(version: RulePack, base: Pack | None) -> Pack:
    """A stored version, with the pack that it extends. Raises BadPack."""
    return _compiled(version.pk, version.content_hash, base)


def base_at(version: RulePack, now: datetime) -> Pack | None:
    """What a version extends, as it is in effect at `now`. Raises BadPack."""
    return pack_at(version.extends, now) if version.extends else None


def source_of(version: RulePack) -> PackSource:
    """A stored version in the form of its files. Three queries."""
    rules: list[PackRule] = list(version.rules.order_by("position"))
    readings: dict[str, list[str]] = defaultdict(list)
    for one in version.readings.order_by("kind", "position"):
        readings[one.kind].append(one.pattern)
    bases: dict[str, list[dict[str, str]]] = defaultdict(list)
    for basis in version.bases.order_by("category", "position"):
        bases[basis.category].append(basis_entry(basis))
    return PackSource(
        name=version.name,
        version=version.version,
        effective_from=version.effective_from,
        extends=version.extends,
        severities=version.severities,
        rules=[one.content for one in rules if not one.is_document],
        documents=[one.content for one in rules if one.is_document],
        bases=dict(bases),
        readings=dict(readings),
    )


def basis_entry(basis: PackBasis) -> dict[str, str]:
    """A basis as it stands in a file, without what is empty."""
    return {name: str(getattr(basis, name)) for name in _BASIS if getattr(basis, name)}


def names() -> list[str]:
    """The names of the packs that are stored, or have files."""
    return sorted({*sources.names(), *RulePack.objects.values_list("name", flat=True).distinct()})


def _pack_of(name: str, in_effect: Mapping[str, RulePack]) -> Pack:
    version = in_effect.get(name)
    if version is None:
        return sources.load(name)
    return compiled(version, _pack_of(version.extends, in_effect) if version.extends else None)


@lru_cache(maxsize=32)
def _compiled(version_id: int, content_hash: str, base: Pack | None) -> Pack:
    return compile_pack(source_of(RulePack.objects.get(pk=version_id)), base)
