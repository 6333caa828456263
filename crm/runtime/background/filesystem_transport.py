"""Celery's messages as files, for one machine: kombu's transport, but each file is seen whole.

kombu's own makes a file and then writes it: a worker that looks in between reads nothing, fails, and the
message is lost. And whatever stands in its folders it takes for a message or a table: a damaged one ends the
worker, and the next one too. Here it is set aside in a subfolder and logged in one line; a message carries no
work, so nothing is lost.
"""

from __future__ import annotations

import logging
import os
import stat
import time
import uuid
from contextlib import suppress
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.transport import filesystem
from kombu.utils.json import dumps, loads

from crm.runtime.files import exclusive_lock, write_atomically

DAMAGED = "damaged"  # subfolder of what was set aside
LARGEST = 16 << 20  # bytes of a file that is read at all
_log = logging.getLogger(__name__)


class Damaged(Exception):
    """A file that holds neither message nor table."""


class Channel(filesystem.Channel):
    """Puts messages and binds queues by writing whole files; reads only what is one."""

    def _put(self, queue: str, payload: Any, **_: Any) -> None:  # type: ignore[override]  # so does kombu
        name = f"{round(time.monotonic() * 1000)}_{uuid.uuid4()}.{queue}.msg"
        write_atomically(Path(self.data_folder_out) / name, dumps(payload))

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        folder = Path(self.data_folder_in)
        for name in sorted(os.listdir(folder)):
            if name.partition(".")[2] != f"{queue}.msg":
                continue
            taken = folder / f".{uuid.uuid4().hex}"
            try:
                os.rename(folder / name, taken)
            except OSError:  # another worker has it, or the folder cannot be written to now
                continue
            try:
                payload = self._message(taken)
            except Damaged as why:
                set_aside(taken, name, why)
                continue
            with suppress(OSError):
                taken.unlink()
            return payload
        raise Empty

    def _message(self, path: Path) -> Any:
        payload = read_json(path)
        try:
            delivery, headers = payload["properties"]["delivery_info"], payload["headers"]
            texts = [delivery["exchange"], delivery["routing_key"], payload["properties"]["delivery_tag"]]
            message = self.Message(payload, channel=self)  # as Celery will
            content = message.decode()
            if "task" in headers:
                texts += [headers["task"], headers["id"]]
                arguments, named, options = content
                whole = isinstance(arguments, list) and isinstance(named, dict) and isinstance(options, dict)
            else:  # a command to the worker, or an event
                whole = isinstance(content, dict) and "task" not in content
        except Exception as error:  # what decoders raise has no common ancestor
            raise Damaged(f"no message ({type(error).__name__})") from error
        whole &= isinstance(headers, dict) and not message.errors
        if not (whole and all(isinstance(text, str) for text in texts)):
            raise Damaged("no message")
        return payload

    def get_table(self, exchange: str) -> list[Any]:
        """The queues that are bound to an exchange."""
        file = self._exchange_file(exchange)
        if not os.path.lexists(file):
            return []
        try:
            rows = read_json(file)
            table = [filesystem.exchange_queue_t(*row) for row in rows]
            if all(isinstance(text, str) for row in table for text in row):
                return table
            why = Damaged("no table")
        except Damaged as error:
            why = error
        except TypeError as error:
            why = Damaged(f"no table ({error})")
        set_aside(file, file.name, why)
        return []

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


def read_json(path: Path) -> Any:
    """The content of a plain file. Raises Damaged for anything else; a pipe is not waited for."""
    try:
        found = path.lstat()
        if not stat.S_ISREG(found.st_mode):
            raise Damaged("no plain file")
        if found.st_size > LARGEST:
            raise Damaged(f"{found.st_size} bytes")
        return loads(path.read_bytes().decode())
    except OSError as error:
        raise Damaged(error.strerror or type(error).__name__) from error
    except (ValueError, TypeError, LookupError, RecursionError, AttributeError, ArithmeticError) as error:
        raise Damaged(f"no JSON ({type(error).__name__})") from error


def set_aside(path: Path, name: str, why: Damaged) -> None:
    """Move what stands at `path` to the subfolder, where nobody takes it for a message."""
    folder = path.parent / DAMAGED
    kept = folder / f"{uuid.uuid4().hex[:8]}.{name}"
    with suppress(OSError):  # of a folder that cannot be written to it stays where it is
        folder.mkdir(exist_ok=True)
        os.rename(path, kept)
        _log.warning("%s is damaged: %s. Set aside in %s", name, why, folder)
