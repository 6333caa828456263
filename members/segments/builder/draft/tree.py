"""A rule while it is edited: texts as they were typed, valid or not, so that nothing is lost.

Every node has a place in the form: "r" is the outermost group, "r.0" its first item.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

ROOT = "r"
ALL, ANY = "all", "any"

# The four ways in which a group holds, as the form names them: the kind, and whether it is negated.
KINDS = {"all": (ALL, False), "any": (ANY, False), "none": (ANY, True), "not_all": (ALL, True)}

# The texts of a line of the form by input ("op", "value" …); a list of boxes has many values.
Texts = dict[str, list[str]]


@dataclass
class Condition:
    """One condition: about a field, an activity or a measure (`kind` and `name`; empty: not chosen yet).

    `where` are the lines that narrow an activity. `find` is what is typed to choose `name` by; None: the
    choice is closed.
    """

    kind: str = ""
    name: str = ""
    negated: bool = False
    texts: Texts = field(default_factory=dict)
    where: list[Texts] = field(default_factory=list)
    find: str | None = None


@dataclass
class Group:
    """Conditions and groups of which all or any have to hold, or not."""

    kind: str = ALL
    negated: bool = False
    items: list[Condition | Group] = field(default_factory=list)


Node = Condition | Group


def first(texts: Texts, name: str, default: str = "") -> str:
    """The one value of an input."""
    values = texts.get(name)
    return values[0] if values else default


def find(root: Group, place: str) -> Node | None:
    """The node at a place; None where there is none."""
    node: Node = root
    for step in place.split(".")[1:]:
        if not isinstance(node, Group) or not step.isdecimal() or int(step) >= len(node.items):
            return None
        node = node.items[int(step)]
    return node if place.split(".")[0] == ROOT else None


def parent_of(root: Group, place: str) -> tuple[Group, int] | None:
    """The group that holds the node at a place, and its position there; None for the outermost group."""
    above, _dot, last = place.rpartition(".")
    group = find(root, above) if above else None
    return (group, int(last)) if isinstance(group, Group) and find(root, place) is not None else None


def walk(node: Node, place: str = ROOT) -> Iterator[tuple[str, Node]]:
    """Every node with its place, from the outermost group inwards, in reading order."""
    yield place, node
    if isinstance(node, Group):
        for number, item in enumerate(node.items):
            yield from walk(item, f"{place}.{number}")
