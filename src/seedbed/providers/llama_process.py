"""One local model in a process of its own: started, watched, ended."""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO, Any

import orjson

from seedbed.core.errors import InputError, MissingExtra, ProviderError, SeedbedError

CHILD = Path(__file__).with_name("llama_child.py")
CONTEXT = 4096
SLOTS = 1
"""More slots are slower where prompts begin alike: each slot reads its own copy."""
CACHE_RAM_MIB = 64
IDLE_SECONDS = 300
"""After so long without a question the model leaves the memory; the next question loads it again."""
START_SECONDS = 180.0
STOP_SECONDS = 3.0
LAST_BREATH = 0.5
"""Seconds between the first sign of a process's end and its exit status."""


class LlamaProcess:
    """The server of one model file on a free loopback port, behind a random key.

    Belongs to one event loop. The process never outlives this one, however this one ends. `ending` says how it ended.
    """

    def __init__(self, model: Path) -> None:
        self.model = model
        self.key = secrets.token_urlsafe(24)
        self.port = 0
        self.ending = ""
        self._process: subprocess.Popen[bytes] | None = None
        self._log: IO[bytes] | None = None
        self._words = ""

    @property
    def pid(self) -> int | None:
        """Its process number, while there is a process."""
        return self._process.pid if self._process else None

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self._process is not None and self._process.poll() is None

    async def start(self) -> None:
        """Starts it and waits until the model is loaded.

        Raises:
            ProviderError: the model cannot be loaded; says what the library said.
            InputError: the library or one it needs is not installed.
        """
        process = self._spawn()
        try:
            answer = await asyncio.wait_for(asyncio.to_thread(_greet, process, self._settings()), START_SECONDS)
        except TimeoutError:
            answer = {"error": f"it took more than {START_SECONDS:.0f} s"}
        except BaseException:
            await self.stop()
            raise
        if not answer.get("ready"):
            await self.ended(LAST_BREATH)  # by itself, for the sake of its exit status
            await self.stop()
            raise self._failure(str(answer.get("error", "")))
        self.port = int(answer["port"])

    async def ended(self, within: float) -> bool:
        """Whether it has ended, or does so within that many seconds."""
        return self._process is None or await _gone(self._process, within)

    async def stop(self) -> None:
        """Ends it, politely and then not; may be called twice."""
        process = self._process
        if process is None:
            return
        process.terminate()
        try:
            await _gone(process, STOP_SECONDS)
        finally:
            process.kill()
            process.wait()
            self._process = None
            self._close(process)

    def _spawn(self) -> subprocess.Popen[bytes]:
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - closed when the process has ended
        self._process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-P", str(CHILD)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            start_new_session=True,  # Ctrl-C is for us: answers in flight are still taken in
        )
        return self._process

    def _settings(self) -> bytes:
        return orjson.dumps(
            {
                "model": str(self.model),
                "api_key": self.key,
                "context": CONTEXT,
                "slots": SLOTS,
                "cache_ram_mib": CACHE_RAM_MIB,
                "idle_seconds": IDLE_SECONDS,
                "parent": os.getpid(),
            }
        )

    def _close(self, process: subprocess.Popen[bytes]) -> None:
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
        if self._log is not None:
            self._log.seek(0)
            self._words = _first_error(self._log.read().decode(errors="replace"))
            self._log.close()
            self._log = None
        self.ending = _ending(process.returncode)

    def _failure(self, error: str) -> SeedbedError:
        """What a failed start means to the user."""
        if "'xllamacpp'" in error:
            return MissingExtra("The embedded model", "embedded")
        if "libgomp" in error:
            hint = "Install it with: apt-get install libgomp1 (or your system's package of that library)"
            return InputError("The embedded model needs the system library libgomp.so.1, which is missing.", hint)
        reason = (self._words or error or self.ending).rstrip(".")
        hint = f"If the file is damaged, delete it and fetch it again: {self.model}"
        return ProviderError("model", f"The model file {self.model.name} cannot be loaded: {reason}.", hint=hint)


def _greet(process: subprocess.Popen[bytes], settings: bytes) -> dict[str, Any]:
    """Hands over the settings and waits for the answer; empty if there is none. Blocks."""
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(settings + b"\n")
        process.stdin.flush()
        answer = orjson.loads(process.stdout.readline())
    except (OSError, ValueError):
        return {}
    return answer if isinstance(answer, dict) else {}


async def _gone(process: subprocess.Popen[bytes], seconds: float) -> bool:
    """Waits for the end and collects the exit status."""
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    while process.poll() is None:
        if loop.time() >= until:
            return False
        await asyncio.sleep(0.02)
    return True


def _first_error(log: str) -> str:
    """The first error of the library's log, which led to all others."""
    errors = [line.split(" E ", 1)[1] for line in log.splitlines() if " E " in line]
    return errors[0].strip() if errors else ""


def _ending(code: int) -> str:
    if code >= 0:
        return f"the process ended with code {code}"
    hint = ", perhaps for lack of memory" if -code == signal.SIGKILL else ""
    return f"the process was ended by {signal.Signals(-code).name}{hint}"
