"""How names are read in pinyin."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from crm.staff.names.polyphones import other_readings
from crm.staff.names.surnames import family_readings

TONES = "12345"
MOST = (
    24  # spellings kept of one tail of a name; beyond, only the usual reading of the character before goes on
)


@cache
def syllable(character: str) -> str:
    """Pinyin of one character with its tone, as zhang1, in ASCII (lü is lv); empty for what has none."""
    from pypinyin import Style, lazy_pinyin  # its dictionaries take a fifth of a command's start

    found = lazy_pinyin(character, style=Style.TONE3, errors="ignore", neutral_tone_with_five=True)
    return found[0] if found and found[0].isascii() else ""


def romanized(name: str) -> str:
    """A name in pinyin as Latin script writes it (重庆 is Chongqing); what has Latin letters stays."""
    from pypinyin import lazy_pinyin

    latin = any(character.isascii() and character.isalpha() for character in name)
    return name if latin else "".join(lazy_pinyin(name)).capitalize()


def readings(name: str) -> list[list[str]]:
    """A name by every reading of its family name, the usual first: syllables with tones, one a character."""
    usual = [syllable(character) for character in name]
    return [[*family, *usual[len(family) :]] for family in family_readings(name)] or [usual]


def spellings(name: str) -> set[str]:
    """What a name, or the rest of it from any character on, may be typed as: in syllables, and in initials.

    All usual readings of each character; lü also as lu and lyu. Initials of one letter are left out: a
    syllable begins with them.
    """
    characters = [sounds for character in name if (sounds := _sounds(character))]
    families = [[_typed(sound) for sound in family] for family in family_readings(name)]
    initials = _tails(_initials(characters), [*map(_initials, families)])
    return {*_tails(characters, families), *(letters for letters in initials if len(letters) > 1)}


Sounds = tuple[str, ...]  # without tones, the usual one first


def _tails(characters: list[Sounds], families: list[list[Sounds]]) -> Iterator[str]:
    """Every way to write the characters from any place on; a family name only as family names are read."""
    following = [[""]]  # by the number of characters
    for sounds in reversed(characters[min(map(len, families), default=0) :]):
        following.append(_before(following[-1], sounds))
        yield from following[-1]
    for family in families:
        tails = following[len(characters) - len(family)]
        for sounds in reversed(family):
            tails = _before(tails, sounds)
            yield from tails


def _before(tails: list[str], sounds: Sounds) -> list[str]:
    made = [sound + tail for tail in tails for sound in sounds]
    return made if len(made) <= MOST else [sounds[0] + tail for tail in tails]


@cache
def _sounds(character: str) -> Sounds:
    usual = syllable(character)
    if not usual:
        return ()
    return tuple(dict.fromkeys(way for sound in (usual, *other_readings(character)) for way in _typed(sound)))


def _typed(sound: str) -> Sounds:
    """A syllable without its tone, in all its spellings: lv, lu and lyu; lü is folded to lu."""
    plain = sound.rstrip(TONES)
    return (plain, plain.replace("v", "u"), plain.replace("v", "yu")) if "v" in plain else (plain,)


def _initials(characters: list[Sounds]) -> list[Sounds]:
    return [tuple(dict.fromkeys(sound[0] for sound in sounds)) for sounds in characters]
