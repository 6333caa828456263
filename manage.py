#!/usr/bin/env python
"""Run a management command; with nothing configured it uses the embedded database under var/."""

import os
import sys

# These change the schema, so they connect as its owner; everything else connects as the role
# that owns nothing.
OWNER_COMMANDS = {"migrate", "flush", "sqlflush", "test", "dbshell", "makemigrations", "demo_database"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")
    if len(sys.argv) > 1 and sys.argv[1] in OWNER_COMMANDS:
        os.environ.setdefault("DATABASE_ROLE", "owner")
    try:
        _execute()
    except KeyboardInterrupt:
        print("\nStopped. What was done by then stays; run it again for the rest.", file=sys.stderr)
        sys.exit(130)


def _execute() -> None:
    from django.core.management import execute_from_command_line
    from django.db import OperationalError, ProgrammingError

    try:
        execute_from_command_line(sys.argv)
    except (OperationalError, ProgrammingError) as error:
        from crm.runtime.database.server_checks import not_migrated, out_of_reach

        words = out_of_reach(error) if isinstance(error, OperationalError) else not_migrated(error)
        if words:
            sys.exit(words)
        raise


if __name__ == "__main__":
    main()
