"""What tests of questionnaires share."""

import pytest

from tests.crm.cast import NOW


@pytest.fixture
def world(db, settings):
    """An empty world whose business clock stands at cast.NOW."""
    settings.BUSINESS_NOW = NOW.isoformat()
