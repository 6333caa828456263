"""What djLint does not judge in templates: the width of lines, and messages over several lines."""

from __future__ import annotations

import re

import pytest

from tests.rules.source import ROOT

TEMPLATES = ROOT / "templates"
WIDTH = 120
MESSAGE = re.compile(r"\{% blocktrans\b((?:(?!%\}).)*)%\}(.*?)\{% endblocktrans %\}", re.DOTALL)


def problems(text: str) -> list[str]:
    found = [
        f"line {number}: {len(line)} characters, more than {WIDTH}"
        for number, line in enumerate(text.splitlines(), 1)
        if len(line) > WIDTH
    ]
    # Without `trimmed`, line breaks and indentation would be part of what is translated.
    return found + [
        f"{words.strip()[:40]}: needs trimmed"
        for options, words in MESSAGE.findall(text)
        if "\n" in words and "trimmed" not in options.split()
    ]


@pytest.mark.parametrize(
    "path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: str(path.relative_to(TEMPLATES))
)
def test_templates_read_like_code(path):
    assert problems(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("text", ["x" * 121, "{% blocktrans with a=b %}one\n  two{% endblocktrans %}"])
def test_what_does_not_is_found(text):
    assert len(problems(text)) == 1
    assert problems("{% blocktrans with a=b trimmed %}\none\n{% endblocktrans %}") == []
