"""Catalogues are compiled without GNU gettext and compared with what the source marks."""

from __future__ import annotations

import gettext
import os
from pathlib import Path

import _translations as translations
import pytest
from babel.messages.pofile import PoFileError

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
def project(tmp_path) -> Path:
    for name, text in {
        "templates/page.html": PAGE,
        "crm/days.py": MODULE,
        "crm/migrations/0001_x.py": '_("not looked at")',
        "locale/zh_Hans/LC_MESSAGES/django.po": HEADER + GOOD,
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def catalogue(project: Path) -> Path:
    return project / "locale/zh_Hans/LC_MESSAGES/django.po"


def found(project: Path) -> list[str]:
    return translations.problems(translations.load(catalogue(project)), translations.marked(project))


def test_messages_of_templates_and_modules_are_found(project):
    marked = translations.marked(project)
    messages = {(message.id, message.context) for message in marked if message.id}
    assert messages == {("Members", None), (("%(n)s member", "%(n)s members"), None), ("Sun", "of the week")}
    assert marked.get("Sun", "of the week").locations == [("crm/days.py", 2)]


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
    assert translations.check(project) == 0
    assert "3 messages" in capsys.readouterr().out
    catalogue(project).write_text(HEADER)
    assert translations.check(project) == 1
    assert capsys.readouterr().out.count("not translated") == 3


def test_an_update_adds_what_is_missing_and_takes_out_what_is_not_used(project):
    path = catalogue(project)
    path.write_text(HEADER + 'msgid "Gone"\nmsgstr "没了"\n')
    translations.update(path, translations.marked(project))
    assert path.read_text().startswith(HEADER)
    assert "Gone" not in path.read_text()
    assert sorted(line.split(":")[0] for line in found(project)) == ["empty"] * 3


def test_an_update_carries_the_translation_of_a_reworded_message_to_be_reviewed(project):
    path = catalogue(project)
    path.write_text(HEADER + GOOD.replace('"Members"', '"All members"'))
    translations.update(path, translations.marked(project))
    assert '#, fuzzy\nmsgid "Members"\nmsgstr "会员"' in path.read_text()
    assert found(project) == ["fuzzy: 'Members'"]


def test_an_update_of_a_complete_catalogue_changes_no_entry(project):
    path = catalogue(project)
    translations.update(path, translations.marked(project))
    first = path.read_text()
    translations.update(path, translations.marked(project))
    assert path.read_text() == first
    assert found(project) == []


def test_compiled_catalogues_are_read_by_the_standard_library_and_renewed_when_stale(project):
    path = catalogue(project)
    assert translations.compile_all(project) == [path.with_suffix(".mo")]
    assert translations.compile_all(project) == []
    with path.with_suffix(".mo").open("rb") as file:
        texts = gettext.GNUTranslations(file)
    assert texts.gettext("Members") == "会员"
    assert texts.ngettext("%(n)s member", "%(n)s members", 2) == "%(n)s 位会员"
    assert texts.pgettext("of the week", "Sun") == "日"
    later = path.with_suffix(".mo").stat().st_mtime + 10
    os.utime(path, (later, later))
    assert translations.compile_all(project) == [path.with_suffix(".mo")]


def test_an_unreadable_catalogue_is_an_error_not_an_empty_one(project):
    catalogue(project).write_text(HEADER + 'msgid "Members"\nmsgstrr "会员"\n')
    with pytest.raises(PoFileError):
        translations.load(catalogue(project))
