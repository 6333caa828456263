"""The order of names as Chinese readers look them up: by pinyin, Latin names among them by their letters."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Any

from django.db import models

from crm.staff.names.pinyin import readings

LONGEST = 120  # characters of a key: some ten of a Chinese name, more than tells two people apart


@lru_cache(maxsize=4_000)
def name_key(name: str) -> str:
    """What a name is sorted by, in ASCII: 张伟 is "zhang1 5f20 wei3 4f1f", so namesakes stand together.

    A longer key is cut to LONGEST; what then is alike is told apart by the row's own key.
    """
    text = " ".join(unicodedata.normalize("NFKC", name).casefold().split())
    parts = []
    for sign, sound in zip(text, readings(text)[0], strict=True):
        if sound:
            parts.append(f" {sound} {ord(sign):x} ")
        else:
            parts.append(sign if sign.isascii() else f" ~{ord(sign):05x} ")
    return " ".join("".join(parts).split())[:LONGEST].rstrip()


class NameKeyField(models.CharField):
    """The key of a name in a field of the same row, written with it by save() and bulk_create().

    save(update_fields=…) has to name both; update() of the name is for nobody.
    """

    def __init__(self, of: str, **options: Any) -> None:
        self.of = of
        usual: dict[str, Any] = {"max_length": LONGEST, "default": "", "editable": False}
        super().__init__(**usual | options)

    def deconstruct(self) -> tuple[str, str, Any, dict[str, Any]]:
        name, path, positional, options = super().deconstruct()
        return name, path, [self.of, *positional], options

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        key = name_key(getattr(model_instance, self.of))
        setattr(model_instance, self.attname, key)
        return key
