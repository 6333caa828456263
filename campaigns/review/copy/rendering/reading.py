"""A template as the wording check reads it: values stood in for, each sign knowing where it is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from campaigns.review.copy.rendering.template import Template
from campaigns.review.copy.rendering.variables import Variable
from campaigns.review.models import FindingPart

_NOWHERE = (FindingPart.WHOLE, 0, 0)


@dataclass
class Reading:
    """A text with the part, start and end of the template behind each of its signs."""

    signs: list[str] = field(default_factory=list)
    places: list[tuple[FindingPart, int, int]] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.signs)

    def add(self, text: str, place: tuple[FindingPart, int, int]) -> None:
        """Text that stands for one place as a whole."""
        self.signs += text
        self.places += [place] * len(text)

    def add_literal(self, text: str, part: FindingPart, start: int) -> None:
        """Text that stands in the template sign for sign."""
        self.signs += text
        self.places += [(part, start + place, start + place + 1) for place in range(len(text))]

    def span(self, start: int, end: int) -> tuple[FindingPart, int, int]:
        """Part, start and end in the template; of a span over two parts what is in the first one."""
        touched = [place for place in self.places[start:end] if place[0] != FindingPart.WHOLE]
        if not touched:
            return _NOWHERE
        part = touched[0][0]
        own = [place for place in touched if place[0] == part]
        return part, min(place[1] for place in own), max(place[2] for place in own)


def read_template(
    parts: Iterable[tuple[FindingPart, Template]],
    variables: Mapping[str, Variable],
    language: str,
    *,
    with_values: bool = True,
    always_only: bool = False,
) -> Reading:
    """The template as one text, its parts on lines of their own.

    `with_values`: with stand-ins for values, else as if all were empty. `always_only`: without what stands
    under a condition, so what every rendering holds.
    """
    reading = Reading()
    for part, template in parts:
        if reading.signs:
            reading.add("\n", _NOWHERE)
        for piece in template.pieces:
            if always_only and piece.depth:
                continue
            if piece.variable:
                stand_in = variables[piece.variable].stand_in(language) if with_values else ""
                reading.add(stand_in, (part, piece.start, piece.end))
            else:
                reading.add_literal(piece.text, part, piece.start)
    return reading
