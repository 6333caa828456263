"""Files whose texts some people see masked: a trial tells them nothing of what is stored."""

from __future__ import annotations

import pytest

from crm.imports import kinds
from tests.crm.imports.files import NEEDED, row, take

pytestmark = pytest.mark.django_db
MASKED = {"signals": "detail", "complaints": "words"}


@pytest.mark.parametrize(("kind", "column"), MASKED.items())
def test_a_dry_run_does_not_tell_whether_a_masked_text_is_the_stored_one(tmp_path, kind, column):
    """The texts of complaints and signals are not for operations, who import."""
    take(tmp_path, "members", row("members"))
    take(tmp_path, kind, row(kind, **{column: "he lost his job"}))
    told = {
        (tried.updated, tried.unchanged)
        for text in ("he lost his job", "she lost her job")
        for tried in [take(tmp_path, kind, row(kind, **{column: text}), dry_run=True)]
    }
    assert told == {(1, 0)}


def test_every_kind_that_masks_something_is_meant():
    masked = {name for name in NEEDED if kinds.get(name).masked}
    assert {"members", *MASKED} <= masked
    assert {"transactions", "valuations"}.isdisjoint(masked)
