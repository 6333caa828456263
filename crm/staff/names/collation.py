"""The order of names as Chinese readers look them up: by pinyin, Latin names among them by their letters."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Any

from django.db import models
from pypinyin import Style, lazy_pinyin

from crm.staff.names.surnames import family_name

LONGEST = 120  # characters of a key: some ten of a Chinese name, more than tells two people apart
# As a family name a character may sound otherwise than elsewhere.
_READINGS = {
    "单": "shan4", "仇": "qiu2", "解": "xie4", "区": "ou1", "查": "zha1", "曾": "zeng1", "翟": "zhai2",
    "任": "ren2", "缪": "miao4", "乐": "yue4", "覃": "qin2", "冼": "xian3", "褚": "chu3", "朴": "piao2",
    "盖": "ge3", "宓": "mi4", "尉": "wei4", "华": "hua4", "万": "wan4", "种": "chong2", "员": "yun4",
    "繁": "po2", "逄": "pang2", "尉迟": "yu4 chi2", "万俟": "mo4 qi2", "长孙": "zhang3 sun1",
    "澹台": "tan2 tai2", "令狐": "ling2 hu2",
}  # fmt: skip


@lru_cache(maxsize=4_000)
def name_key(name: str) -> str:
    """What a name is sorted by, in ASCII: 张伟 is "zhang1 5f20 wei3 4f1f", so namesakes stand together.

    A longer key is cut to LONGEST; what then is alike is told apart by the row's own key.
    """
    text = " ".join(unicodedata.normalize("NFKC", name).casefold().split())
    family = family_name(text)
    sounds = _READINGS.get(family, "").split() if text else []
    parts = []
    for place, sign in enumerate(text):
        sound = sounds[place] if place < len(sounds) else _sound(sign)
        if sound:
            parts.append(f" {sound} {ord(sign):x} ")
        else:
            parts.append(sign if sign.isascii() else f" ~{ord(sign):05x} ")
    return " ".join("".join(parts).split())[:LONGEST].rstrip()


def _sound(sign: str) -> str:
    """Pinyin of one character with its tone; empty for what has none."""
    found = lazy_pinyin(sign, style=Style.TONE3, errors="ignore", neutral_tone_with_five=True)
    return found[0] if found and found[0].isascii() else ""


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
