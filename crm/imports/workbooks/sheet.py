"""A sheet of a workbook (.xlsx, .ods) as a stream of lines, read by a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from crm.imports.errors.file_errors import FileRejected
from crm.imports.workbooks import rows

SIGN = b"PK\x03\x04"
OLD_SIGN = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # .xls, and any encrypted workbook
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_BLOCK = 1 << 20
_PROGRAM = Path(rows.__file__)


class SheetRows:
    """The rows of one sheet, a line each; `sheets` names all. Raises FileRejected, as read() does."""

    def __init__(self, file: IO[bytes], name: str, sheet: str) -> None:
        self._name = name
        self._process = subprocess.Popen(
            [sys.executable, "-I", str(_PROGRAM), sheet],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        try:
            answer = self._ask(file)
            if "error" in answer:
                raise FileRejected(answer["error"], name=name, sheet=sheet)
        except BaseException:
            self.close()
            raise
        self.sheets: list[str] = answer["sheets"]
        self.sheet: str = answer["sheet"]

    def _ask(self, file: IO[bytes]) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with suppress(BrokenPipeError):  # it ended before its end: the answer says why
            while block := file.read(_BLOCK):
                self._process.stdin.write(block)
            self._process.stdin.close()
        line = self._process.stdout.readline()
        if not line:
            raise FileRejected("workbook_too_large", name=self._name)
        answer: dict[str, Any] = json.loads(line)
        return answer

    def read(self, size: int) -> bytes:
        """At most `size` bytes; none at the end."""
        assert self._process.stdout is not None
        block = self._process.stdout.read(size)
        if not block and self._process.wait() != 0:
            raise FileRejected("workbook_too_large", name=self._name)
        return block

    def close(self) -> None:
        """End the process, wherever it is."""
        self._process.kill()
        for stream in (self._process.stdin, self._process.stdout):
            if stream:
                with suppress(BrokenPipeError):
                    stream.close()
        self._process.wait()


def is_encrypted(start: bytes) -> bool:
    """Whether what begins with OLD_SIGN is an encrypted workbook, rather than an old one."""
    return _ENCRYPTED in start
