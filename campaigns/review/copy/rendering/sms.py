"""The length of an SMS as carriers bill it (3GPP TS 23.038 and 23.040)."""

from __future__ import annotations

from dataclasses import dataclass

# The default alphabet, each sign seven bits; signs of its extension take two of them.
_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("^{}\\[~]|€")
_WHOLE, _PART = {True: 160, False: 70}, {True: 153, False: 67}  # units of one message, and of one of several


@dataclass(frozen=True)
class SmsLength:
    """`units` as they are billed (septets or UTF-16 units), in so many `segments`; `left` in the last one."""

    units: int
    segments: int
    left: int


def sms_length(text: str) -> SmsLength:
    """How long a text is as an SMS. One sign outside the default alphabet makes all of them 16 bits."""
    is_plain = all(sign in _BASIC or sign in _EXTENDED for sign in text)
    units = (
        len(text) + sum(sign in _EXTENDED for sign in text)
        if is_plain
        else len(text.encode("utf-16-le")) // 2
    )
    if units <= _WHOLE[is_plain]:
        return SmsLength(units, 1, _WHOLE[is_plain] - units)
    part = _PART[is_plain]
    segments = -(-units // part)
    return SmsLength(units, segments, segments * part - units)
