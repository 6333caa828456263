"""Places where a test may kill the worker: LIFECYCLE_FAULT=<place> ends the process there as a kill would."""

from __future__ import annotations

import os
from typing import Literal

Place = Literal["after_claim", "after_evaluate", "after_record", "before_commit", "after_range"]


def crash_here_if_asked(place: Place) -> None:
    """Die at once, without cleaning up, when this is the place asked for."""
    if os.environ.get("LIFECYCLE_FAULT") == place:
        os._exit(137)
