"""A rule about our source: what it forbids, why, and how a module is searched for it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parent.parent.parent
PRODUCT = ("crm", "members", "campaigns")


@dataclass(frozen=True)
class Rule:
    """`find` yields the lines of a module that break the rule; `exempt` says where it does not apply."""

    name: str
    why: str
    find: Callable[[ast.Module], Iterator[int]]
    exempt: Callable[[PurePosixPath], bool]
    good: str
    bad: str

    def broken_by(self, tree: ast.Module) -> list[int]:
        return sorted(self.find(tree))


def modules() -> list[PurePosixPath]:
    """Every Python module of the product, migrations excepted, relative to the project."""
    return [
        PurePosixPath(path.relative_to(ROOT))
        for folder in PRODUCT
        for path in sorted((ROOT / folder).rglob("*.py"))
        if "migrations" not in path.parts
    ]


def modules_of_tests() -> list[PurePosixPath]:
    """Every Python module of the tests, relative to the project."""
    return [PurePosixPath(path.relative_to(ROOT)) for path in sorted((ROOT / "tests").rglob("*.py"))]


def dotted(node: ast.AST) -> str:
    """A name or attribute as written, such as datetime.datetime.now; empty for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        head = dotted(node.value)
        return f"{head}.{node.attr}" if head else ""
    return ""


def origins(tree: ast.Module) -> dict[str, str]:
    """What imported names stand for: {"now": "crm.runtime.clock.now", "dt": "datetime"}."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                head = alias.name.partition(".")[0]
                found[alias.asname or head] = alias.name if alias.asname else head
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                found[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return found


def meant(node: ast.AST, names: dict[str, str]) -> str:
    """The full name that an expression stands for, imports resolved."""
    head, dot, tail = dotted(node).partition(".")
    return f"{names.get(head, head)}{dot}{tail}"
