"""Seedbed as a server in a process of its own, which can be killed and started again."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path


class Served:
    """A server over one workspace, at the same address each time it is started.

    Args:
        folder: where its workspace is made.
    """

    def __init__(self, folder: Path) -> None:
        self.workspace = folder / "workspace"
        with socket.socket() as line:
            line.bind(("127.0.0.1", 0))
            self.port: int = line.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, *options: str) -> None:
        """Starts it with further options of `seedbed serve` and waits until it answers."""
        command = [sys.executable, "-m", "seedbed", "serve", "--port", str(self.port), *options]
        self._process = subprocess.Popen(
            [*command, "--workspace", str(self.workspace)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                with urllib.request.urlopen(f"{self.url}/api/v1/health", timeout=30):
                    return
            except (urllib.error.URLError, OSError):
                if self._process.poll() is not None:
                    raise RuntimeError("the server ended at once") from None
                time.sleep(0.1)
        raise TimeoutError("the server does not answer")

    def kill(self) -> None:
        """Ends it as a power cut would."""
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None


def is_built() -> bool:
    """Whether `make studio` has been run; in CI it must have been."""
    import seedbed

    built = (Path(seedbed.__file__).parent / "api" / "studio" / "index.html").is_file()
    if not built and os.environ.get("CI"):
        raise FileNotFoundError("the studio is not built: make studio")
    return built
