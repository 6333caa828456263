"""What an operator can turn, run or install is written down."""

from __future__ import annotations

import re

import pytest
from django.core.management import get_commands
from django.utils.module_loading import import_string

from crm import environment
from tests.rules.source import PRODUCT, ROOT

OPERATIONS = ROOT / "docs" / "operations.md"
READMES = ("README.md", "README.zh-CN.md")
PINNED = re.compile(r"([A-Za-z0-9._-]+)(?:\[[\w,]+\])?==[\w.]+")


def requirements() -> list[str]:
    lines = (ROOT / "requirements.txt").read_text() + (ROOT / "requirements-dev.txt").read_text()
    return [line for line in map(str.strip, lines.splitlines()) if line and not line.startswith(("#", "-r"))]


@pytest.mark.parametrize("variable", environment.TABLE, ids=lambda variable: variable.name)
def test_every_variable_is_in_the_operators_manual_with_its_default(variable):
    rows = [line for line in OPERATIONS.read_text().splitlines() if line.startswith(f"| `{variable.name}`")]
    assert len(rows) == 1
    assert not variable.default or f"`{variable.default}`" in rows[0]


@pytest.mark.parametrize(
    "command", sorted(name for name, app in get_commands().items() if str(app).partition(".")[0] in PRODUCT)
)
def test_every_command_is_in_the_operators_manual(command):
    assert re.search(rf"`manage\.py {command}\b", OPERATIONS.read_text())


@pytest.mark.parametrize("readme", READMES)
def test_the_commands_of_a_newcomer_are_in_the_readme(readme):
    text = (ROOT / readme).read_text()
    commands = [path.name for path in (ROOT / "bin").iterdir() if not path.name.startswith(("_", "."))]
    assert {"demo", "test", "check", "bench"} <= set(commands)
    assert [name for name in commands if f"bin/{name}" not in text] == []


@pytest.mark.parametrize("line", requirements())
def test_every_library_is_pinned_and_its_reason_given(line):
    pinned = PINNED.fullmatch(line)
    assert pinned, "pin it: name==version"
    reasons = "".join(path.read_text() for path in (ROOT / "docs" / "decisions").glob("*.md"))
    assert f"`{pinned[1]}`" in reasons


@pytest.mark.parametrize(
    "page", sorted(ROOT.glob("docs/**/*.md")) + [ROOT / name for name in READMES], ids=str
)
def test_links_between_our_pages_lead_somewhere(page):
    targets = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", page.read_text())
    assert [target for target in targets if not (page.parent / target).exists()] == []


@pytest.mark.parametrize(
    "name", re.findall(r"`((?:crm|members)\.[\w.]+\.register\w*)`", (ROOT / "docs/extending.md").read_text())
)
def test_what_an_app_may_register_is_there(name):
    assert callable(import_string(name))
