"""The service as a process of its own, which can be killed."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx

CODE = """
import sys, uvicorn
from seedbed.api.application import create_app
from seedbed.app.workspace import Workspace

app = create_app(Workspace(sys.argv[1]))

class Server(uvicorn.Server):
    def handle_exit(self, *given):
        app.state.desk.ending.set()
        super().handle_exit(*given)

Server(uvicorn.Config(app, host="127.0.0.1", port=int(sys.argv[2]), log_level="error")).run()
"""


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def service(workspace: Path) -> Iterator[tuple[subprocess.Popen[bytes], httpx.Client]]:
    """A service over a workspace, and a client of it; killed in the end."""
    port = free_port()
    process = subprocess.Popen([sys.executable, "-c", CODE, str(workspace), str(port)])
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}/api/v1/", timeout=30) as client:
            deadline = time.monotonic() + 30
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
