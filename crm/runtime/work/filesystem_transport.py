"""Celery's messages as files, for one machine: kombu's transport, but each file is seen whole.

kombu's own makes a file and then writes it: a worker that looks in between reads nothing, fails, and the
message is lost.
"""

from __future__ import annotations

import time
import uuid
from pathlib import Path
from typing import Any

from kombu.transport import filesystem
from kombu.utils.json import dumps

from crm.runtime.files import exclusive_lock, write_atomically


class Channel(filesystem.Channel):
    """Puts messages and binds queues by writing whole files."""

    def _put(self, queue: str, payload: Any, **_: Any) -> None:  # type: ignore[override]  # so does kombu
        name = f"{round(time.monotonic() * 1000)}_{uuid.uuid4()}.{queue}.msg"
        write_atomically(Path(self.data_folder_out) / name, dumps(payload))

    def _queue_bind(self, exchange: str, routing_key: str, pattern: str, queue: str) -> None:
        file = self._exchange_file(exchange)
        self.control_folder.mkdir(exist_ok=True)
        bound = filesystem.exchange_queue_t(routing_key or "", pattern or "", queue or "")
        with exclusive_lock(self.control_folder / ".lock"):
            table = self.get_table(exchange)
            if bound not in table:
                write_atomically(file, dumps([bound, *table]))


class Transport(filesystem.Transport):
    """What "filesystem://" means here."""

    Channel = Channel
