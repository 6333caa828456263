"""Personal data at rest: encrypted values and keyed blind indexes for exact search.

Sealing is AES-SIV (RFC 5297): authenticated and deterministic, so that importing the same file
again can be seen to change nothing. The field's name is authenticated with the value, so an encrypted
mobile cannot be moved into another column. Keys are derived from settings.DATA_KEY.
"""

from __future__ import annotations

import hashlib
import hmac
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from django.conf import settings

VERSION = b"\x01"  # first byte of every encrypted value: which key and method
TAIL = 4  # digits
# Fields that are found by their last digits too, from so many digits on: masks show as many of such a value.
FEWEST_DIGITS = {"mobile": 11}
_TAIL_BYTES = 6
SEALED_MORE = 17  # bytes that sealing adds: the version, and what proves the value authentic


class DecryptionFailed(ValueError):
    """An encrypted value was damaged, moved to another field, or encrypted with another key."""


@cache
def _key(purpose: str, size: int) -> bytes:
    root = bytes.fromhex(settings.DATA_KEY)
    return hashlib.blake2b(purpose.encode(), key=root, digest_size=size).digest()


@cache
def _cipher() -> AESSIV:
    return AESSIV(_key("seal", 64))


def encrypt(field: str, text: str) -> bytes:
    """The value of a field, encrypted; the same text gives the same bytes."""
    return encrypt_bytes(field, text.encode())


def encrypt_bytes(field: str, data: bytes) -> bytes:
    """As seal(), for what is no text; SEALED_MORE bytes longer than the data."""
    return VERSION + _cipher().encrypt(data, [field.encode()])


def decrypt(field: str, sealed: bytes | memoryview) -> str:
    """The text of an encrypted value. Raises DecryptionFailed."""
    return decrypt_bytes(field, sealed).decode()


def decrypt_bytes(field: str, sealed: bytes | memoryview) -> bytes:
    """What seal_bytes() was given. Raises DecryptionFailed."""
    data = bytes(sealed)
    if data[:1] != VERSION:
        raise DecryptionFailed(f"{field}: sealed by an unknown version")
    try:
        return _cipher().decrypt(data[1:], [field.encode()])
    except InvalidTag as error:
        raise DecryptionFailed(f"{field}: damaged, or sealed with another key") from error


def blind_index(field: str, text: str) -> bytes:
    """Bytes by which a normalised value is found without being readable: of HMAC-SHA256, keyed.

    16 of them; in a field that is also found by its last digits (FEWEST_DIGITS), the tail's code before them.
    """
    own = _code(field, text)[:16]
    if field not in FEWEST_DIGITS:
        return own
    digits = "".join(sign for sign in text if sign.isdigit())
    group = _tail_code(field, digits[-TAIL:]) if len(digits) >= FEWEST_DIGITS[field] else own[:_TAIL_BYTES]
    return group + own


def tail_range(field: str, tail: str) -> tuple[bytes, bytes]:
    """The first and last possible blind_index() of the values of a field that end in these TAIL digits."""
    group = _tail_code(field, tail)
    return group, group + b"\xff" * 17


def _tail_code(field: str, tail: str) -> bytes:
    return _code(f"{field} tail", tail)[:_TAIL_BYTES]


def _code(field: str, text: str) -> bytes:
    code = _index_of(field).copy()
    code.update(text.encode())
    return code.digest()


@cache
def _index_of(field: str) -> hmac.HMAC:
    """The code of a field up to where the value follows: a copy is quicker than beginning again."""
    return hmac.new(_key("index", 32), f"{field}\0".encode(), hashlib.sha256)
