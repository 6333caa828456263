from __future__ import annotations

import pytest

from crm.demo.world.simulate import simulate
from tests.crm.demo.worlds import MEMBERS, TODAY


@pytest.fixture(scope="session")
def world(tmp_path_factory):
    """Folder of a world of MEMBERS members on TODAY."""
    folder = tmp_path_factory.mktemp("world")
    simulate(folder, members=MEMBERS, today=TODAY)
    return folder
