"""Files that a worker finds in its queue and that are no messages."""

from __future__ import annotations

import base64
import json
import os
from pathlib import Path
from typing import Any


def message(content: Any = ([], {}, {}), **headers: Any) -> dict[str, Any]:
    """A message as it is written, with other headers or content."""
    told = {"task": "crm.runtime.tasks.sweep", "id": "1"} | headers
    return {
        "body": base64.b64encode(json.dumps(content).encode()).decode(),
        "content-encoding": "utf-8",
        "content-type": "application/json",
        "headers": told,
        "properties": {
            "body_encoding": "base64",
            "delivery_info": {"exchange": "", "routing_key": "celery"},
            "delivery_tag": "t",
        },
    }


def _without(*path: str) -> dict[str, Any]:
    made = inner = message()
    for name in path[:-1]:
        inner = inner[name]
    del inner[path[-1]]
    return made


CONTENTS: dict[str, bytes] = {
    "empty": b"",
    "torn": json.dumps(message()).encode()[:-40],
    "no-text": b"\xff\xfe\x00",
    "deep": b"[" * 100_000,
    "odd-type": b'{"__type__": "decimal", "__value__": []}',
    **{
        name: json.dumps(value).encode()
        for name, value in {
            "null": None,
            "number": 7,
            "text": "x",
            "list": [1],
            "object": {},
            "no-properties": _without("properties"),
            "no-tag": _without("properties", "delivery_tag"),
            "no-delivery": _without("properties", "delivery_info"),
            "no-headers": _without("headers"),
            "no-id": _without("headers", "id"),
            "headers-list": message() | {"headers": ["task", "id"]},
            "headers-text": message() | {"headers": "task"},
            "body-number": message() | {"body": 7},
            "body-no-base64": message() | {"body": "é"},
            "body-short": message([]),
            "body-shape": message([1, 2, 3]),
            "body-object": message({"args": []}),
            "task-list": message(task=["x"]),
            "id-list": message(id=["x"]),
            "no-task": message({"task": ["x"]}) | {"headers": {}},
            "type-number": message() | {"content-type": 7},
            "pickle": message() | {"content-type": "application/x-python-serialize"},
            "compressed": message(compression="application/x-gzip"),
        }.items()
    },
}
OTHERS = ("folder", "full-folder", "pipe", "dangling")  # no plain files
DAMAGED = [f"0_{name}.celery.msg" for name in (*CONTENTS, *OTHERS)]


def damage(queue: Path, control: Path) -> None:
    """Put every kind of damaged message into a queue's folder, and damaged tables of exchanges."""
    for name, content in CONTENTS.items():
        (queue / f"0_{name}.celery.msg").write_bytes(content)
    (queue / "0_folder.celery.msg").mkdir()
    (queue / "0_full-folder.celery.msg").mkdir()
    (queue / "0_full-folder.celery.msg" / "x").touch()
    os.mkfifo(queue / "0_pipe.celery.msg")
    (queue / "0_dangling.celery.msg").symlink_to("nowhere")
    (control / "celery.exchange").write_bytes(b"")
    (control / "celery.pidbox.exchange").write_text('[["a", "b"]]')
    (control / "celeryev.exchange").mkdir()
