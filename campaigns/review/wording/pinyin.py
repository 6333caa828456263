"""Read pinyin: whole words in letters, and words of which some characters are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import product

from pypinyin import lazy_pinyin

from campaigns.review.wording.disguises import OF_ONE, PINYIN, SOUNDS, SYLLABLES
from campaigns.review.wording.views import Reading

_LETTERS = re.compile("[a-z]{2,}|(?<![a-z])[ae](?![a-z])")
_HAN = re.compile("[\u3400-\u9fff]")
_RUN = re.compile("(?:[\u3400-\u9fff]{0,4}[a-z]{2,40}(?: |'|-)?)+[\u3400-\u9fff]{0,4}")
_ONES = "|".join(sorted(OF_ONE, key=len, reverse=True))
_BESIDE = re.compile(
    f"(?<=[\u3400-\u9fff])(?:{_ONES})(?![a-z0-9])|(?<![a-z0-9])(?:{_ONES})(?=[\u3400-\u9fff])"
)
LONGEST = 5  # characters of a word that is looked for in part


def spellings(words: Iterable[str]) -> dict[str, str]:
    """Words of two to five characters by each way to write some or all of their characters in letters."""
    found: dict[str, str] = {}
    for word in words:
        if 2 <= len(word) <= LONGEST:
            sounds = lazy_pinyin(word, errors="ignore")
            if len(sounds) == len(word):
                for parts in product(*zip(word, sounds, strict=True)):
                    key = "".join(parts)
                    if key != word:
                        found.setdefault(key, word)
    return found


def read_pinyin(reading: Reading, spelt: Mapping[str, str]) -> bool:
    """Characters for pinyin; whether there was any.

    Of a closed list of words, whose letters may be set apart, and of `spelt` words in a text that has
    characters too.
    """
    written = reading.text
    if not _LETTERS.search(written):
        return False
    heard = {sound for _place, sound in SOUNDS.found(" ".join(_LETTERS.findall(written)))}
    for pattern, word, pairs in PINYIN:
        text = reading.text
        if heard.isdisjoint([sound for _sign, sound in pairs]):
            continue
        if not all(sign in text or sound in heard or sound == "lv" for sign, sound in pairs):
            continue
        for found in reversed(list(pattern.finditer(text))):
            if found.group() != word and _LETTERS.search(found.group()):
                reading.replace(found.start(), found.end(), word)
    if _HAN.search(reading.text):
        for start, end, word in reversed(list(_spelt_words(reading.text, spelt))):
            reading.replace(start, end, word)
        for found in reversed(list(_BESIDE.finditer(reading.text))):
            reading.replace(found.start(), found.end(), OF_ONE[found.group()])
    return reading.text != written


def _spelt_words(text: str, spelt: Mapping[str, str]) -> Iterator[tuple[int, int, str]]:
    """Spans that spell a word, from left to right, none over another."""
    syllables = [
        (run.start() + start, run.start() + end)
        for run in _RUN.finditer(text)
        for start, end in _syllables(run.group())
    ]
    at = 0
    while at < len(syllables):
        found = _word_from(text, syllables, at, spelt)
        if found:
            yield syllables[at][0], syllables[found[0] - 1][1], found[1]
            at = found[0]
        else:
            at += 1


def _syllables(run: str) -> Iterator[tuple[int, int]]:
    """The spans of characters and of syllables of pinyin in a run of both; other letters by themselves."""
    at = 0
    while at < len(run):
        end = at + 1
        if run[at] in " '-":
            at = end
            continue
        if run[at].isascii():
            end = next(
                (
                    at + size
                    for size in range(min(6, len(run) - at), 0, -1)
                    if run[at : at + size] in SYLLABLES
                ),
                at + 1,
            )
        yield at, end
        at = end


def _word_from(
    text: str, syllables: list[tuple[int, int]], first: int, spelt: Mapping[str, str]
) -> tuple[int, str] | None:
    """The longest word that begins with a syllable: where the next begins, and the word."""
    key, found = "", None
    for at in range(first, min(first + LONGEST, len(syllables))):
        start, end = syllables[at]
        if at > first and (
            start - syllables[at - 1][1] > 1 or text[syllables[at - 1][1] : start].strip(" '-")
        ):
            break
        key += text[start:end]
        if key in spelt:
            found = at + 1, spelt[key]
    return found
