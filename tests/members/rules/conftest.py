from __future__ import annotations

import pytest

from tests.members.rules import catalogue


@pytest.fixture(autouse=True)
def _catalogue(monkeypatch):
    catalogue.install(monkeypatch)
