"""Every law has more examples in the deep profile."""

from __future__ import annotations

import pytest
from hypothesis import settings

from tests.harness.examples import examples
from tests.rules.source import ROOT


@pytest.mark.parametrize(("profile", "expected"), [("quick", 15), ("deep", 150)])
def test_the_deep_profile_has_ten_times_the_examples(profile, expected):
    before = settings.get_current_profile_name()
    settings.load_profile(profile)
    try:
        assert examples(15).max_examples == expected
        assert settings.default.max_examples * 15 == expected * 100
        assert settings.default.deadline is None
    finally:
        settings.load_profile(before)


def test_no_law_has_a_number_of_examples_that_no_profile_changes():
    fixed = [
        str(path.relative_to(ROOT))
        for path in sorted((ROOT / "tests").rglob("*.py"))
        if "max_examples=" in path.read_text(encoding="utf-8") and path.parent.name != "harness"
    ]
    assert fixed == [], "use tests.harness.examples.examples(number)"
