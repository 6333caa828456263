"""Make .venv and install a pinned requirements file into it, unless that was done already.

Runs on the bare Python of the machine, so it uses the standard library only. Two commands started at
the same moment wait for each other. A stamp with the hash of what was installed makes later runs quick.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
RUNTIME, DEVELOPMENT = "requirements.txt", "requirements-dev.txt"
CONTAINS = {RUNTIME: (RUNTIME,), DEVELOPMENT: (RUNTIME, DEVELOPMENT)}
PIP = ("install", "--disable-pip-version-check", "--no-input", "--quiet")


def digest(requirements: str) -> str:
    """What is installed when a requirements file is, as a hash of the pins."""
    pins = b"\0".join((ROOT / name).read_bytes() for name in CONTAINS[requirements])
    return hashlib.sha256(pins).hexdigest()


def stamp(requirements: str) -> Path:
    return VENV / f".installed-{requirements}"


def is_current(requirements: str) -> bool:
    path = stamp(requirements)
    return PYTHON.exists() and path.exists() and path.read_text().strip() == digest(requirements)


def make_environment() -> list[str]:
    """Make .venv; returns the pip command for it. Some distributions ship venv without its own pip."""
    if not PYTHON.exists():
        made = subprocess.run([sys.executable, "-m", "venv", str(VENV)], capture_output=True, text=True)
        if made.returncode:
            subprocess.run([sys.executable, "-m", "venv", "--clear", "--without-pip", str(VENV)], check=True)
    own = [str(PYTHON), "-m", "pip"]
    if subprocess.run([*own, "--version"], capture_output=True).returncode == 0:
        return own
    borrowed = [sys.executable, "-m", "pip", "--python", str(PYTHON)]
    if subprocess.run([*borrowed, "--version"], capture_output=True).returncode == 0:
        return borrowed
    sys.exit("This Python cannot make an environment with pip: install its venv package (python3-venv).")


def install(requirements: str) -> None:
    """Install, then stamp what is now there. A failed installation leaves no stamp."""
    pip = make_environment()
    print(
        f"Installing {requirements} into .venv (the first time this takes a minute or two)", file=sys.stderr
    )
    for name in CONTAINS:
        stamp(name).unlink(missing_ok=True)
    done = subprocess.run([*pip, *PIP, "-r", str(ROOT / requirements)], stdin=subprocess.DEVNULL)
    if done.returncode:
        sys.exit(f"Installing {requirements} failed; the reason is above.")
    for name in CONTAINS[requirements]:
        stamp(name).write_text(digest(name) + "\n")


def main() -> None:
    requirements = sys.argv[1] if len(sys.argv) > 1 else RUNTIME
    if requirements not in CONTAINS:
        sys.exit(f"{requirements}: use one of {', '.join(CONTAINS)}")
    if is_current(requirements):
        return
    lock = os.open(ROOT, os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)
    if not is_current(requirements):
        install(requirements)


if __name__ == "__main__":
    main()
