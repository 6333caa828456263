"""Messages in files: what one process puts another gets, whole and once."""

from __future__ import annotations

import base64
import json
import threading
import time
from pathlib import Path
from queue import Empty

import pytest
from kombu import Connection

import crm.celery  # noqa: F401 - says what "filesystem://" means
from crm.runtime.background.filesystem_transport import Channel
from tests.crm.runtime.background.damaged import message

MESSAGES = 400


@pytest.fixture
def connection(tmp_path: Path):
    folders = {
        "data_folder_in": str(tmp_path / "queue"),
        "data_folder_out": str(tmp_path / "queue"),
        "control_folder": str(tmp_path / "control"),
    }
    for folder in folders.values():
        Path(folder).mkdir(exist_ok=True)  # in and out are one
    with Connection("filesystem://", transport_options=folders) as connection:
        yield connection


def test_a_reader_beside_two_writers_gets_every_message_once(connection):
    """A large message takes long to write: a file seen early would be read half."""

    def put(first: int) -> None:
        channel = connection.channel()
        for number in range(first, MESSAGES, 2):
            channel._put("work", message([[number, "x" * 20_000], {}, {}]))

    writers = [threading.Thread(target=put, args=(first,)) for first in (0, 1)]
    for writer in writers:
        writer.start()
    channel, found, until = connection.channel(), [], time.monotonic() + 60
    assert isinstance(channel, Channel)
    while len(found) < MESSAGES and time.monotonic() < until:
        try:
            found.append(json.loads(base64.b64decode(channel._get("work")["body"]))[0][0])
        except Empty:
            time.sleep(0.001)
    for writer in writers:
        writer.join()
    assert sorted(found) == list(range(MESSAGES))


def test_queues_bound_at_the_same_moment_are_all_kept(connection):
    def bind(number: int) -> None:
        channel = connection.channel()
        for queue in range(number, 60, 3):
            channel._queue_bind("news", "", "", f"queue-{queue}")
            assert channel.get_table("news")

    threads = [threading.Thread(target=bind, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    table = connection.channel().get_table("news")
    assert {row.queue for row in table} == {f"queue-{number}" for number in range(60)}
