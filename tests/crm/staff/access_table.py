"""The written table of docs/access.md, and every address of the product, to be compared."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from django.urls import URLPattern, URLResolver, get_resolver

from crm.staff.models import Role

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "access.md"
MARK = "<!-- addresses"
NOBODY = "nobody"
ROLES = tuple(Role.values)  # the order of the table's columns
CELLS = {"–", "✓", "own", "team", "masked", "number", "sign in"}


@dataclass(frozen=True)
class Line:
    """One line of the table: the methods whose rights it tells, and a cell for each role and for nobody."""

    name: str
    methods: frozenset[str]
    cells: dict[str, str]


@dataclass(frozen=True)
class Address:
    """One address: its name, and its route with <converter:name> for what varies."""

    name: str
    route: str

    @property
    def varies(self) -> tuple[str, ...]:
        return tuple(re.findall(r"<(?:\w+:)?(\w+)>", self.route))

    def path(self, values: dict[str, object]) -> str:
        return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(values[found[1]]), self.route)


def lines() -> list[Line]:
    """The table as written. Fails where a line is not of the table's form."""
    found = []
    table = DOCUMENT.read_text(encoding="utf-8").partition(MARK)[2]
    for row in re.findall(r"^\| (.+) \|$", table, re.MULTILINE)[1:]:
        name, methods, *cells = (cell.strip() for cell in row.split(" | "))
        assert len(cells) == len(ROLES) + 1, row
        assert set(cells) <= CELLS, row
        found.append(Line(name, frozenset(methods.split()), dict(zip((*ROLES, NOBODY), cells, strict=True))))
    return found


def lines_of(name: str, table: list[Line]) -> list[Line]:
    """The lines for an address; one ending in * stands for all addresses of an admin's model."""
    return [line for line in table if fnmatchcase(name, line.name)]


def line_of(name: str, table: list[Line], method: str = "GET") -> Line | None:
    """The line that tells who may do this at an address; None where it answers no such method."""
    return next((line for line in lines_of(name, table) if method in line.methods), None)


def addresses() -> list[Address]:
    """Every address the product answers, the administration's included."""
    return list(_walk(get_resolver().url_patterns, "", ""))


def _walk(patterns: list, prefix: str, space: str) -> Iterator[Address]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _walk(pattern.url_patterns, route, inner)
        elif isinstance(pattern, URLPattern):
            yield _named(pattern.name, route, space)


def _named(name: str | None, route: str, space: str) -> Address:
    """The administration has patterns without a name, and two that are regular expressions."""
    if name == "app_list":
        return Address(f"{space}app_list", "admin/portfolio/")
    if name is None and "?P<url>" in route:
        return Address(f"{space}anything", "admin/no/such/page/")
    if name is None:
        _admin, app, model, *_rest = route.split("/")
        return Address(f"{space}{app}_{model}_object", route)
    return Address(space + name, route)
