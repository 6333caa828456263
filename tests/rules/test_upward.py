"""No app names one that it may not import, in a string either: no module, table, template or address."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import PurePosixPath

import pytest
from django.apps import AppConfig, apps
from django.urls import URLPattern, get_resolver

from tests.rules.source import PRODUCT, ROOT, meant, modules, origins

LEADS = {"reverse", "reverse_lazy", "resolve_url", "redirect", "lead_to", "missing"}
LEADS |= {"Place", "Command", "SearchBox", "Table", "link"}
IN_A_TEMPLATE = re.compile(r"""{%\s*url\s+['"]([\w:-]+)['"]""")


@dataclass(frozen=True)
class Mention:
    """A name of a forbidden app in a file."""

    where: str
    app: str
    name: str


def layers() -> list[set[str]]:
    """The contracts of pyproject.toml as one order of apps, the highest first."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    found = {one["name"]: one["layers"] for one in contracts if one["type"] == "layers"}
    inner = {
        "members": _within("members", found["Inside members, from segments down to rules"]),
        "campaigns": _within("campaigns", found["Inside campaigns, from experiments down to review"]),
    }
    order: list[set[str]] = []
    for line in found["Rooms import downwards only"]:
        names = {name.strip(" ()") for name in line.split("|")}
        order += inner.get(next(iter(names)), [names])
    return order


def _within(room: str, lines: list[str]) -> list[set[str]]:
    return [{f"{room}.{name.strip(' ()')}" for name in line.split("|")} for line in lines]


def forbidden_to(app: str) -> list[AppConfig]:
    """The installed apps that this one may not name: those above and those beside it."""
    below: set[str] = set()
    for names in reversed(layers()):
        if app in names:
            return [one for one in ours() if one.name not in below | {app}]
        below |= names
    raise AssertionError(f"{app} is in no contract of pyproject.toml")


@cache
def ours() -> list[AppConfig]:
    return [one for one in apps.get_app_configs() if one.name.partition(".")[0] in PRODUCT]


@cache
def addresses() -> dict[str, set[str]]:
    """The names of the addresses of each app."""
    found: dict[str, set[str]] = {one.name: set() for one in ours()}
    for resolver in get_resolver().url_patterns:
        module = getattr(resolver, "urlconf_name", None)
        app = getattr(module, "__name__", "").removesuffix(".urls")
        if app in found:
            found[app] |= {one.name for one in resolver.url_patterns if isinstance(one, URLPattern)}
    return found


@cache
def names_of(app: str) -> re.Pattern[str]:
    """What names an app in any text: its modules, its models, tables, templates and sheets."""
    config = next(one for one in ours() if one.name == app)
    path = re.escape(app).replace(r"\.", "[./]")
    tables = [re.escape(model._meta.db_table) for model in config.get_models()]
    label = re.escape(config.label)
    parts = [path + r"\b", label + r"\.[A-Z]\w+", label + r"/\w[\w/]*(\.html|\.css)?$"]
    return re.compile(rf"(?<![\w./])({'|'.join([*parts, *(table + r'(?![a-z])' for table in tables)])})")


def app_of(path: PurePosixPath) -> str:
    """The app that a file belongs to; empty for what is in none."""
    return next((one.name for one in ours() if str(path).startswith(f"{one.name.replace('.', '/')}/")), "")


def texts_of(app: str) -> Iterator[tuple[str, str]]:
    """(where, text) of every string, statement and template of an app."""
    for path in modules():
        if app_of(path) == app:
            for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield f"{path}:{node.lineno}", node.value
    folder = ROOT / app.replace(".", "/")
    for file in sorted(folder.rglob("*.sql")):
        yield str(file.relative_to(ROOT)), file.read_text(encoding="utf-8")
    for file in templates_of(app):
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            for quoted in re.findall(r"""['"]([^'"]+)['"]""", line):
                yield f"{file.relative_to(ROOT)}:{number}", quoted


def templates_of(app: str) -> list:
    label = next(one.label for one in ours() if one.name == app)
    found = sorted((ROOT / "templates" / label).rglob("*.html"))
    return [*found, ROOT / "templates" / "base.html"] if app == "crm.web" else found


def leads_of(app: str) -> Iterator[tuple[str, str]]:
    """(where, name of the address) of every link that an app makes."""
    for path in modules():
        if app_of(path) == app:
            tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
            names = origins(tree)
            for node in ast.walk(tree):
                for value in _linked(node, names):
                    if isinstance(value, ast.Constant) and isinstance(value.value, str):
                        yield f"{path}:{value.lineno}", value.value
    for file in templates_of(app):
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            for name in IN_A_TEMPLATE.findall(line):
                yield f"{file.relative_to(ROOT)}:{number}", name


def _linked(node: ast.AST, names: dict[str, str]) -> list[ast.expr]:
    """What a call that leads somewhere is given, and each word with a hyphen, as addresses have in names."""
    if isinstance(node, ast.Call) and meant(node.func, names).rpartition(".")[2] in LEADS:
        return [*node.args, *(one.value for one in node.keywords)]
    if isinstance(node, ast.Constant) and re.fullmatch(r"[a-z]+(-[a-z]+)+", str(node.value)):
        return [node]
    return []


def mentions(app: str) -> list[Mention]:
    found = []
    forbidden = [one.name for one in forbidden_to(app)]
    for where, text in texts_of(app):
        for other in forbidden:
            found += [Mention(where, other, hit[0]) for hit in names_of(other).finditer(text)]
    for where, name in leads_of(app):
        found += [Mention(where, other, name) for other in forbidden if name in addresses()[other]]
    return found


@pytest.mark.parametrize("app", [one.name for one in ours()])
def test_an_app_names_none_that_it_may_not_import(app):
    assert mentions(app) == []


@pytest.mark.parametrize(
    "text",
    [
        "members.lifecycle.tasks.restage_pending",
        "members/lifecycle/policy",
        "SELECT FROM lifecycle_transition AS t",
        "admin:lifecycle_policy_changelist",
        "lifecycle.Policy",
        "lifecycle/policy.html",
    ],
)
def test_the_rule_knows_what_names_an_app(text):
    assert names_of("members.lifecycle").search(text)


@pytest.mark.parametrize("text", ["the lifecycle of a member", "lifecycle", "crm.web", "web/lifecycle.html"])
def test_the_rule_knows_what_only_speaks_of_its_matter(text):
    assert not names_of("members.lifecycle").search(text)


@pytest.mark.parametrize(
    "text",
    ['reverse("members")', 'Place("members", _("M"), "m", A)', 'X.lead_to("members")', '{"view-save"}'],
)
def test_the_rule_knows_what_leads_to_an_address(text):
    tree = ast.parse(text)
    values = [value for node in ast.walk(tree) for value in _linked(node, {})]
    names = {value.value for value in values if isinstance(value, ast.Constant)}
    assert names & addresses()["crm.directory"]
    assert "crm.directory" in {one.name for one in forbidden_to("crm.web")}
