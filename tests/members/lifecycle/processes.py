"""manage.py in a process of its own, on the test's database."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connection


def manage(*arguments: str, now: datetime, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command as the application's role with the business clock at `now`."""
    server = connection.settings_dict
    password = f":{quote(server['PASSWORD'])}" if server["PASSWORD"] else ""
    port = f":{server['PORT']}" if server["PORT"] else ""
    url = f"postgresql://{server['USER']}{password}@{quote(server['HOST'], safe='')}{port}/{server['NAME']}"
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=Path(settings.BASE_DIR),
        env={
            **os.environ,
            "DATABASE_URL": url,
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
