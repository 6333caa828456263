"""How the bytes of a file become text: UTF-8 and GB18030 by themselves, UTF-16 and UTF-32 by their mark.

Any other encoding is named, never guessed: text read in the wrong one is stored garbled, and nobody notices.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from typing import IO

SAMPLE = 2_000  # lines beyond ASCII that are looked at
DAMAGED = 5  # up to one line in so many that nothing can read is damaged rather than foreign
FEW = 2  # double bytes, up to which frequencies say nothing
MOST_NAMED = 3
EUROPE = 0.7  # how sure Windows-1250 must be to go before Windows-1252
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
_DOUBLE = re.compile(rb"[\x81-\xfe][\x40-\x7e\x80-\xfe]")
_TRIPLE = re.compile(rb"[\xe2-\xef][\x80-\xbf]{2}")
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
    if is_utf16(data):
        raise UnknownEncoding(["UTF-16"])
    lines = [line for line in data.split(b"\n") if not line.isascii()][:SAMPLE]
    chinese = [line for line in lines if _decodes(line, "gb18030")]
    utf8 = [line for line in lines if _decodes(line, "utf-8")]
    if 2 * len(utf8) >= len(lines) and not (len(chinese) == len(lines) and all(map(_is_by_chance, utf8))):
        return "utf-8"
    if not chinese and DAMAGED * len(lines) <= data.count(b"\n"):
        return "utf-8"
    if 2 * len(chinese) < len(lines):
        raise UnknownEncoding(_likely(b"\n".join(lines)))
    sample = b"\n".join(chinese)
    doubles = _DOUBLE.findall(sample)
    if len(doubles) <= FEW and all(_is_common(double) for double in doubles):
        return "gb18030"
    if (likely := _likely(sample))[0] != "GB18030":
        raise UnknownEncoding(likely)
    return "gb18030"


def is_utf16(data: bytes) -> bool:
    """Whether nearly every second byte of the first ones is NUL: Latin letters in UTF-16 without its mark."""
    start = data[:64]
    return len(start) > 8 and any(start[odd::2].count(0) > len(start) // 3 for odd in (0, 1))


def is_utf8_among(line: bytes) -> bool:
    """Whether a line of a file in GB18030 is UTF-8: files of two encodings were put together.

    Two or more characters of three bytes are never Chinese of the other encoding by chance.
    """
    return not line.isascii() and len(_TRIPLE.findall(line)) > 1 and _decodes(line, "utf-8")


def _likely(sample: bytes) -> list[str]:
    """The names of the encodings that fit, the likeliest first; never empty."""
    import chardet  # its tables take a quarter of a second, and most files are UTF-8

    found = chardet.detect_all(sample, include_encodings=[*NAMES], ignore_threshold=True)
    # Few letters with accents tell little of Western and Central Europe: the first is the more usual.
    found.sort(
        key=lambda one: one["confidence"] * (EUROPE if one["encoding"] == "Windows-1250" else 1), reverse=True
    )
    names = [NAMES[one["encoding"]] for one in found if one["encoding"] in NAMES]
    fitting = [name for name in dict.fromkeys(names) if _may_be(name, sample)]
    return fitting or ["Windows-1252"]


def _may_be(name: str, sample: bytes) -> bool:
    """Facts of the bytes that frequencies do not know."""
    doubles = _DOUBLE.findall(sample)
    if name == "EUC-KR":  # Hangul has these first bytes only, Chinese half of its characters beyond them
        return sum(0xB0 <= double[0] <= 0xC8 for double in doubles) >= 0.8 * len(doubles)
    if name == "Big5":  # a third of its characters end in a byte of ASCII, few of GB18030 do
        return len(doubles) < 6 or 10 * sum(double[1] < 0x7F for double in doubles) >= len(doubles)
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
