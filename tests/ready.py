"""`seedbed` in processes of their own that need not load everything first: they are forked from one that has.

A command has its own process, folder, environment, arguments, input and outputs, as if it had been started by a shell;
what it saves is the second that loading Seedbed takes. What is about starting and signals starts it plainly.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import pkgutil
import select
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

LOADED = ("app", "cli", "core", "engine", "recipe", "storage", "executors", "formats", "generators")
HEAVY = (
    "scipy.sparse",
    "sklearn.feature_extraction.text",
    "sklearn.linear_model",
    "sklearn.model_selection",
    "sklearn.multiclass",
    "wordllama",
)
SERVER = "from ready import serve, act; serve({0!r}); act()"
CLIENT = """\
#!{python} -IS
import json, os, socket, sys
with socket.socket(socket.AF_UNIX) as line:
    line.connect({path!r})
    wish = json.dumps([sys.argv[1:], os.getcwd(), dict(os.environ)]).encode()
    socket.send_fds(line, [len(wish).to_bytes(8, "big")], [0, 1, 2])
    line.sendall(wish)
    code = int(line.recv(8) or b"1")
if code < 0:
    os.kill(os.getpid(), -code)
sys.exit(code)
"""


@cache
def ready_command() -> Path:
    """A program `seedbed` in a folder of its own; the process that it is forked from ends with this one."""
    folder = Path(mkdtemp(prefix="seedbed-ready-"))
    path = str(folder / "line")
    program = folder / "seedbed"
    program.write_text(CLIENT.format(python=sys.executable, path=path), "utf-8")
    program.chmod(0o755)
    places = os.pathsep.join([str(Path(__file__).parent), *filter(None, [os.environ.get("PYTHONPATH")])])
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER.format(path)],
        env=os.environ | {"PYTHONPATH": places},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert server.stdin
    assert server.stdout
    atexit.register(_end, server, folder)
    assert server.stdout.readline() == b"ready\n"
    return program


def _end(server: subprocess.Popen[bytes], folder: Path) -> None:
    server.communicate()
    rmtree(folder)


def serve(path: str) -> None:
    """Waits for commands; comes back in a process that is to run one."""
    _load()
    gc.collect()
    gc.freeze()  # what is loaded is shared: no process is to copy it to see whether it is needed
    signal.signal(signal.SIGCHLD, _reap)
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(path)
        door.listen(64)
        os.write(1, b"ready\n")
        while True:
            found, _, _ = select.select([door, 0], [], [])
            if 0 in found:
                os._exit(0)  # nobody wants anything any more
            line, _ = door.accept()
            if os.fork() == 0:
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                break
            line.close()
    _answer(line)


def _load() -> None:
    for name in LOADED:
        package = import_module(f"seedbed.{name}")
        for module in pkgutil.walk_packages(package.__path__, f"seedbed.{name}."):
            import_module(module.name)
    for name in HEAVY:
        import_module(name)


def act() -> None:
    """Does what the process was asked for: a command of Seedbed, or a text of Python (`-c TEXT`)."""
    if sys.argv[1:2] == ["-c"]:
        exec(compile(sys.argv[2], "<string>", "exec"), {"__name__": "__main__"})
        return
    from seedbed.cli.main import run

    run()


def _reap(*_: object) -> None:
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def _answer(line: socket.socket) -> None:
    """Comes back in the command's own process; the one it came from tells how that ended."""
    with line:
        size, descriptors, _, _ = socket.recv_fds(line, 8, 3)
        wish = b""
        while len(wish) < int.from_bytes(size, "big"):
            wish += line.recv(65_536)
        child = os.fork()
        if child:
            for descriptor in (*descriptors, 0, 1, 2):
                os.close(descriptor)
            ended = os.pidfd_open(child)
            if ended not in select.select([ended, line], [], [])[0]:
                os.kill(child, signal.SIGTERM)  # whoever started the command was ended: it goes along
            code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            with suppress(OSError):
                line.sendall(str(code).encode())
            os._exit(0)
    arguments, folder, environment = json.loads(wish)
    for number, descriptor in enumerate(descriptors):
        os.dup2(descriptor, number)
        os.close(descriptor)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["seedbed", *arguments]
