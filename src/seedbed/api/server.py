"""The service as a process: it listens, and ends cleanly."""

from __future__ import annotations

import errno
import logging
import socket
from contextlib import suppress
from typing import TYPE_CHECKING

import uvicorn

from seedbed.core.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi import FastAPI

    from seedbed.app.settings import LogSettings

PATIENCE = 3
"""Seconds that answers under way have when the server ends."""


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens; port 0 takes a free one.

    Raises:
        InputError: the address is none of this machine, or the port is taken.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (OSError, UnicodeError) as error:
        raise InputError(f"There is no address {host} to listen at.", "Try --host 127.0.0.1.") from error
    line = socket.socket(family, kind, protocol)
    try:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        line.bind(address)
        line.listen(256)
    except OSError as error:
        line.close()
        raise _unbound(host, port, error) from error
    return line


def run(
    app: FastAPI, line: socket.socket, ready: Callable[[], None] = lambda: None, *, log: LogSettings | None = None
) -> None:
    """Serves until Ctrl-C or SIGTERM; `ready` is called when it answers. Streams of events end then at once. Lines of
    the log are as they are set up where `log` chose that, else uvicorn's own.

    Raises:
        SeedbedError: it could not begin, as with a workspace that cannot be written.
    """
    own = {"log_config": None} if log and log.chosen else {}
    settings = uvicorn.Config(
        app,
        log_level=logging.WARNING,
        **own,  # type: ignore[arg-type]
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=PATIENCE,
    )
    try:
        with suppress(KeyboardInterrupt):  # it has ended by then; the signal is passed on once more
            _Server(settings, ready).run(sockets=[line])
    except SystemExit:  # uvicorn's way to say that it could not begin
        raise getattr(app.state, "failed", None) or RuntimeError("the service did not begin") from None


class _Server(uvicorn.Server):
    """Says when it answers, and tells streams when it ends."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """See `uvicorn.Server.startup`."""
        log = logging.getLogger("uvicorn.error")
        log.disabled = True  # what goes wrong until then is raised by `run`
        try:
            await super().startup(sockets)
        finally:
            log.disabled = False
        if self.started:
            self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """See `uvicorn.Server.shutdown`."""
        app = self.config.app
        app.state.desk.ending.set()  # type: ignore[union-attr]
        await super().shutdown(sockets)


def _unbound(host: str, port: int, error: OSError) -> InputError:
    if error.errno == errno.EADDRINUSE:
        return InputError(f"The port {port} is taken.", "Another `seedbed serve`? Name another one with --port.")
    if error.errno in (errno.EACCES, errno.EPERM):
        return InputError(f"The port {port} may not be used.", "Name one above 1023 with --port.")
    return InputError(f"Seedbed cannot listen at {host}:{port}: {error.strerror}.", "Name another --host or --port.")
