"""Where a JSON text that the database accepts cannot be read by everybody else."""

from __future__ import annotations

import re
from dataclasses import replace

from crm.imports.errors.row_errors import Reason, make_reason

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[][{}:,]|-?\d[\d.eE+-]*|\w+', re.DOTALL)
_PLAIN_KEY = re.compile(r"[A-Za-z_]\w{0,29}", re.ASCII)  # any other may hold a personal value
SHOWN = 8  # steps of a path


def locate(most_levels: int, most_digits: int, text: str, why: Reason) -> Reason:
    """The reason with the path ($.a.b[2]) of the first value that is too deep or too large."""
    path: list[str | int] = []  # keys and places of the values that are open
    key = ""
    for part in _TOKEN.findall(text):
        if part in "[{":
            if len(path) >= most_levels:
                return replace(why, detail=make_reason("json_at", path=_written(path)))
            path.append(0 if part == "[" else "")
        elif part in "]}":
            path.pop()
        elif part == "," and path and isinstance(path[-1], int):
            path[-1] += 1
        elif part == ":":
            path[-1] = key
        elif part[0] == '"':
            key = part[1:-1]
        elif part[0] in "-0123456789" and _digits(part) > most_digits:
            return replace(why, detail=make_reason("json_at", path=_written(path)))
    return why


def _digits(number: str) -> int:
    """How many digits stand before the point when the number is written out."""
    mantissa, _, exponent = number.lstrip("-").lower().partition("e")
    whole, _, fraction = mantissa.partition(".")
    if not (whole + fraction).strip("0"):
        return 0
    small = len(fraction) - len(fraction.lstrip("0"))  # zeros behind the point of 0.001
    return (len(whole) if whole != "0" else -small) + int(exponent or 0)


def _written(path: list[str | int]) -> str:
    steps = [
        f"[{step}]" if isinstance(step, int) else f".{step if _PLAIN_KEY.fullmatch(step) else '*'}"
        for step in path
    ]
    if len(steps) > SHOWN:
        steps = [*steps[: SHOWN // 2], "…", *steps[-SHOWN // 2 :]]
    return "$" + "".join(steps)
