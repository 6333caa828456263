"""How words are disguised: pinyin, digits, signs that look or sound alike (packs/disguises.toml)."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from crm.runtime.text.words import Words

_DATA = tomllib.loads((Path(__file__).parents[2] / "packs" / "disguises.toml").read_text(encoding="utf-8"))
_LV = {"lv": "l[vuü]e?", "nv": "n[vuü]e?"}


def _spelt(word: str, syllables: list[str]) -> re.Pattern[str]:
    """The word with any of its characters in letters; tones are folded away, digits for them passed over."""
    signs = [
        rf"(?:{sign}|{_LV.get(sound, sound)}[1-4]?)" for sign, sound in zip(word, syllables, strict=True)
    ]
    return re.compile(r"(?<![a-z])" + r"[ \-_.·'*]{0,2}".join(signs) + "(?![a-z])")


_WORDS = sorted((entry.split() for entry in _DATA["spelt"]), key=lambda entry: -len(entry[0]))
# For each: its pattern, the word, and the pairs of which a text with it has one sign or one sound each.
PINYIN = tuple(
    (_spelt(word, sounds), word, tuple(zip(word, sounds, strict=True))) for word, *sounds in _WORDS
)
SOUNDS = Words({sound: sound for _word, *sounds in _WORDS for sound in sounds})
OF_ONE = dict(entry.split() for entry in _DATA["syllables_of_one"])
SYLLABLES = frozenset(" ".join(_DATA["syllables"]).split())
PARTED = frozenset(_DATA["parted"])
SWAPS = dict(entry.split() for entry in _DATA["swaps"])
SWAPPED = Words(SWAPS)  # tells much sooner than SWAP that a text has none
SWAP = re.compile("|".join(map(re.escape, sorted(SWAPS, key=len, reverse=True))))
LEET_WORDS = frozenset(_DATA["leet_words"]) | {"".join(sounds) for _word, *sounds in _WORDS}
# Digits and letters for characters, where they cannot be meant. Each holds one of its words; _ is a blank.
_ALIKE = (
    (r"稳赚[8bß]赔", "稳赚不赔", "8赔 b赔 ß赔"),
    (r"只赚[8b]赔", "只赚不赔", "8赔 b赔"),
    (r"1定(?=[赚涨翻会能])", "一定", "1定"),
    (r"[d弟递]1(?=[名品])", "第一", "1名 1品"),
    (r"[弟递]一(?=[名品])", "第一", "弟一 递一"),
    (r"第1(?=品牌|大品牌|名牌)", "第一", "第1"),
    (r"百分[8百]百", "百分百", "8百 百百"),
    (
        r"(?<![0-9.])0(?=(?:亏损|门槛|成本|手续费|损失)(?![%0-9]))",
        "零",
        "0亏损 0门槛 0成本 0手续费 0损失",
    ),
    (r"(?<![0-9])[5五]忧", "无忧", "5忧 五忧"),
    (r"(?<![0-9.])[0o〇○] {1,2}风险", "零风险", "0_ o_ 〇_ ○_"),
    (r"保b(?![a-z])", "保本", "保b"),
    (r"稳z(?![a-z])", "稳赚", "稳z"),
)
ALIKE = re.compile("|".join(f"({pattern})" for pattern, _word, _held in _ALIKE))
_HELD = " ".join(held for _pattern, _word, held in _ALIKE).split()
ALIKE_WORDS = Words(dict.fromkeys((word.replace("_", " ") for word in _HELD), True))
MEANT = tuple(word for _pattern, word, _held in _ALIKE)  # by the number of the group of ALIKE
