"""Catalogues are compiled without GNU gettext and compared with what the source marks."""

from __future__ import annotations

import gettext
import os
from pathlib import Path

import pytest
from babel.messages.pofile import PoFileError

from crm.runtime import translations

HEADER = """\
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""
GOOD = """\
msgid "Members"
msgstr "会员"

msgid "%(n)s member"
msgid_plural "%(n)s members"
msgstr[0] "%(n)s 位会员"

msgctxt "of the week"
msgid "Sun"
msgstr "日"
"""
PAGE = """\
{% load i18n %}<h1>{% trans "Members" %}</h1>
{% blocktrans count n=total %}{{ n }} member{% plural %}{{ n }} members{% endblocktrans %}
"""
MODULE = """\
from django.utils.translation import pgettext as _p, pgettext
day = pgettext("of the week", "Sun")
"""


@pytest.fixture
def project(tmp_path, monkeypatch) -> Path:
    for name, text in {
        "templates/page.html": PAGE,
        "crm/days.py": MODULE,
        "crm/migrations/0001_x.py": '_("not looked at")',
        "locale/zh_Hans/LC_MESSAGES/django.po": HEADER + GOOD,
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    monkeypatch.setattr(translations, "ROOT", tmp_path)
    monkeypatch.setattr(translations, "LOCALES", tmp_path / "locale")
    return tmp_path


def catalogue(project: Path) -> Path:
    return project / "locale/zh_Hans/LC_MESSAGES/django.po"


def found(project: Path) -> list[str]:
    return translations.problems(translations.load(catalogue(project)), translations.marked(project))


def test_messages_of_templates_and_modules_are_found(project):
    marked = translations.marked(project)
    assert set(marked) == {(None, "Members"), (None, "%(n)s member"), ("of the week", "Sun")}
    assert marked[None, "%(n)s member"][0] == ("%(n)s member", "%(n)s members")
    assert marked["of the week", "Sun"][1] == "crm/days.py:2"


def test_a_complete_catalogue_has_no_problems(project):
    assert found(project) == []


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (('msgid "Members"\nmsgstr "会员"', ""), "not translated: 'Members' (templates/page.html:1)"),
        (('msgstr "会员"', 'msgstr ""'), "empty: 'Members'"),
        (('msgid "Members"', '#, fuzzy\nmsgid "Members"'), "fuzzy: 'Members'"),
        (("%(n)s 位", "%(m)s 位"), "placeholders differ: '%(n)s member' has"),
        (("%(n)s 位", "许多"), "placeholders differ: '%(n)s member' has"),
        (('msgid "Members"', 'msgid "Gone"\nmsgstr "x"\n\nmsgid "Members"'), "no longer used: 'Gone'"),
        (('msgid "Members"', '#~ msgid "Old"\n#~ msgstr "旧"\n\nmsgid "Members"'), "obsolete: 'Old'"),
        (('msgctxt "of the week"\n', ""), "not translated: 'Sun'"),
    ],
)
def test_each_kind_of_problem_is_named(project, change, problem):
    path = catalogue(project)
    assert change[0] in path.read_text()
    path.write_text(path.read_text().replace(*change))
    assert any(line.startswith(problem) for line in found(project)), found(project)


def test_check_says_so_and_fails(project, capsys):
    assert translations.main("check") == 0
    assert "3 messages" in capsys.readouterr().out
    catalogue(project).write_text(HEADER)
    assert translations.main("check") == 1
    assert capsys.readouterr().out.count("not translated") == 3


def test_what_is_missing_is_printed_in_the_files_own_form(project):
    path = catalogue(project)
    path.write_text(HEADER)
    path.write_text(HEADER + "\n".join(translations.missing(path)))
    assert {line.split(":")[0] for line in found(project)} == {"empty"}
    assert len(found(project)) == 3


def test_compiled_catalogues_are_read_by_the_standard_library_and_renewed_when_stale(project):
    path = catalogue(project)
    assert translations.compile_all() == [path.with_suffix(".mo")]
    assert translations.compile_all() == []
    with path.with_suffix(".mo").open("rb") as file:
        texts = gettext.GNUTranslations(file)
    assert texts.gettext("Members") == "会员"
    assert texts.ngettext("%(n)s member", "%(n)s members", 2) == "%(n)s 位会员"
    assert texts.pgettext("of the week", "Sun") == "日"
    later = path.with_suffix(".mo").stat().st_mtime + 10
    os.utime(path, (later, later))
    assert translations.compile_all() == [path.with_suffix(".mo")]


def test_an_unreadable_catalogue_is_an_error_not_an_empty_one(project):
    catalogue(project).write_text(HEADER + 'msgid "Members"\nmsgstrr "会员"\n')
    with pytest.raises(PoFileError):
        translations.load(catalogue(project))
