"""Colours are judged once for elements of one kind in one place, and found wherever they are unsound."""

from __future__ import annotations

import pytest

from tests.browser.sound.axe import findings
from tests.harness.chrome import opened

pytestmark = pytest.mark.browser
PAGE = """<html lang="en"><title>Page</title><body style="background: {behind}; color: #000"><main>
<h1>Heading</h1><div style="background: {within}"><p style="color: {text}">Words to read</p></div></main>"""
SOUND = {"behind": "#fff", "within": "#fff", "text": "#000"}


@pytest.fixture
def shown(chrome):
    """Shows a page in these colours; says what is found on it, after all that were shown before."""
    judged: set[str] = set()
    with opened(chrome, "http://localhost") as (page, _complaints):

        def show(**colours: str) -> list[str]:
            page.set_content(PAGE.format_map(SOUND | colours))
            return [line.split(" (")[0] for line in findings(page, judged)]

        yield show


def test_what_is_sound_is_not_judged_again_and_what_is_unsound_is_found_each_time(shown):
    assert shown() == []
    assert shown() == []
    for _ in range(2):
        assert shown(text="#eee") == ["axe color-contrast"]


@pytest.mark.parametrize("around", ["behind", "within"])
def test_a_kind_that_is_sound_in_one_place_is_judged_in_another(shown, around):
    assert shown(within="transparent") == []
    assert shown(**{"within": "transparent", around: "#111"}) == ["axe color-contrast"]


def test_rules_of_structure_hold_for_every_page(shown):
    assert shown() == []
    assert shown(text='#000"><img src="data:,') == ["axe image-alt"]
