"""The steps of the builder's buttons: each changes a draft and says where the reader goes on."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy

from members.segments.builder.draft.tree import ALL, ANY, ROOT, Condition, Group, Node, find, parent_of, walk

# A step is given the draft, the place of its node and an argument, and returns the place that gets the focus.
Step = Callable[[Group, str, str], str]


def edit(root: Group, pressed: str) -> str:
    """Apply a button's value, "step:place:argument"; the place to go on at, empty where nothing changed."""
    name, place, argument = (pressed.split(":", 2) + ["", ""])[:3]
    step = _STEPS.get(name)
    return step(root, place, argument) if step and find(root, place) is not None else ""


def _add(root: Group, place: str, argument: str) -> str:
    """A condition, or a group with one, at the end of a group, or after the condition at the place."""
    found, held = find(root, place), parent_of(root, place)
    if isinstance(found, Group):
        held = found, len(found.items) - 1
    if held is None:
        return ROOT
    group, at = held
    new = Condition(find="")
    group.items.insert(at + 1, Group(_other(group.kind), items=[new]) if argument == "group" else new)
    return place_of(root, new)


def _other(kind: str) -> str:
    return ALL if kind == ANY else ANY


def _remove(root: Group, place: str, _argument: str) -> str:
    held = parent_of(root, place)
    if held is None:
        root.items.clear()
        return ROOT
    group, at = held
    del group.items[at]
    if group.items:
        return place_of(root, group.items[min(at, len(group.items) - 1)])
    # An empty group says nothing: it goes with its last condition.
    return ROOT if group is root else _remove(root, place_of(root, group), "")


def _duplicate(root: Group, place: str, _argument: str) -> str:
    held = parent_of(root, place)
    if held is None:
        return ROOT
    group, at = held
    copy = deepcopy(group.items[at])
    group.items.insert(at + 1, copy)
    return place_of(root, copy)


def _move(root: Group, place: str, down: bool) -> str:
    """One line up or down: into a group that stands there, out of its own at its end."""
    held = parent_of(root, place)
    if held is None:
        return ROOT
    group, at = held
    node = group.items[at]
    if 0 <= at + (1 if down else -1) < len(group.items):
        beside = group.items[at + (1 if down else -1)]
        group.items.pop(at)
        if isinstance(beside, Group) and isinstance(node, Condition):
            beside.items.insert(0 if down else len(beside.items), node)
        else:
            group.items.insert(at + (1 if down else -1), node)
        return place_of(root, node)
    outer = parent_of(root, place_of(root, group))
    if outer is None:
        return place
    above, group_at = outer
    group.items.pop(at)
    above.items.insert(group_at + 1 if down else group_at, node)
    if not group.items:
        _remove(root, place_of(root, group), "")
    return place_of(root, node)


def _group(root: Group, place: str, _argument: str) -> str:
    held = parent_of(root, place)
    if held is None:
        inner = Group(root.kind, root.negated, root.items)
        root.kind, root.negated, root.items = ALL, False, [inner]
        return place_of(root, inner)
    group, at = held
    inner = Group(_other(group.kind), items=[group.items[at]])
    group.items[at] = inner
    return place_of(root, inner)


def _ungroup(root: Group, place: str, _argument: str) -> str:
    """The items of a group in its place; the outermost group takes on the one group that it holds."""
    node, held = find(root, place), parent_of(root, place)
    if not isinstance(node, Group) or not node.items:
        return place
    first_item = node.items[0]
    if held is None:
        if len(root.items) == 1 and isinstance(first_item, Group):
            root.kind, root.negated, root.items = first_item.kind, first_item.negated, first_item.items
        return ROOT
    group, at = held
    group.items[at : at + 1] = node.items
    return place_of(root, first_item)


def _negate(root: Group, place: str, _argument: str) -> str:
    node = find(root, place)
    assert node is not None
    node.negated = not node.negated
    return place


def _pick(root: Group, place: str, _argument: str) -> str:
    """Open the choice of what a condition is about, or close it."""
    node = find(root, place)
    if isinstance(node, Condition):
        node.find = "" if node.find is None else None
    return place


def _choose(root: Group, place: str, argument: str) -> str:
    """What a condition is about ("field:aum"); what was typed for another one goes."""
    node = find(root, place)
    kind, _colon, name = argument.partition(":")
    if isinstance(node, Condition):
        if (node.kind, node.name) != (kind, name):
            node.kind, node.name, node.texts, node.where = kind, name, {}, []
        node.find = None
    return place


def _where(root: Group, place: str, _argument: str) -> str:
    node = find(root, place)
    if isinstance(node, Condition):
        node.where.append({})
    return place


def _unwhere(root: Group, place: str, argument: str) -> str:
    node = find(root, place)
    if isinstance(node, Condition) and argument.isdecimal() and int(argument) < len(node.where):
        del node.where[int(argument)]
    return place


def _clear(root: Group, _place: str, _argument: str) -> str:
    root.kind, root.negated, root.items = ALL, False, []
    return ROOT


def place_of(root: Group, node: Node) -> str:
    """Where a node stands now."""
    return next(place for place, other in walk(root) if other is node)


_STEPS: dict[str, Step] = {
    "add": _add,
    "remove": _remove,
    "duplicate": _duplicate,
    "up": lambda root, place, _argument: _move(root, place, down=False),
    "down": lambda root, place, _argument: _move(root, place, down=True),
    "group": _group,
    "ungroup": _ungroup,
    "negate": _negate,
    "pick": _pick,
    "choose": _choose,
    "where": _where,
    "unwhere": _unwhere,
    "clear": _clear,
}
