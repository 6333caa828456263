"""Commands speak the language of the terminal; what programs read is the same everywhere."""

from __future__ import annotations

import json

import pytest
from django.core.management import CommandError, call_command, get_commands, load_command_class

from crm import environment
from crm.runtime.management.spoken import SpokenCommand

LOCALES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
OWN = sorted(
    name
    for name, app in get_commands().items()
    if app.startswith(("crm.", "members.", "campaigns.")) and app != "crm.demo"  # which shows both languages
)


@pytest.fixture
def terminal(monkeypatch):
    """Sets the terminal's locale."""

    def set_locale(**variables: str) -> None:
        for name in LOCALES:
            monkeypatch.delenv(name, raising=False)
        for name, value in variables.items():
            monkeypatch.setenv(name, value)

    return set_locale


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh-hans"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "en_GB.UTF-8", "LANGUAGE": "zh_CN:en"}, "zh-hans"),
        ({"LANG": "zh_CN.UTF-8", "LC_MESSAGES": ""}, "zh-hans"),
    ],
)
def test_the_locale_says_the_language(terminal, variables, language):
    terminal(**variables)
    assert environment.terminal_language() == language


@pytest.mark.parametrize("name", OWN)
def test_every_command_and_its_arguments_are_explained_in_both_languages(terminal, name):
    texts = []
    for locale in ("C", "zh_CN.UTF-8"):
        terminal(LANG=locale)
        command = load_command_class(get_commands()[name], name)
        assert isinstance(command, SpokenCommand)
        parser = command.create_parser("manage.py", name)
        own = [action.help for action in parser._actions if action.help]
        texts.append((parser.description, own))
    (english, arguments), (chinese, others) = texts
    assert english.isascii() and not chinese.isascii()
    same = [text for text, other in zip(arguments, others, strict=True) if text == other]
    assert not [text for text in same if text in _own_help(name)], "not translated"


def _own_help(name: str) -> set[str]:
    """The English of the arguments that are not Django's, and not names alone."""
    plain = {action.help for action in SpokenCommand().create_parser("manage.py", "plain")._actions}
    parser = load_command_class(get_commands()[name], name).create_parser("manage.py", name)
    return {action.help for action in parser._actions if action.dest != "kind"} - plain


@pytest.mark.django_db(transaction=True)
def test_an_error_is_told_in_the_terminals_language(terminal, tmp_path):
    path = tmp_path / "empty.csv"
    path.touch()
    for locale, words in (("C", "the file is empty"), ("zh_CN.UTF-8", "文件是空的")):
        terminal(LANG=locale)
        with pytest.raises(CommandError, match=words):
            call_command("import_csv", "channels", str(path))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("file", ["empty.csv", "none.csv"])
def test_what_programs_read_is_english_in_every_locale(terminal, tmp_path, capsys, file):
    (tmp_path / "empty.csv").touch()
    told = []
    for locale in ("C", "zh_CN.UTF-8"):
        terminal(LANG=locale)
        with pytest.raises(SystemExit):
            call_command("import_csv", "channels", str(tmp_path / file), "--json")
        told.append(json.loads(capsys.readouterr().out))
    assert told[0] == told[1]
    assert told[0]["error"].isascii()
