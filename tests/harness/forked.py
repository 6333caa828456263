"""A copy of this process that a test kills at its work, without the second that starting Python takes."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable

from django.db import connection

_OTHERS: list[object] = []  # sessions of the process copied: closing them here would end them there


def start(work: Callable[[], object], **environment: str) -> int:
    """The number of a process that does the work over a connection of its own; it ends with 1 if it fails."""
    if child := os.fork():
        return child
    try:
        os.environ.update(environment)
        _OTHERS.append(connection.connection)
        connection.connection = None
        connection.connect()  # also forgets the transaction that the process copied may be in
        work()
    except BaseException:
        traceback.print_exc()
        os._exit(1)  # without what this process would do at its end
    os._exit(0)


def wait(child: int) -> int:
    """The exit code of the process; minus the number of the signal where one ended it."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
