"""The colours of css/base/tokens.css as numbers: what each means in light and dark, and how they contrast.

OKLCH to sRGB after Björn Ottosson, "A perceptual color space for image processing" (2020), as in CSS Color 4;
contrast after WCAG 2.2, relative luminance. Channels are 0 to 1, a contrast is a ratio from 1 to 21.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from math import cos, radians, sin
from pathlib import Path

TOKENS = Path(__file__).resolve().parents[3] / "static" / "css" / "base" / "tokens.css"
TEXT, SHAPE = 4.5, 3.0  # what WCAG 2.2 AA asks of words and of what is no word (1.4.3, 1.4.11)
THEMES = ("light", "dark")
RGB = tuple[float, float, float]

_DECLARED = re.compile(r"--([\w-]+):\s*([^;]+);")
_NAMED: dict[str, RGB] = {"white": (1.0, 1.0, 1.0), "black": (0.0, 0.0, 0.0)}


def oklch(lightness: float, chroma: float, hue: float) -> RGB:
    """sRGB of an OKLCH colour (hue in degrees), clipped to what a screen shows."""
    a, b = chroma * cos(radians(hue)), chroma * sin(radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )
    red, green, blue = (_encoded(min(max(part, 0.0), 1.0)) for part in linear)
    return red, green, blue


def _encoded(part: float) -> float:
    return 12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def luminance(colour: RGB) -> float:
    """Relative luminance, 0 for black, 1 for white."""
    red, green, blue = map(_linear, colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: RGB, other: RGB) -> float:
    """The ratio of two colours, the same in either order."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def as_hex(colour: RGB) -> str:
    """#rrggbb."""
    return "#" + "".join(f"{round(part * 255):02x}" for part in colour)


@cache
def tokens(path: Path = TOKENS) -> dict[str, str]:
    """Every custom property of the sheet as it is written, without its dashes."""
    return {name: value.strip() for name, value in _DECLARED.findall(path.read_text(encoding="utf-8"))}


def colour(name: str, theme: str) -> RGB:
    """What a token looks like in a theme. Raises KeyError on an unknown token, ValueError on no colour."""
    return _resolve(tokens()[name], theme)


def _resolve(value: str, theme: str) -> RGB:
    if found := re.fullmatch(r"light-dark\((.+)\)", value):
        return _resolve(_halves(found[1])[THEMES.index(theme)], theme)
    if found := re.fullmatch(r"var\(--([\w-]+)\)", value):
        return colour(found[1], theme)
    if found := re.fullmatch(r"oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)", value):
        return oklch(*map(float, found.groups()))
    if value in _NAMED:
        return _NAMED[value]
    raise ValueError(f"not an opaque colour: {value}")


def _halves(inside: str) -> tuple[str, str]:
    """The two arguments of light-dark(), split at the comma outside of brackets."""
    depth = 0
    for place, sign in enumerate(inside):
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if sign == "," and not depth:
            return inside[:place].strip(), inside[place + 1 :].strip()
    raise ValueError(f"light-dark() needs two colours: {inside}")


def mixed(upper: RGB, lower: RGB, share: float) -> RGB:
    """`upper` laid over `lower` with an opacity of `share`, as a screen blends them."""
    red, green, blue = (share * up + (1 - share) * low for up, low in zip(upper, lower, strict=True))
    return red, green, blue


@dataclass(frozen=True)
class Pair:
    """Words or shapes (`front`) that components put on a ground (`back`), and the ratio they need."""

    front: str
    back: str
    needed: float = TEXT

    def ratio(self, theme: str) -> float:
        """The contrast of the two in a theme."""
        return contrast(colour(self.front, theme), colour(self.back, theme))


STAGES = ("acquisition", "activation", "growth", "maturity", "decline")
GROUNDS = ("page", "sheet")
PAIRS: tuple[Pair, ...] = (
    *(Pair("text", back) for back in (*GROUNDS, "well", "accent-soft", "warn-soft", "danger-soft")),
    *(Pair("muted", back) for back in (*GROUNDS, "well", "accent-soft", "warn-soft", "danger-soft")),
    *(Pair("accent", back) for back in (*GROUNDS, "well", "accent-soft")),
    *(Pair("accent-strong", back) for back in (*GROUNDS, "well", "accent-soft")),
    Pair("on-accent", "accent"),
    Pair("on-accent", "accent-strong"),
    Pair("on-accent", "danger"),
    Pair("on-accent", "warn"),
    Pair("page", "text"),
    *(Pair("danger", back) for back in (*GROUNDS, "well", "danger-soft")),
    *(Pair("warn", back) for back in (*GROUNDS, "warn-soft")),
    *(Pair("good", back) for back in (*GROUNDS, "well", "accent-soft")),
    *(Pair(way, back) for way in ("rise", "fall") for back in GROUNDS),
    *(Pair(stage, back) for stage in STAGES for back in (*GROUNDS, "well", "accent-soft")),
    *(Pair("field", back, SHAPE) for back in GROUNDS),
)
