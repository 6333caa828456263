"""Habits of this code that a machine can check; each rule says why, and is tried on good and bad code."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import PurePosixPath

import pytest

from tests.rules.source import ROOT, Rule, meant, modules, origins

CLOCKS = {
    "crm.runtime.clock.now",
    "django.utils.timezone.now",
    "django.utils.timezone.localdate",
    "django.utils.timezone.localtime",
    "datetime.datetime.now",
    "datetime.datetime.today",
    "datetime.datetime.utcnow",
    "datetime.date.today",
    "time.time",
}
SIGNALS = {
    f"django.db.models.signals.{name}"
    for name in ("pre_init", "post_init", "pre_save", "post_save", "pre_delete", "post_delete", "m2m_changed")
}
TRANSLATES = {
    f"django.utils.translation.{name}{ending}"
    for name in ("gettext", "ngettext", "pgettext", "npgettext")
    for ending in ("", "_lazy", "_noop")
}
READS_THE_ENVIRONMENT = {
    "crm/environment.py": "declares it",
    "crm/demo/serve.py": "hands its own environment on to the processes that it starts",
    "members/lifecycle/crash_points.py": "a switch of the tests, not of operators",
}
ASKS_THE_CLOCK = {
    "crm/runtime/clock.py": "is the clock",
    "crm/imports/management/console.py": "the edge that the commands of imports share",
}
DAY_INPUTS = {
    f"django.forms.{name}"
    for name in ("DateInput", "DateTimeInput", "SplitDateTimeWidget", "SelectDateWidget")
}
EDGES = {"views", "pages", "tasks", "admin", "api", "middleware", "context", "commands", "templatetags"}


def is_edge(path: PurePosixPath) -> bool:
    """Where a request, a message or a command enters."""
    return bool(EDGES & {path.stem, *path.parts}) or str(path) in ASKS_THE_CLOCK


def calls_a_clock(tree: ast.Module) -> Iterator[int]:
    names = origins(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and meant(node.func, names) in CLOCKS:
            yield node.lineno


def uses_save_signals(tree: ast.Module) -> Iterator[int]:
    names = origins(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute) and meant(node, names) in SIGNALS:
            yield node.lineno


def reads_the_environment(tree: ast.Module) -> Iterator[int]:
    names = origins(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            reads = meant(node.func, names) in {"os.getenv", "os.environ.get"}
        elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
            reads = meant(node.value, names) == "os.environ"
        else:
            reads = False
        if reads:
            yield node.lineno


def makes_an_input_of_a_day(tree: ast.Module) -> Iterator[int]:
    names = origins(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute) and meant(node, names) in DAY_INPUTS:
            yield node.lineno


def words_for_people(tree: ast.Module) -> Iterator[int]:
    names = origins(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and meant(node.func, names) in TRANSLATES:
            yield node.lineno


def catches_everything_in_silence(tree: ast.Module) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler) and all(isinstance(line, ast.Pass) for line in node.body):
            kind = node.type.id if isinstance(node.type, ast.Name) else None
            if node.type is None or kind in {"Exception", "BaseException"}:
                yield node.lineno


# Where sentences and labels for people are made, besides the edges.
WORDS = {
    "sentences",
    "models",
    "publish",
    "permissions",
    "apps",
    "forms",
    "administration",
    "timeline",
    "fields",
}
WORDED_APPS = (  # pages as a whole
    *("crm/web", "crm/directory", "crm/desk", "crm/insights", "crm/office"),
    "members/segments/builder",
)
MAKES_WORDS = {
    "crm/settings.py": "names the languages",
    "crm/imports/errors/row_errors.py": "the table of codes and sentences of imports",
    "crm/imports/errors/file_errors.py": "part of that table",
    "crm/imports/fixing/fix.py": "part of that table",
    "crm/imports/rejects/sheet.py": "names columns of a file, as the pages call them",
    "crm/imports/management/arguments.py": "the arguments of commands",
    "crm/imports/management/console.py": "what commands print",
    "crm/imports/runs/record.py": "labels a kind of queued work",
    "members/profiles/imports/row_errors.py": "part of the table of imports",
    "members/profiles/imports/headings.py": "labels columns of files, beside the names they come under",
    "members/profiles/imports/kinds.py": "labels kinds of file",
    "members/profiles/consent/file_words.py": "labels columns of files of consents",
    "members/profiles/consent/file_kind.py": "labels a kind of file",
    "members/profiles/personal/field_labels.py": "labels the fields of a member",
    "members/portfolio/imports/headings.py": "labels columns of files",
    "members/portfolio/imports/kinds.py": "labels kinds of file",
    "members/rules/catalogue/groups.py": "names the groups of fields",
    "members/segments/ready_made.py": "names ready-made segments, beside their rules",
    "members/lifecycle/policy/thresholds.py": "labels thresholds, beside their units",
}


def may_word(path: PurePosixPath) -> bool:
    """Where codes and numbers become sentences, or something has its label."""
    return (
        is_edge(path)
        or bool(WORDS & {path.stem, *path.parts})
        or str(path).startswith(WORDED_APPS)
        or str(path) in MAKES_WORDS
    )


RULES = [
    Rule(
        "domain code returns data",
        "codes, numbers and dates serve pages, API and files alike: one module of an app words them",
        words_for_people,
        may_word,
        good="def explain():\n    return Reason('idle', days=3)\n",
        bad="from django.utils.translation import gettext as _\ndef explain():\n    return _('idle')\n",
    ),
    Rule(
        "time is an argument",
        "a result must be computable as of any past day: rules are told the instant, the edge asks the clock",
        calls_a_clock,
        is_edge,
        good="def due(now):\n    return now\n",
        bad="from crm.runtime import clock\ndef due():\n    return clock.now()\n",
    ),
    Rule(
        "no save signals",
        "a signal acts at a distance, row by row, never for set-based SQL: say what follows where it happens",
        uses_save_signals,
        lambda path: False,
        good="from django.db.models.signals import post_migrate\npost_migrate.connect(print)\n",
        bad="from django.db.models import signals\nsignals.post_save.connect(print)\n",
    ),
    Rule(
        "days are entered by one input",
        "browsers drop a day in the form of a language: DayInput writes it as they read it",
        makes_an_input_of_a_day,
        lambda path: str(path) == "crm/web/forms/day_input.py",
        good="from crm.web.forms.day_input import DayInput\nwidget = DayInput()\n",
        bad="from django import forms\nwidget = forms.DateInput({'type': 'date'})\n",
    ),
    Rule(
        "the environment is read in one place",
        "crm/environment.py declares each variable with default and meaning; one read elsewhere is unknown",
        reads_the_environment,
        lambda path: str(path) in READS_THE_ENVIRONMENT,
        good="import os\nos.environ.setdefault('A', 'b')\nchild = {**os.environ}\n",
        bad="import os\nvalue = os.environ['A']\n",
    ),
    Rule(
        "no error vanishes",
        "what is caught whole and passed over is found by nobody",
        catches_everything_in_silence,
        lambda path: False,
        good="try:\n    f()\nexcept KeyError:\n    pass\n",
        bad="try:\n    f()\nexcept Exception:\n    pass\n",
    ),
]
OTHER_BAD = {
    "domain code returns data": [
        "from django.utils.translation import ngettext\nx = ngettext('day', 'days', 3)\n",
        "from django.utils import translation\nx = translation.gettext_lazy('idle')\n",
    ],
    "time is an argument": [
        "from crm.runtime.clock import now\ndef due():\n    return now()\n",
        "from datetime import datetime, UTC\nx = datetime.now(UTC)\n",
        "import datetime as dt\nx = dt.date.today()\n",
        "from django.utils import timezone\nx = timezone.now()\n",
    ],
    "no save signals": [
        "from django.db.models.signals import pre_delete as gone\n@receiver(gone)\ndef f(**_): ...\n"
    ],
    "the environment is read in one place": [
        "from os import environ\nx = environ.get('A')\n",
        "import os\nx = os.getenv('A')\n",
    ],
}
each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)


@each_rule
def test_the_rule_knows_good_from_bad(rule):
    assert rule.broken_by(ast.parse(rule.good)) == []
    for bad in [rule.bad, *OTHER_BAD.get(rule.name, [])]:
        assert rule.broken_by(ast.parse(bad)) != [], bad


@cache
def broken_lines() -> dict[str, list[str]]:
    """Where the product breaks each rule. A module is parsed once for all of them."""
    broken: dict[str, list[str]] = {rule.name: [] for rule in RULES}
    for path in modules():
        tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
        for rule in RULES:
            if not rule.exempt(path):
                broken[rule.name] += [f"{path}:{line}" for line in rule.broken_by(tree)]
    return broken


@each_rule
def test_the_product_keeps_the_rule(rule):
    assert broken_lines()[rule.name] == [], f"{rule.name}: {rule.why}"


def test_what_makes_words_is_there():
    assert set(MAKES_WORDS) <= set(map(str, modules()))


def test_edges_are_named_narrowly():
    assert is_edge(PurePosixPath("crm/directory/list/pages/members.py"))
    assert is_edge(PurePosixPath("crm/runtime/management/commands/fill_calendar.py"))
    assert not is_edge(PurePosixPath("members/lifecycle/recording/restage.py"))
    assert not is_edge(PurePosixPath("crm/runtime/background/jobs.py"))
