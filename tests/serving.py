"""The service as a process of its own, which can be killed."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx

COMMAND = [sys.executable, "-c", "from seedbed.cli.main import run; run()"]


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def service(
    workspace: Path, environment: Mapping[str, str] | None = None, *options: str
) -> Iterator[tuple[subprocess.Popen[bytes], httpx.Client]]:
    """A service over a workspace, and a client of it; killed in the end."""
    port = free_port()
    process = subprocess.Popen(
        [*COMMAND, "serve", "--port", str(port), "--workspace", str(workspace), *options],
        stdout=subprocess.DEVNULL,
        env=environment,
    )
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}/api/v1/", timeout=30) as client:
            deadline = time.monotonic() + 60
            while True:
                with suppress(httpx.TransportError):
                    client.get("health").raise_for_status()
                    break
                assert process.poll() is None
                assert time.monotonic() < deadline
                time.sleep(0.05)
            yield process, client
    finally:
        process.kill()
        process.wait()
