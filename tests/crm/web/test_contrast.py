"""Colours: the arithmetic against published values, and every pair that components use against WCAG AA."""

import re
from pathlib import Path

import pytest

from crm.web.gallery import colours
from crm.web.gallery.colours import PAIRS, SHAPE, TEXT, THEMES, as_hex, colour, contrast, mixed, oklch, tokens

CSS = sorted(Path("static/css").rglob("*.css"))
OF_FINDINGS = ("s", "severity")  # the colour of a finding, by its severity
FAINT = 0.1  # a tint below this has words in its own colour, the others in that of text


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((0.62796, 0.25768, 29.234), "#ff0000"),  # CSS Color 4, sample values of named colours
        ((0.51975, 0.17686, 142.495), "#008000"),
        ((0.45201, 0.31321, 264.052), "#0000ff"),
        ((0.0, 0.0, 0.0), "#000000"),
        ((1.0, 0.0, 0.0), "#ffffff"),
    ],
)
def test_oklch_becomes_the_screens_colour(values, expected):
    assert as_hex(oklch(*values)) == expected


def test_contrast_is_that_of_the_guideline():
    black, white, grey = (0.0,) * 3, (1.0,) * 3, (0x76 / 255,) * 3
    assert contrast(black, white) == contrast(white, black) == pytest.approx(21)
    assert contrast(grey, white) == pytest.approx(4.54, abs=0.01)  # #767676, the lightest grey that passes


def test_tokens_are_read_through_their_names_in_both_themes():
    assert as_hex(colour("on-accent", "light")) == "#ffffff"
    assert colour("on-accent", "dark") == colour("green-18", "dark") == colour("green-18", "light")
    with pytest.raises(ValueError, match="not an opaque colour"):
        colour("size-m", "light")


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair.front} on {pair.back}")
def test_every_pair_can_be_read(pair, theme):
    assert pair.ratio(theme) >= pair.needed


@pytest.mark.parametrize("theme", THEMES)
def test_text_can_be_read_on_grounds_that_are_mixed(theme):
    text, sheet, page = (colour(name, theme) for name in ("text", "sheet", "page"))
    darkest_heat = mixed(colour("accent", theme), sheet, 0.36)
    assert contrast(text, darkest_heat) >= TEXT
    chosen = mixed(colour("accent-soft", theme), sheet, 0.55)
    hovered = mixed(colour("well", theme), sheet, 0.6)
    for ground in (chosen, hovered):
        for front in ("text", "muted", "accent", "warn", "good", "danger", *colours.STAGES):
            assert contrast(colour(front, theme), ground) >= TEXT, front
    for stage in colours.STAGES:
        step = mixed(colour(stage, theme), sheet, 0.26)
        assert contrast(text, step) >= TEXT, stage
        assert contrast(mixed(colour(stage, theme), sheet, 0.78), page) >= SHAPE, stage


def test_every_colour_that_words_are_given_is_in_the_pairs():
    """A rule that colours words with a token nobody checked would pass unseen."""
    fronts = {pair.front for pair in PAIRS}
    given = set()
    for sheet in CSS:
        given |= set(re.findall(r"(?<![\w-])color:\s*var\(--([\w-]+)[,)]", sheet.read_text()))
    assert given - {"stage", "word", *OF_FINDINGS} <= fronts  # these stand for one of the others
    assert meanings_of_findings() <= fronts


def meanings_of_findings() -> set[str]:
    """The tokens that the colour of a finding stands for, by its severity."""
    named = rf"--(?:{'|'.join(OF_FINDINGS)}):\s*var\(--([\w-]+)\)"
    return {name for sheet in CSS for name in re.findall(named, sheet.read_text())}


@pytest.mark.parametrize("theme", THEMES)
def test_findings_can_be_read_on_their_own_tint(theme):
    tints = [
        int(share) / 100
        for sheet in CSS
        for share in re.findall(
            rf"background:[^;]*mix\(in oklch, var\(--(?:{'|'.join(OF_FINDINGS)})\) (\d+)%", sheet.read_text()
        )
    ]
    assert len(tints) >= 4
    assert len(meanings_of_findings()) >= 4
    for name in meanings_of_findings():
        front = colour(name, theme)
        for share in tints:
            words = front if share < FAINT else colour("text", theme)
            for ground in ("sheet",) if share < FAINT else ("sheet", "well"):
                tinted = mixed(front, colour(ground, theme), share)
                assert contrast(words, tinted) >= TEXT, (name, share, ground)


def test_components_take_meanings_not_raw_colours():
    raw = {name for name in tokens() if re.fullmatch(r"(green|sand|ink|mist)-\d+", name)}
    assert len(raw) > 15
    for sheet in CSS:
        if sheet.name != "tokens.css":
            text = sheet.read_text()
            assert not any(f"var(--{name})" in text for name in raw), sheet
            assert not re.search(
                r"#[0-9a-f]{3,8}\b(?=[^{]*[;}])|\brgba?\(", re.sub(r"/\*.*?\*/", "", text, flags=re.S)
            ), sheet
