"""How the bytes of a file become text: UTF-8 and GB18030 by themselves, UTF-16 and UTF-32 by their mark.

Any other encoding is named, never guessed: text read in the wrong one is stored garbled, and nobody notices.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Mapping
from typing import IO

SAMPLE = 2_000  # lines beyond ASCII that are looked at
DAMAGED = 5  # up to one line in so many that nothing can read is damaged rather than foreign
FEW = 2  # double bytes, up to which frequencies say nothing
MANY = 12  # from which they tell Japanese in EUC-JP from Chinese
MOST_NAMED = 3
SELDOM = 0.7  # weighs a less usual encoding where few letters tell little
# Longer marks first: that of UTF-16 begins that of UTF-32.
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
# What files of our users' partners come in, and how their programs call it.
NAMES = {
    "GB18030": "GB18030",
    "Big5": "Big5",
    "Big5-HKSCS": "Big5",
    "CP932": "Shift-JIS",
    "SHIFT_JIS": "Shift-JIS",
    "CP949": "EUC-KR",
    "EUC-KR": "EUC-KR",
    "Windows-1251": "Windows-1251",
    "Windows-1250": "Windows-1250",
    "Windows-1252": "Windows-1252",
}
# Others that are named once it is known that the text is not Chinese; short Chinese texts look like them.
FARTHER = {
    "EUC-JP": "EUC-JP",
    "KOI8-R": "KOI8-R",
    "IBM866": "CP866",
    "Windows-1253": "Windows-1253",
    "Windows-1256": "Windows-1256",
}
_DOUBLE = re.compile(rb"[\x81-\xfe][\x40-\x7e\x80-\xfe]")
_TRIPLE = re.compile(rb"[\xe2-\xef][\x80-\xbf]{2}")
_LATIN_OR_CHINESE = re.compile("[\t-~\u3000-\u9fff\uff01-\uff5e]")
_HAN = re.compile(rb"(?:[\xe4-\xe9][\x80-\xbf]{2})+")  # Chinese in UTF-8
_BEYOND = re.compile(rb"[\x80-\xff]+")
_RUSSIAN_IN_KOI8 = re.compile("(?:[А-ЯЁ]?[а-яё]+[^а-яёА-ЯЁ\x80-\uffff]*)+")
# Encodings in ASCII: sequences that begin with ESC, and pairs between ~{ and ~}.
_ESCAPES = ((re.compile(rb"\x1b[$(][@ABIJ(]"), "ISO-2022-JP"), (re.compile(rb"~\{(?:[!-w][!-~])+~\}"), "HZ"))
_WORD_ENDING_IN_CAPITALS = re.compile("[а-яё][А-ЯЁЂ-Џ]")


class UnknownEncoding(ValueError):
    """The text is neither UTF-8 nor GB18030; `likely` names what it may be, the likeliest first."""

    def __init__(self, likely: list[str]) -> None:
        super().__init__(", ".join(likely))
        self.likely = [name for name in likely if name != "GB18030"][:MOST_NAMED]


def read_mark(start: bytes) -> tuple[str, int]:
    """(encoding, length of the mark) of a file that begins so; ("", 0) without a mark."""
    for mark, encoding in MARKS:
        if start.startswith(mark):
            return encoding, len(mark)
    return "", 0


class Transcoded:
    """A file in another encoding, of which `start` was read already, as UTF-8."""

    def __init__(self, start: bytes, file: IO[bytes], encoding: str) -> None:
        """Raises LookupError where this is no encoding of text."""
        try:
            (b"\0" * 4).decode(encoding)  # which codecs that are none, as hex and rot13, do not pass
        except UnicodeError as error:
            raise LookupError(encoding) from error
        self._start, self._file = start, file
        self._decoder = codecs.getincrementaldecoder(encoding)()

    def read(self, size: int) -> bytes:
        """About `size` bytes; none at the end. Raises UnicodeDecodeError."""
        while data := self._start or self._file.read(size):
            self._start = b""
            if text := self._decoder.decode(data):
                return text.encode()
        return self._decoder.decode(b"", final=True).encode()


def recognise(data: bytes) -> str:
    """ "utf-8" or "gb18030", for data with signs beyond ASCII. Raises UnknownEncoding.

    A few damaged lines do not decide it. Chinese in GB18030 is almost never valid UTF-8.
    """
    if name := unmarked(data):
        raise UnknownEncoding([name])
    lines = [line for line in data.split(b"\n") if not line.isascii()][:SAMPLE]
    chinese = [line for line in lines if _decodes(line, "gb18030")]
    utf8 = [line for line in lines if _decodes(line, "utf-8")]
    cut = sum(map(_is_cut_utf8, lines))
    by_chance = not cut and len(chinese) == len(lines) and all(map(_is_by_chance, utf8))
    if 2 * (len(utf8) + cut) >= len(lines) and not by_chance:
        return "utf-8"
    if not chinese and DAMAGED * len(lines) <= data.count(b"\n"):
        return "utf-8"
    if 2 * len(chinese) < len(lines):
        raise UnknownEncoding(_likely(b"\n".join(lines), NAMES | FARTHER))
    sample = b"\n".join(chinese)
    doubles = _DOUBLE.findall(sample)
    if len(doubles) <= FEW and all(_is_common(double) for double in doubles):
        return "gb18030"
    known = NAMES if len(doubles) < MANY else NAMES | {"EUC-JP": "EUC-JP"}
    if _is_no_chinese(sample) or _likely(sample, known)[0] != "GB18030":
        raise UnknownEncoding(_likely(sample, NAMES | FARTHER))
    return "gb18030"


def unmarked(data: bytes) -> str:
    """What text that begins so is in by the shape of its bytes: UTF-16 and UTF-32 without their mark, and
    encodings in ASCII; empty where that does not tell."""
    start = data[: 512 // 4 * 4]
    if len(start) > 8 and b"\0" in start:
        whole = start[: len(start) // 4 * 4]
        if not any(whole[2::4] + whole[3::4]) or not any(whole[::4] + whole[1::4]):
            return "UTF-32"
        if any(_is_utf16(start[: len(start) // 2 * 2], encoding) for encoding in ("utf-16-le", "utf-16-be")):
            return "UTF-16"
    return escaped(data)


def escaped(data: bytes) -> str:
    """The encoding in ASCII that the data show signs of, or empty."""
    return next((name for sign, name in _ESCAPES if sign.search(data)), "")


def _is_utf16(start: bytes, encoding: str) -> bool:
    """Whether nearly all signs are Latin or Chinese when the bytes are read so."""
    text = start.decode(encoding, "replace")
    separated = any(sign in text for sign in "\n,;\t|")
    return separated and 10 * len(_LATIN_OR_CHINESE.findall(text)) >= 9 * len(text)


def is_utf8_among(line: bytes) -> bool:
    """Whether a line of a file in GB18030 is UTF-8, whole or in one text: files of two encodings were put
    together.

    Two or more characters of three bytes are never Chinese of the other encoding by chance; within a line
    they must be usual ones, too.
    """
    if line.isascii():
        return False
    if len(_TRIPLE.findall(line)) > 1 and _decodes(line, "utf-8"):
        return True
    return any(
        len(run) > 3 and _HAN.fullmatch(run) and all(map(_is_usual, _gb2312(run.decode())))
        for run in _BEYOND.findall(line)
    )


def _gb2312(text: str) -> list[bytes]:
    return [sign.encode("gb2312", "replace") for sign in text]


def _is_usual(double: bytes) -> bool:
    """Whether two bytes are one of the 3755 characters that nearly all text is written with."""
    return len(double) == 2 and 0xB0 <= double[0] <= 0xD7 and double[1] >= 0xA1


def _is_cut_utf8(line: bytes) -> bool:
    """Whether a line is UTF-8 but for a character that was cut in the middle."""
    characters = sum(map(len, _HAN.findall(line))) // 3
    beyond = sum(map(len, _BEYOND.findall(line)))
    return characters > 1 and not _decodes(line, "utf-8") and 3 * characters >= 0.8 * beyond


def _is_no_chinese(sample: bytes) -> bool:
    """Whether what could be read as GB18030 is none for sure: signs for private use, Russian words, or nearly
    only characters that are seldom written."""
    text = sample.decode("gb18030", "ignore")
    if any("\ue000" <= sign <= "\uf8ff" for sign in text):
        return True
    common = [double for double in _DOUBLE.findall(sample) if _is_common(double)]
    seldom = sum(not _is_usual(double) for double in common)
    if len(common) > 2 * FEW - 1 and seldom > 0.8 * len(common):
        return True
    words = [run.decode("koi8-r") for run in _BEYOND.findall(sample)]
    return 5 * seldom >= len(common) > FEW and all(map(_RUSSIAN_IN_KOI8.fullmatch, words))


def _likely(sample: bytes, known: Mapping[str, str]) -> list[str]:
    """Which of the known encodings fit, the likeliest first; never empty."""
    import chardet  # its tables take a quarter of a second, and most files are UTF-8

    found = chardet.detect_all(sample, include_encodings=[*known], ignore_threshold=True)
    seldom = {"Windows-1250", *FARTHER}  # Windows-1252 has nearly the letters of Windows-1250
    found.sort(key=lambda one: one["confidence"] * (SELDOM if one["encoding"] in seldom else 1), reverse=True)
    names = [known[name] for one in found if (name := one["encoding"]) and name in known]
    fitting = [name for name in dict.fromkeys(names) if _may_be(name, sample)]
    return fitting or ["Windows-1252"]


def _may_be(name: str, sample: bytes) -> bool:
    """Facts of the bytes that frequencies do not know."""
    doubles = _DOUBLE.findall(sample)
    if name == "EUC-KR":  # Hangul has these first bytes only, Chinese half of its characters beyond them
        return sum(0xB0 <= double[0] <= 0xC8 for double in doubles) >= 0.8 * len(doubles)
    if name == "Big5":  # a third of its characters end in a byte of ASCII, few of GB18030 do
        return len(doubles) < 6 or 10 * sum(double[1] < 0x7F for double in doubles) >= len(doubles)
    if name == "KOI8-R":  # other bytes draw lines
        return not re.search(rb"[\x80-\xa2\xa4-\xb2\xb4-\xbf]", sample)
    if name == "Windows-1251":
        return not _WORD_ENDING_IN_CAPITALS.search(sample.decode("cp1251", "replace"))
    return True


def _is_by_chance(line: bytes) -> bool:
    """Whether a line of Chinese in GB18030 may be valid UTF-8 by chance: several scripts in a word."""
    words = re.findall(r"[^\x00-\x7f]+", line.decode())
    return not re.search(rb"[\xe0-\xf4]", line) and any(
        len({unicodedata.name(sign, "").partition(" ")[0] for sign in word}) > 1 for word in words
    )


def _is_common(double: bytes) -> bool:
    """Whether two bytes are a character of GB 2312, which has nearly all that are written."""
    return 0xB0 <= double[0] <= 0xF7 and double[1] >= 0xA1


def _decodes(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
