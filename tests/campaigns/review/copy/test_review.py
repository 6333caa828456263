"""The way of a version from its draft to an approval, and what stops it."""

from __future__ import annotations

import pytest

from campaigns.review.models import CopyState
from tests.campaigns.review.copy.town import approved, maker, officer

pytestmark = pytest.mark.django_db


def test_a_clean_version_is_approved():
    version = approved(maker(), officer())
    assert version.state == CopyState.APPROVED
    assert version.opinions.get().names["checker"]
