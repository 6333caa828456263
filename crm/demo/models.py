"""The mark that a database holds a demonstration world: without it nothing here is ever emptied."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from crm.runtime.database.constraints import positive


class DemoWorld(models.Model):
    """The one world in this database; `finished_at` empty = its building was interrupted."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    members = models.PositiveIntegerField()
    today = models.DateField()
    seed = models.CharField(max_length=60)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            positive("members", model="demoworld"),
            models.CheckConstraint(name="demoworld_only_one", condition=Q(id=1)),
        ]
