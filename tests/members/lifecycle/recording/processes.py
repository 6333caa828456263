"""manage.py in a process of its own, on the test's database."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

from django.conf import settings

from tests.harness.server import database_url


def manage(*arguments: str, now: datetime, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command as the application's role with the business clock at `now`."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=Path(settings.BASE_DIR),
        env={
            **os.environ,
            "DATABASE_URL": database_url(),
            "DATABASE_ROLE": "perennial_app",
            "BUSINESS_NOW": now.isoformat(),
            "BUSINESS_TIME_ZONE": settings.BUSINESS_TIME_ZONE,
            **environment,
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
