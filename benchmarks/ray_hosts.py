"""Two hosts in network namespaces of this machine, a Ray node on each, one recipe on both; the second dies half way.

Needs root and `ip`. The addresses are reserved for documentation (RFC 5737) and lead nowhere but through the one cable
between the two. Each host has a fake server of its own on loopback, so whose worker asked is seen there.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import yaml

from .generation import recipe

HOSTS = {"seedbed1": "198.51.100.1", "seedbed2": "198.51.100.2"}
HEAD, OTHER = HOSTS
GCS = 6390
SERVER = 8399
URL = f"http://127.0.0.1:{SERVER}/v1"
RECORDS = 3000
QUIET = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_AUTH_MODE": "disabled", "RAY_ADDRESS": f"{HOSTS[HEAD]}:{GCS}"}


def command(line: str) -> None:
    """Runs a command of the system."""
    subprocess.run(line.split(), check=True)


def at(host: str, *arguments: str, **how: Any) -> subprocess.Popen[str]:
    """Starts a Python program on a host, in a session of its own."""
    line = ["ip", "netns", "exec", host, sys.executable, *arguments]
    environment = {**os.environ, **QUIET}  # noqa: TID251 - the hosts' own
    return subprocess.Popen(line, text=True, start_new_session=True, env=environment, **how)


@contextmanager
def cable() -> Iterator[None]:
    """The two hosts and what joins them."""
    with ExitStack() as undone:
        for host in HOSTS:
            command(f"ip netns add {host}")
            undone.callback(command, f"ip netns del {host}")
        command(f"ip link add wire1 netns {HEAD} type veth peer name wire2 netns {OTHER}")
        for wire, (host, address) in zip(("wire1", "wire2"), HOSTS.items(), strict=True):
            command(f"ip -n {host} addr add {address}/24 dev {wire}")
            command(f"ip -n {host} link set {wire} up")
            command(f"ip -n {host} link set lo up")
        yield


@contextmanager
def running(host: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A program that is ended with all it started."""
    process = at(host, *arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        end(process)


def end(process: subprocess.Popen[str]) -> None:
    """Ends a program and what it started, as a power cut would."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def node(host: str, *options: str) -> list[str]:
    """How a Ray node is started."""
    start = ["-m", "ray.scripts.scripts", "start", f"--node-ip-address={HOSTS[host]}", "--num-cpus=1", "--block"]
    return [*start, "--object-store-memory=80000000", "--disable-usage-stats", *options]


def answered(host: str) -> int:
    """Calls that the fake server of a host has answered."""
    code = f"import urllib.request as u; print(u.urlopen('http://127.0.0.1:{SERVER}/stats').read().decode())"
    told, _ = at(host, "-c", code, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).communicate(timeout=20)
    return int(json.loads(told)["answered"]) if told else 0


def main() -> None:
    """Prints what each host has answered, before and after the second one's death, and how the run ended."""
    folder = tempfile.mkdtemp(prefix="hosts")
    asked = recipe(URL, "hosts", RECORDS, 64) | {"seed": 3}
    (Path(folder) / "recipe.yaml").write_text(yaml.safe_dump(asked), "utf-8")
    server = ("-m", "seedbed.testing.server", "--port", str(SERVER), "--latency", "0.5")
    with cable(), ExitStack() as ended:
        for seed, host in enumerate(HOSTS):
            ended.enter_context(running(host, *server, "--seed", str(seed)))
        head = node(HEAD, "--head", f"--port={GCS}", "--include-dashboard=false", f"--temp-dir={folder}/r")
        ended.enter_context(running(HEAD, *head))
        time.sleep(10)
        second = ended.enter_context(running(OTHER, *node(OTHER, f"--address={HOSTS[HEAD]}:{GCS}")))
        time.sleep(8)
        line = ["-m", "seedbed", "generate", f"{folder}/recipe.yaml", "--executor", "ray", "--json"]
        run = at(HEAD, *line, f"--workspace={folder}/w", f"--output={folder}/out.csv", stdout=subprocess.PIPE)
        ended.callback(end, run)
        began = time.monotonic()
        while answered(HEAD) + answered(OTHER) < RECORDS // 2 and time.monotonic() - began < 90:
            time.sleep(0.5)
        print("answered at", {host: answered(host) for host in HOSTS}, "when the second host dies", flush=True)
        end(second)
        command(f"ip -n {OTHER} link set wire2 down")
        told, _ = run.communicate(timeout=240)
        figures = json.loads(told)
        print("at the end", {host: answered(host) for host in HOSTS})
        print({name: figures[name] for name in ("state", "accepted", "attempts", "calls", "seconds")})
        print("exact:", all(cell["accepted"] == cell["wanted"] for cell in figures["cells"]))


if __name__ == "__main__":
    main()
