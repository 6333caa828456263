from typing import Any

from django.apps import AppConfig
from django.apps import apps as registry
from django.apps.registry import Apps
from django.db.models.signals import post_migrate


class LifecycleConfig(AppConfig):
    name = "members.lifecycle"
    label = "lifecycle"
    mount = ""

    def ready(self) -> None:
        from members.lifecycle.counts import maintenance
        from members.lifecycle.publish import publish

        publish()
        post_migrate.connect(_write_first_policy, sender=self, dispatch_uid="first lifecycle policy")
        post_migrate.connect(
            maintenance.keep_platform_day, sender=self, dispatch_uid="platform days of the counts"
        )


def _write_first_policy(using: str = "default", apps: Apps = registry, **_: Any) -> None:
    """A new database starts with the default thresholds as version 1, in force since before any data."""
    from datetime import UTC, datetime

    from members.lifecycle.models import Policy

    if "policy" not in apps.all_models["lifecycle"]:  # migrated back to before the table
        return
    if not Policy.objects.using(using).exists():
        Policy.objects.using(using).create(version=1, effective_from=datetime(1900, 1, 1, tzinfo=UTC))
