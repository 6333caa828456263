"""Store the rule packs that are shipped as files: one version for each content, whenever it changes."""

from __future__ import annotations

from typing import Any

from django.apps import apps as registry
from django.apps.registry import Apps
from django.db import connections, transaction

from campaigns.review.models import PackBasis, PackExample, PackReading, PackRule, RulePack
from campaigns.review.wording import sources
from campaigns.review.wording.sources import PackSource, read_examples, read_source


def load_packs(using: str = "default", apps: Apps = registry, **_: Any) -> None:
    """Store what is new in the files (a receiver of post_migrate, run by the owner). Raises BadPack."""
    if "rulepack" not in apps.all_models["review"]:  # migrated back to before the table
        return
    for name in sources.names():
        sources.load(name)  # refuses what cannot be compiled
        with transaction.atomic(using=using):
            _store(read_source(name), using)
            _store_examples(name, using)


def _store(source: PackSource, using: str) -> None:
    """Published, unless the latest version has been edited here: then it waits beside it."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('rule pack ' || %s, 0))", [source.name])
    versions = RulePack.objects.using(using).filter(name=source.name).order_by("-number")
    shipped = versions.filter(request_id=None).first()
    if shipped is not None and shipped.content_hash == source.content_hash:
        return
    latest = versions.first()
    taken = versions.filter(version=source.version).exists()
    version = RulePack.objects.using(using).create(
        name=source.name,
        number=latest.number + 1 if latest else 1,
        version=f"{source.version}-{source.content_hash[:8]}" if taken else source.version,
        effective_from=source.effective_from,
        is_published=latest is None or latest.request_id is None,
        extends=source.extends,
        severities=dict(source.severities),
        content_hash=source.content_hash,
    )
    _store_rows(version, source, using)


def _store_examples(name: str, using: str) -> None:
    """The texts of a pack with what must be found in them, as far as they are not stored yet."""
    PackExample.objects.using(using).bulk_create(
        (
            PackExample(name=name, category=category, severity=severity, text=text, is_shipped=True)
            for category, severity, text in read_examples(name)
        ),
        ignore_conflicts=True,
    )


def _store_rows(version: RulePack, source: PackSource, using: str) -> None:
    entries = [*((one, False) for one in source.rules), *((one, True) for one in source.documents)]
    PackRule.objects.using(using).bulk_create(
        PackRule(pack=version, position=place, code=entry["id"], is_document=is_document, content=entry)
        for place, (entry, is_document) in enumerate(entries, 1)
    )
    PackReading.objects.using(using).bulk_create(
        PackReading(pack=version, kind=kind, position=place, pattern=pattern)
        for kind, patterns in source.readings.items()
        for place, pattern in enumerate(patterns, 1)
    )
    PackBasis.objects.using(using).bulk_create(
        PackBasis(pack=version, category=category, position=place, **{"status": "in_force", **entry})
        for category, bases in source.bases.items()
        for place, entry in enumerate(bases, 1)
    )
