"""Read the builder's form into a draft. An input is named by the place of its node, a dot, its own name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from crm.web.responses import BadQuery
from members.segments.builder.draft.tree import ALL, KINDS, Condition, Group, Texts

DEEPEST, MOST, LONGEST = 12, 300, 20_000  # levels, nodes, characters of a value: more than any rule may have
_NAME = re.compile(r"r(?P<steps>(?:\.[0-9]{1,3}){0,40})(?:\.w(?P<line>[0-9]{1,2}))?\.(?P<input>[a-z_]{1,20})")
_IS = re.compile(r"(?P<kind>field|did|change):(?P<name>.+)", re.DOTALL)

_Place = tuple[int, ...]


def read_form(parameters: QueryDict) -> Group | None:
    """The draft of a form; None where it holds none. Raises BadQuery where it is larger than any rule."""
    nodes: dict[_Place, Texts] = {}
    lines: dict[_Place, dict[int, Texts]] = {}
    for name in parameters:
        found = _NAME.fullmatch(name)
        if found is None:
            continue
        place = tuple(int(step) for step in found["steps"].split(".")[1:])
        values = [value.replace("\0", "")[:LONGEST] for value in parameters.getlist(name)]
        if found["line"]:
            lines.setdefault(place, {}).setdefault(int(found["line"]), {})[found["input"]] = values
        else:
            nodes.setdefault(place, {})[found["input"]] = values
    if len(nodes) > MOST or any(len(place) > DEEPEST for place in nodes):
        raise BadQuery(_("This form is too large. Split the rule into several segments."))
    return _group((), nodes, lines) if nodes else None


def _group(place: _Place, nodes: Mapping[_Place, Texts], lines: Mapping[_Place, Any]) -> Group:
    kind, negated = KINDS.get(nodes.get(place, {}).get("kind", [""])[0], (ALL, False))
    group = Group(kind, negated)
    depth = len(place)
    inside = {other[depth] for other in nodes if len(other) > depth and other[:depth] == place}
    for number in sorted(inside):
        below = (*place, number)
        is_group = "kind" in nodes.get(below, {}) or below not in nodes
        item = _group(below, nodes, lines) if is_group else _condition(nodes[below], lines.get(below, {}))
        group.items.append(item)
    return group


def _condition(texts: Texts, lines: Mapping[int, Texts]) -> Condition:
    chosen = _IS.fullmatch(texts.get("is", [""])[0])
    rest = {name: values for name, values in texts.items() if name not in ("is", "not", "find")}
    return Condition(
        kind=chosen["kind"] if chosen else "",
        name=chosen["name"] if chosen else "",
        negated=_is_on(texts, "not"),
        texts=rest,
        where=[lines[number] for number in sorted(lines)],
        find=texts["find"][0] if "find" in texts else None,
    )


def _is_on(texts: Texts, name: str) -> bool:
    return texts.get(name) == ["1"]
