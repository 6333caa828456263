"""A draft as the template shows it: every node with its inputs, words and mistakes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from members.rules.catalogue.activities import Activity, Property
from members.rules.catalogue.types import Type
from members.segments.builder.catalogue import CHANGE, DID, FIELD, Catalogue, Option
from members.segments.builder.draft.tree import (
    ANY,
    KINDS,
    Condition,
    Group,
    Node,
    Texts,
    first,
)
from members.segments.builder.lines.inputs import Comparison, Pair, comparison, named, pairs
from members.segments.builder.operators import BY, DIRECTIONS, GROUPS, MEASURES, PERIODS, span_units

AND, OR = pgettext_lazy("between conditions", "and"), pgettext_lazy("between conditions", "or")
_LENGTHS = ("days", "hours")


@dataclass(frozen=True)
class Shown:
    """A node of the form: its place, the word before it, its mistakes, and what of it has the focus."""

    place: str
    word: Promise | str
    negated: bool
    errors: Sequence[str]
    incomplete: bool
    focus: str

    @property
    def id(self) -> str:
        return self.place.replace(".", "-")


@dataclass(frozen=True)
class WhereLine:
    """A line that narrows an activity: `number` in it, the property, and how it is compared once chosen."""

    number: int
    place: str
    properties: Sequence[Pair]
    property: str
    open: bool
    key: str
    comparison: Comparison | None
    kept: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class DidLine:
    """What is asked of an activity."""

    measures: Sequence[Pair]
    measure: str
    sums: Sequence[Pair]
    sum_of: str
    comparison: Comparison | None
    periods: Sequence[Pair]
    period: str
    day: str
    until: str
    length: str
    units: Sequence[Pair]
    unit: str
    where: Sequence[WhereLine]
    narrows: bool


@dataclass(frozen=True)
class ChangeLine:
    """What is asked of a measure."""

    directions: Sequence[Pair]
    direction: str
    value: str
    ways: Sequence[Pair]
    by: str
    length: str
    units: Sequence[Pair]
    unit: str


@dataclass(frozen=True)
class ConditionLine(Shown):
    """One condition. `found` are the groups of what it may be about, while that is chosen (`picking`).

    `kept` are the (name, value) of inputs that are not shown, so that nothing that was written is lost.
    """

    key: str = ""
    label: Promise | str = ""
    help: Promise | str = ""
    picking: bool = False
    typed: str = ""
    found: Sequence[tuple[Promise | str, Sequence[Option]]] = ()
    comparison: Comparison | None = None
    did: DidLine | None = None
    change: ChangeLine | None = None
    kept: Sequence[tuple[str, str]] = ()
    is_group = False


@dataclass(frozen=True)
class GroupLine(Shown):
    """A group with its items; `kinds` are the ways in which it may hold."""

    kind: str = ""
    kinds: Sequence[Pair] = tuple(GROUPS.items())
    items: Sequence[Shown] = field(default_factory=tuple)
    outermost: bool = False
    is_group = True


@dataclass(frozen=True)
class Lines:
    """Makes the lines of a draft. `errors` are words by place."""

    catalogue: Catalogue
    errors: Mapping[str, Sequence[str]]
    incomplete: frozenset[str]
    focus: str
    focus_on: str

    def of(self, node: Node, place: str, word: Promise | str = "") -> GroupLine | ConditionLine:
        """The line of a node with all that is in it."""
        return (
            self._group(node, place, word) if isinstance(node, Group) else self._condition(node, place, word)
        )

    def _shown(self, node: Node, place: str, word: Promise | str) -> dict[str, Any]:
        return {
            "place": place,
            "word": word,
            "negated": node.negated,
            "errors": self.errors.get(place, ()),
            "incomplete": place in self.incomplete,
            "focus": self.focus_on if place == self.focus else "",
        }

    def _group(self, group: Group, place: str, word: Promise | str) -> GroupLine:
        between = OR if group.kind == ANY else AND
        items = [
            self.of(item, f"{place}.{number}", between if number else "")
            for number, item in enumerate(group.items)
        ]
        kind = next(name for name, held in KINDS.items() if held == (group.kind, group.negated))
        return GroupLine(
            **self._shown(group, place, word), kind=kind, items=items, outermost="." not in place
        )

    def _condition(self, condition: Condition, place: str, word: Promise | str) -> ConditionLine:
        texts, catalogue = condition.texts, self.catalogue
        key = f"{condition.kind}:{condition.name}" if condition.kind else ""
        picking = condition.find is not None or not key
        made: dict[str, Any] = {"key": key, "label": condition.name, "picking": picking}
        if picking:
            typed = condition.find or ""
            made |= {"typed": typed, "found": catalogue.search(typed)}
        if condition.kind == FIELD and (known := catalogue.fields.get(condition.name)):
            compared = comparison(place, known, texts, catalogue)
            made |= {"label": known.label, "help": known.help, "comparison": compared}
        elif condition.kind == DID and (activity := catalogue.activities.get(condition.name)):
            made |= {"label": activity.label, "did": self._did(condition, place, activity)}
        elif condition.kind == CHANGE and (measure := catalogue.measures.get(condition.name)):
            made |= {"label": measure.label, "change": _change(texts)}
        if picking or not {"comparison", "did", "change"} & made.keys():
            made["kept"] = [*_kept(place, texts), *_kept_lines(place, condition.where)]
        return ConditionLine(**self._shown(condition, place, word), **made)

    def _did(self, condition: Condition, place: str, activity: Activity) -> DidLine:
        texts, properties = condition.texts, self.catalogue.properties(activity)
        measure = first(texts, "measure", "times")
        sums = [one for one in properties if one.type in (Type.MONEY, Type.NUMBER)]
        at = Type.DAY if activity.by_day else Type.INSTANT
        of = {"times": Type.NUMBER, "sum": Type.MONEY, "first": at, "last": at}.get(measure)
        without = () if sums else ("sum",)
        period = first(texts, "period")
        return DidLine(
            measures=pairs(MEASURES, measure, without),
            measure=measure,
            sums=named(sums, first(texts, "sum_of")),
            sum_of=first(texts, "sum_of"),
            comparison=comparison(place, of, _counted(texts, measure), self.catalogue) if of else None,
            periods=pairs(PERIODS, period),
            period=period,
            day=first(texts, "from"),
            until=first(texts, "until"),
            length=first(texts, "length"),
            units=pairs(span_units("", hours=not activity.by_day), _length_unit(texts)),
            unit=_length_unit(texts),
            where=[
                self._where(place, number, line, properties) for number, line in enumerate(condition.where)
            ],
            narrows=bool(properties),
        )

    def _where(self, place: str, number: int, texts: Texts, properties: Sequence[Property]) -> WhereLine:
        name = first(texts, "property")
        known = {one.name: one for one in properties}.get(name)
        here = f"{place}.w{number}"
        return WhereLine(
            number=number,
            place=here,
            properties=named(properties, name),
            property=name,
            open=bool(known and known.open),
            key=first(texts, "key"),
            comparison=comparison(here, known, texts, self.catalogue) if known else None,
            kept=() if known else [one for one in _kept(here, texts) if one[0] != f"{here}.property"],
        )


def _kept(place: str, texts: Texts) -> list[tuple[str, str]]:
    return [(f"{place}.{name}", value) for name, values in texts.items() for value in values]


def _kept_lines(place: str, lines: Sequence[Texts]) -> list[tuple[str, str]]:
    return [one for number, texts in enumerate(lines) for one in _kept(f"{place}.w{number}", texts)]


def _counted(texts: Texts, measure: str) -> Texts:
    """Times begin as "at least once", which is what most people mean."""
    return {"op": [">="], "value": ["1"], **texts} if measure == "times" else texts


def _length_unit(texts: Texts) -> str:
    return first(texts, "length_unit", _LENGTHS[0])


def _change(texts: Texts) -> ChangeLine:
    direction, by = first(texts, "direction", "fell"), first(texts, "by", "share")
    return ChangeLine(
        directions=pairs(DIRECTIONS, direction),
        direction=direction,
        value=first(texts, "value"),
        ways=pairs(BY, by),
        by=by,
        length=first(texts, "length"),
        units=pairs(span_units("", hours=False), _length_unit(texts)),
        unit=_length_unit(texts),
    )
