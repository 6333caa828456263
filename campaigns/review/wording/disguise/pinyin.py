"""Read pinyin: whole words in letters, and words of which some characters are."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import product

from pypinyin import lazy_pinyin

from campaigns.review.wording.disguise.words import OF_ONE, PINYIN, SOUNDS, SYLLABLES
from campaigns.review.wording.views import Reading

_LETTERS = re.compile("[a-z]{2,}|(?<![a-z])[ae](?![a-z])")
_HAN = re.compile("[\u3400-\u9fff]")
_RUN = re.compile("(?:[\u3400-\u9fff]{0,4}[a-z]{2,40}(?: |'|-)?)+[\u3400-\u9fff]{0,4}")
_WORD = re.compile("[a-z]+")
_SYLLABLE = re.compile("[a-z]{2}")
_DIGIT = re.compile("[0-9]")
# The places in PINYIN of the words with a sound.
_OF_SOUND: dict[str, list[int]] = defaultdict(list)
for _place, (_pattern, _word, _pairs) in enumerate(PINYIN):
    for _sound in {sound for _sign, sound in _pairs}:
        _OF_SOUND[_sound].append(_place)
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
    for place in sorted({place for sound in heard for place in _OF_SOUND[sound]}):
        pattern, word, pairs = PINYIN[place]
        text = reading.text
        if not all(sign in text or sound in heard or sound == "lv" for sign, sound in pairs):
            continue
        for found in reversed(list(pattern.finditer(text))):
            if found.group() != word and _LETTERS.search(found.group()):
                reading.replace(found.start(), found.end(), word)
    if _HAN.search(reading.text):
        for start, end, word in reversed(list(_spelt_words(reading.text, spelt))):
            reading.replace(start, end, word)
        for found in reversed(list(_WORD.finditer(reading.text))):
            if found.group() in OF_ONE and _is_beside(reading.text, *found.span()):
                reading.replace(found.start(), found.end(), OF_ONE[found.group()])
    return reading.text != written


def _spelt_words(text: str, spelt: Mapping[str, str]) -> Iterator[tuple[int, int, str]]:
    """Spans that spell a word, from left to right, none over another."""
    syllables = [
        (run.start() + start, run.start() + end)
        for run in _runs(text)
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


def _runs(text: str) -> Iterator[re.Match[str]]:
    """What _RUN finds, sought by the letters, of which there are fewer than characters."""
    at = 0
    while letters := _SYLLABLE.search(text, at):
        start = letters.start()
        while start > max(at, letters.start() - 4) and _HAN.match(text, start - 1):
            start -= 1
        run = _RUN.match(text, start)
        if run is None:
            return
        yield run
        at = run.end()


def _is_beside(text: str, start: int, end: int) -> bool:
    """Whether letters stand beside a character, and no digit on their other side."""
    before, after = text[start - 1 : start], text[end : end + 1]
    return bool(
        (_HAN.match(before) and not _DIGIT.match(after)) or (_HAN.match(after) and not _DIGIT.match(before))
    )


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
