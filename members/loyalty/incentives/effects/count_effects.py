"""Count what followed for those who had an incentive and for those who had not."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection

from crm.runtime.sql_files import sql_beside
from members.loyalty.models import IncentiveEffect, IncentiveVersion

_sql = sql_beside(__file__)
TENURES = (30, 90, 365)  # days since registration, the edges of the bands
ASSETS = (1, 10_000, 50_000, 200_000, 1_000_000)  # platform currency, the edges of the bands
LOOKS_BACK = timedelta(days=730)


def count_all_effects(now: datetime) -> int:
    """Count anew for the latest version in effect of each badge and quest; returns how many."""
    versions = list(_versions_in_effect(now))
    for version in versions:
        count_effect(version, now)
    return len(versions)


def count_effect(version: IncentiveVersion, now: datetime) -> IncentiveEffect:
    """Count for one and store it. One query and one write."""
    strata, stays = _counts(version, now)
    found, _made = IncentiveEffect.objects.update_or_create(
        incentive=version.incentive,
        defaults={
            "version_number": version.number,
            "from_stage": version.from_stage,
            "to_stage": version.to_stage,
            "effect_days": version.effect_days,
            "computed_at": now,
            "strata": strata,
            "stays": stays,
        },
    )
    return found


def _versions_in_effect(now: datetime) -> list[IncentiveVersion]:
    started = IncentiveVersion.objects.filter(effective_from__lte=now).select_related("incentive")
    return list(started.order_by("incentive", "-effective_from", "-number").distinct("incentive"))


def _counts(version: IncentiveVersion, now: datetime) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(
            _sql("effects"),
            {
                "incentive": version.incentive_id,
                "days": version.effect_days,
                "from_stage": version.from_stage,
                "to_stage": version.to_stage,
                "now": now,
                "since": now - LOOKS_BACK,
                "zone": settings.BUSINESS_TIME_ZONE,
                "tenures": list(TENURES),
                "assets": list(ASSETS),
            },
        )
        strata, rows = map(json.loads, cursor.fetchone())
    stays: dict[str, Any] = {"had": {}, "others": {}}
    for row in rows:
        stays["had" if row["had"] else "others"][str(row["days"])] = [row["members"], row["still"]]
    return strata, stays
