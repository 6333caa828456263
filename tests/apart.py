"""Each process of a run has data, keys, a queue and a server of its own, so none waits for or sees another's.

Read before any setting is: pytest is told of it by `-p` (pyproject.toml).
"""

import os
from pathlib import Path

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")

if WORKER:
    _shared = os.environ.get("PERENNIAL_VAR") or str(Path(__file__).parents[1] / "var" / "test")
    os.environ["PERENNIAL_VAR"] = str(Path(_shared) / WORKER)
