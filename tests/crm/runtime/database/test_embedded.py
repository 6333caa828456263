"""The embedded server, started by several commands at the same moment."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

START = """
import sys
from pathlib import Path
import psycopg
from crm.runtime.database import embedded
where = embedded.start(Path(sys.argv[1]), "perennial")
with psycopg.connect(host=where["HOST"], user=where["USER"], dbname="perennial") as connection:
    found = connection.execute("SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'")
    print(found.fetchone())
    input()
"""


def test_commands_that_find_no_server_make_one_together(tmp_path: Path) -> None:
    """Nothing exists yet, and four processes want a database: one makes it, all reach the same server."""
    starters = [
        subprocess.Popen(
            [sys.executable, "-c", START, str(tmp_path / "postgres")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    answers = []
    for starter in starters:
        assert starter.stdout is not None
        answers.append(starter.stdout.readline())
    outcomes = [starter.communicate("\n", timeout=60) for starter in starters]

    assert [starter.returncode for starter in starters] == [0] * 4, [error for _, error in outcomes]
    assert len(set(answers)) == 1 and "None" not in answers[0]
    assert not (tmp_path / "postgres" / "postmaster.pid").exists()
