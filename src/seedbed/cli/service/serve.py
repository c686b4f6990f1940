"""`seedbed serve`: the studio and the API."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Annotated

import typer

from ..console import no_traceback, result, say
from ..options import WorkspacePath

if TYPE_CHECKING:
    from seedbed.api.desk import ServeSettings
    from seedbed.app.settings import LogSettings
    from seedbed.app.workspace import Workspace


@no_traceback
def serve(
    host: Annotated[str, typer.Option(help="The address to listen at; 0.0.0.0 for all networks.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port; 0 for any free one.", min=0, max=65_535)] = 8400,
    allow_host: Annotated[
        list[str] | None,
        typer.Option("--allow-host", help="A further name this server is opened by, as of a proxy; may be repeated."),
    ] = None,
    login: Annotated[
        bool, typer.Option("--login", help="Ask for a login at this machine too, as behind a proxy.")
    ] = False,
    database_url: Annotated[
        str | None,
        typer.Option(
            help="The database, postgresql://… or sqlite:///FOLDER/seedbed.db, else SEEDBED_DATABASE_URL.",
            show_default=False,
        ),
    ] = None,
    log_format: Annotated[
        str | None, typer.Option(help="Lines of the log as json or text, else SEEDBED_LOG_FORMAT.", show_default=False)
    ] = None,
    log_level: Annotated[
        str | None,
        typer.Option(
            help="debug, info (a line for each request), warning or error, else SEEDBED_LOG_LEVEL.", show_default=False
        ),
    ] = None,
    executor: Annotated[
        str, typer.Option(help="Where runs are worked on: local, or a cluster: ray, ray://HOST:PORT.")
    ] = "local",
    workers: Annotated[
        int | None, typer.Option(help="Workers of a run on the cluster, at most.", min=1, max=1000)
    ] = None,
    workspace: WorkspacePath = None,
) -> None:
    """Serve the studio and the API until Ctrl-C; at this machine without a login, elsewhere only with one."""
    from seedbed.app.operation.logs import set_up
    from seedbed.app.settings import log_settings, pass_on
    from seedbed.app.workspace import Workspace

    _check_installed(cluster=executor != "local")
    log = log_settings(log_format, log_level)
    set_up(log, "server")
    pass_on(log)
    from seedbed.api.application import create_app
    from seedbed.api.desk import ServeSettings
    from seedbed.api.server import listen, run
    from seedbed.app.serve.elsewhere import Elsewhere

    elsewhere = Elsewhere(executor, workers).checked()
    names = tuple(name.lower() for name in allow_host or ())
    settings = ServeSettings(host, names, login, apart=True, elsewhere=elsewhere)
    with Workspace(workspace, database_url) as place:
        _check_people(place, settings)
        with listen(host, port) as line:
            _check_bound(str(line.getsockname()[0]), settings)
            chosen = line.getsockname()[1]
            run(create_app(place, settings, sample=True), line, lambda: _tell(settings, chosen, log), log=log)
    _note("Stopped.", log)


def _check_installed(*, cluster: bool) -> None:
    from importlib.util import find_spec

    from seedbed.core.errors import MissingExtra

    if any(find_spec(name) is None for name in ("argon2", "fastapi", "python_multipart", "uvicorn")):
        raise MissingExtra("The service", "serve")
    if cluster and find_spec("ray") is None:
        raise MissingExtra("The executor `ray`", "ray")


def _check_people(place: Workspace, settings: ServeSettings) -> None:
    from seedbed.core.errors import InputError

    saved = place.store.serving  # a workspace that cannot be opened says so here, before there is a service
    if settings.local_owner or saved.users() or saved.tokens():
        return
    where = f"at {settings.host} " if not settings.loopback else ""
    raise InputError(
        f"Seedbed is not served {where}while nobody can log in.", f"First: {place.command('users add NAME')}"
    )


def _check_bound(address: str, settings: ServeSettings) -> None:
    """`localhost` may be anything."""
    from ipaddress import ip_address

    from seedbed.core.errors import InputError

    if settings.local_owner and not ip_address(address).is_loopback:
        raise InputError(f"{settings.host} is {address} here, which others reach too.", "Take --host 127.0.0.1.")


def _tell(settings: ServeSettings, port: int, log: LogSettings) -> None:
    name = f"[{settings.host}]" if ":" in settings.host else settings.host
    everywhere = name in ("0.0.0.0", "[::]")  # noqa: S104 - what was asked for
    result(f"Seedbed is at http://{'127.0.0.1' if everywhere else name}:{port}")
    if not settings.loopback:
        _note("Passwords travel unencrypted unless a proxy in front speaks HTTPS.", log)
    if log.format != "json":
        say("Stop it with Ctrl-C.")


def _note(text: str, log: LogSettings) -> None:
    """A line for the person who looks on, or for the program that reads the log."""
    if log.format == "json":
        logging.getLogger(__name__).info(text)
    else:
        say(text)
