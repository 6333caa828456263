"""Rows that files bring: each keeps the import that last wrote it."""

from __future__ import annotations

from django.db import models


class Imported(models.Model):
    """A table that a kind of file fills.

    `import_id` is the ImportRun that last added or changed the row; NULL: no file did, or it came before this
    was kept. No foreign key and no index: the tables grow, and nothing is looked for by it.
    """

    import_id = models.BigIntegerField(null=True, editable=False)

    class Meta:
        abstract = True
