"""What `manage.py check` says of the imports."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.core.files.storage import InvalidStorageError, storages

from crm.imports.uploads.encrypted_files import ALIAS


@register()
def upload_storage(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """imports.E001: the storage of uploads cannot be made."""
    try:
        storages[ALIAS]
    except (InvalidStorageError, TypeError, ValueError, ImportError) as error:
        hint = "UPLOAD_STORAGE names a class, UPLOAD_STORAGE_OPTIONS its options as a JSON object."
        return [Error(f"The storage of uploads cannot be used: {error}", hint=hint, id="imports.E001")]
    return []
