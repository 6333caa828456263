"""Take the disguises off a text: what was put between its signs, and what was written in place of others."""

from __future__ import annotations

import re
from collections.abc import Mapping

from campaigns.review.wording.disguise.pinyin import read_pinyin
from campaigns.review.wording.disguise.words import (
    ALIKE,
    ALIKE_WORDS,
    LEET_WORDS,
    MEANT,
    PARTED,
    SWAP,
    SWAPPED,
    SWAPS,
)
from campaigns.review.wording.views import LIKELY, SURE, Reading, View

_HAN = "\u3400-\u9fff"
_USUAL = ' "“”‘’《》〈〉()\\[\\]{}<>「」『』【】—\\-~/|+%=…·&。，、！？；：.,!?;:\n'  # noqa: RUF001
_NO_WORD = f"[^{_HAN}a-z0-9]"
_ODD = f"[^{_HAN}a-z0-9{_USUAL}]"
# Each of these begins with one class of signs, by which a search passes over all others at once; only then it
# looks back.
# Between characters: a sign that is no punctuation, or one of some that hardly stand alone.
_ODD_GAP = re.compile(
    f"{_NO_WORD}(?<=[{_HAN}].)"
    "(?:"
    "(?<=[-·/|~+=_.…'`])|(?<=】)【|(?<=<)[^<>]{1,40}>|(?<=&)nbsp;|(?<=\\{)\\{[^{}]{0,40}\\}\\}"
    f"|(?<=\\()(?=[{_HAN}]\\))|(?<= )\\((?=[{_HAN}]\\))|(?<=\\([{_HAN}]\\)) ?"
    "|(?<=\\))\\(|(?<=\\])\\[|(?<=」)「|(?<=』)『|(?<=》)《|(?<=”)“"
    f"|{_NO_WORD}?{_ODD}{_NO_WORD}{{0,3}}|(?<={_ODD}){_NO_WORD}{{0,3}}"
    ")"
    f"(?=[{_HAN}])"
)
# Each of three characters or more, or of two, by itself, with the same gap between them.
_ALONE = re.compile(f"{_NO_WORD}[{_HAN}]{_NO_WORD}")
_SPACED = re.compile(f"[{_HAN}]({_NO_WORD}{{1,3}})[{_HAN}](?:\\1[{_HAN}])+")
_BLANKS = r" 【】「」『』\[\]"
_BLANK = re.compile(
    f"[{_BLANKS},、](?<=[{_HAN}].)"
    f"(?:(?<=[{_BLANKS}])[{_BLANKS}]{{0,2}}(?=[{_HAN}])|(?<=[,、])(?=[{_HAN}](?![{_HAN}a-z0-9])))"
)
_CARRIED = re.compile(f"-(?<=[{_HAN}a-z]-)[ \t]{{0,3}}\n[ \t]{{0,3}}(?=[{_HAN}a-z])")
_BETWEEN = re.compile(f"[a-z0-9](?<=[{_HAN}].)(?=[{_HAN}])")
_MIXED = re.compile(
    r"(?<![a-z0-9@$€])(?=[a-z0-9@$€!|]*[a-z])(?=[a-z0-9@$€!|]*[0-9@$€!|])[a-z0-9@$€!|]{3,16}(?![a-z0-9@$€])"
)
_LEET = tuple(str.maketrans("@$€034578!|", "aseoeastbil") | {ord("1"): one} for one in "il")
_LONGEST_WORD = max(map(len, LEET_WORDS))
_SPACED_LATIN = re.compile(r"(?<![a-z0-9])[a-z0-9@$](?:[ .\-_*·]{1,2}[a-z0-9@$]){4,}(?![a-z0-9])")


def decode(view: View, spelt: Mapping[str, str]) -> View | None:
    """The view without disguises; None where there is nothing to decode. `spelt`: words by their pinyin."""
    text = view.text
    reading = Reading(view)
    for step in (_join_lines, _join_letters, _join_han, _join_parted, _read_leet):
        step(reading)
    if read_pinyin(reading, spelt):
        _join_han(reading)
    _read_lookalikes(reading)
    return reading.view() if reading.text != text else None


def _join_han(reading: Reading) -> None:
    """Leave out what stands between characters and is no punctuation, or is the same after each of them."""
    gaps = {found.span() for found in _ODD_GAP.finditer(reading.text)}
    for run in _SPACED.finditer(reading.text) if _ALONE.search(reading.text) else ():
        size = run.end(1) - run.start(1)
        gaps |= {(at, at + size) for at in range(run.start() + 1, run.end() - 1, size + 1)}
    likely = {found.span() for found in _BLANK.finditer(reading.text)}
    done = len(reading.text)
    for start, end in sorted(gaps | likely, reverse=True):
        if end <= done:
            reading.replace(start, end, "", SURE if (start, end) in gaps else LIKELY)
            done = start


def _join_lines(reading: Reading) -> None:
    """A word that a hyphen carries over to the next line."""
    for found in reversed(list(_CARRIED.finditer(reading.text))):
        reading.replace(found.start(), found.end(), "")


def _join_parted(reading: Reading) -> None:
    """保1本: one sign between two characters that belong together."""
    for found in reversed(list(_BETWEEN.finditer(reading.text))):
        start, end = found.span()
        if reading.text[start - 1] + reading.text[end] in PARTED:
            reading.replace(start, end, "")


def _join_letters(reading: Reading) -> None:
    """g u a r a n t e e d, g.u.a.r…: letters set apart, at least five of them; known words stay apart."""
    for run in reversed(list(_SPACED_LATIN.finditer(reading.text))):
        gaps = list(re.finditer(r"[ .\-_*·]{1,2}", run.group()))
        ends = _word_ends(re.sub(r"[ .\-_*·]", "", run.group()))
        for number, gap in reversed(list(enumerate(gaps, 1))):
            blank = " " if number in ends else ""
            reading.replace(run.start() + gap.start(), run.start() + gap.end(), blank)


def _word_ends(letters: str) -> set[int]:
    """Where known words end, taken from the left, the longest first."""
    ends, at = set(), 0
    while at < len(letters):
        lengths = range(min(len(letters) - at, _LONGEST_WORD), 2, -1)
        size = next((size for size in lengths if letters[at : at + size] in LEET_WORDS), 0)
        if size:
            ends |= {at, at + size}
        at += size or 1
    return ends


def _read_leet(reading: Reading) -> None:
    """Letters for digits and signs within a word of a closed list: gu@rant33d."""
    for word in reversed(list(_MIXED.finditer(reading.text))):
        written = word.group().rstrip("!")
        plain = next((one for one in map(written.translate, _LEET) if one in LEET_WORDS), written)
        for place, (old, new) in enumerate(zip(written, plain, strict=True), word.start()):
            if old != new:
                reading.replace(place, place + 1, new)


def _read_lookalikes(reading: Reading) -> None:
    """Characters for those that look or sound like them, in a closed list of words; one for one."""
    swaps = SWAP.finditer(reading.text) if SWAPPED.is_in(reading.text) else ()
    for found in reversed(list(swaps)):
        for place, (was, now) in enumerate(
            zip(found.group(), SWAPS[found.group()], strict=True), found.start()
        ):
            if was != now:
                reading.replace(place, place + 1, now)
    alike = ALIKE.finditer(reading.text) if ALIKE_WORDS.is_in(reading.text) else ()
    for found in reversed(list(alike)):
        reading.replace(found.start(), found.end(), MEANT[(found.lastindex or 1) - 1])
