"""How names are read in pinyin."""

from __future__ import annotations

from functools import cache

from crm.staff.names.surnames import family_readings


@cache
def syllable(character: str) -> str:
    """Pinyin of one character with its tone, as zhang1, in ASCII (lü is lv); empty for what has none."""
    from pypinyin import Style, lazy_pinyin  # its dictionaries take a fifth of a command's start

    found = lazy_pinyin(character, style=Style.TONE3, errors="ignore", neutral_tone_with_five=True)
    return found[0] if found and found[0].isascii() else ""


def readings(name: str) -> list[list[str]]:
    """Every reading of a name, the usual one first: a syllable with its tone for each character."""
    usual = [syllable(character) for character in name]
    return [[*family, *usual[len(family) :]] for family in family_readings(name)] or [usual]
