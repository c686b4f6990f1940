"""Runs the script of a training folder, which stands alone."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Any

import orjson

from seedbed.core.errors import MissingExtra, RunFailed

if TYPE_CHECKING:
    from pathlib import Path

LIBRARIES = ("torch", "transformers", "peft", "trl", "datasets")
STDERR = 2
LAST = 600
"""Characters of the last line of a quiet training that are shown when it fails."""


def check_libraries() -> None:
    """Whether one can train here.

    Raises:
        MissingExtra: a library is not installed.
    """
    if any(find_spec(name) is None for name in LIBRARIES):
        raise MissingExtra("Training a student", "student")


def train(folder: Path, *, quiet: bool) -> dict[str, Any]:
    """Trains in a folder and answers what its `result.json` says; its progress goes to stderr.

    Args:
        folder: one that `student` has made.
        quiet: show nothing of it.

    Raises:
        MissingExtra: a library is not installed.
        RunFailed: the training failed.
    """
    check_libraries()
    result = folder / "result.json"
    result.unlink(missing_ok=True)
    with TemporaryFile() as said:
        code = _run(folder, said if quiet else STDERR)
        if code or not result.is_file():
            said.seek(0)
            words = said.read().decode("utf-8", "replace").strip().rpartition("\n")[2][-LAST:]
            raise RunFailed(
                f"The training ended with code {code}" + (f": {words}" if words else "; what it said stands above"),
                f"The folder is ready all the same: python {folder / 'train.py'}",
            )
    found: dict[str, Any] = orjson.loads(result.read_bytes())
    return found


def _run(folder: Path, said: IO[bytes] | int) -> int:
    """The script's exit code; it does not outlive us, however we end on purpose."""
    command = [sys.executable, str(folder / "train.py")]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=said, stderr=said)  # noqa: S603
    try:
        return process.wait()
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait()
