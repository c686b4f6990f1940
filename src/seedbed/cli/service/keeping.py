"""`seedbed settings`, `seedbed audit` and `seedbed search`: the workspace as a whole."""

from __future__ import annotations

from itertools import islice
from typing import Annotated, Any

import typer

from ..console import no_traceback, result, result_json, say
from ..options import AtServer, Json, WorkspacePath
from .far import server_of

settings = typer.Typer(no_args_is_help=True, help="What is set for the whole workspace.")
SET = ("retention_days", "private_addresses")


@settings.command("show")
@no_traceback
def show_settings(json: Json = False, workspace: WorkspacePath = None, server: AtServer = None) -> None:
    """Show how long traces of work are kept, and where connections may lead."""
    from dataclasses import asdict

    from seedbed.app.serve import settings as saved
    from seedbed.app.workspace import Workspace

    if far := server_of(server, workspace):
        found = far.wire.get("/settings")
    else:
        with Workspace(workspace) as place:
            found = asdict(saved.read(place.store) if place.exists else saved.Settings())
    _tell({name: found[name] for name in SET}, json=json)


@settings.command("set")
@no_traceback
def change_settings(
    retention_days: Annotated[
        str | None, typer.Option(help="Days to keep the audit log, ended jobs and unused logins; `none`: for ever.")
    ] = None,
    private_addresses: Annotated[
        bool | None,
        typer.Option(help="Connections may lead to this machine and into private networks, whoever uses the server."),
    ] = None,
    json: Json = False,
    workspace: WorkspacePath = None,
    server: AtServer = None,
) -> None:
    """Set what is named; the rest stays."""
    from dataclasses import asdict

    from seedbed.app.serve import settings as saved
    from seedbed.app.workspace import Workspace
    from seedbed.core.errors import InputError

    from .people import BY

    values: dict[str, Any] = {} if retention_days is None else {"retention_days": _days(retention_days)}
    values |= {} if private_addresses is None else {"private_addresses": private_addresses}
    if not values:
        raise InputError("What is to be set?", "Give --retention-days, --private-addresses or both.")
    if far := server_of(server, workspace):
        found = far.wire.send("PATCH", "/settings", values, If_Match="*")
    else:
        with Workspace(workspace) as place:
            found = asdict(saved.change(place.store, values))
            for name, value in values.items():
                saved.note(place.store, BY, "setting changed", name, str(value))
    _tell({name: found[name] for name in SET}, json=json)


@no_traceback
def audit(
    limit: Annotated[int, typer.Option(min=1, help="So many lines at most.")] = 50,
    json: Json = False,
    workspace: WorkspacePath = None,
    server: AtServer = None,
) -> None:
    """Show who did what at `seedbed serve` and by commands, the latest first."""
    from dataclasses import asdict

    from seedbed.app.workspace import Workspace

    if far := server_of(server, workspace):
        found = [_line(one) for one in islice(far.wire.every("/audit"), limit)]
    else:
        with Workspace(workspace) as place:
            deeds = place.store.serving.deeds(limit=limit) if place.exists else []
            found = [_line(asdict(one)) for one in deeds]
    if json:
        result_json({"audit": found})
        return
    if not found:
        say("Nothing stands in the audit log.")
    for one in found:
        result(f"{one['at'][:19]}  {one['who']:<16} {one['action']:<20} {one['target']:<24} {one['detail']}".rstrip())


@no_traceback
def search(
    words: Annotated[list[str], typer.Argument(help="What all that is found has in it.", show_default=False)],
    project: Annotated[str | None, typer.Option(help="Only what is in this project.")] = None,
    json: Json = False,
    workspace: WorkspacePath = None,
    server: AtServer = None,
) -> None:
    """Find datasets, runs, recipes and templates by their names, records by their words."""
    from seedbed.app.serve import searching
    from seedbed.app.serve.people import Person
    from seedbed.app.workspace import Workspace

    from .people import BY, check_project

    wanted = " ".join(words)
    if far := server_of(server, workspace):
        found = list(far.wire.every("/search", q=wanted, **({"project": project} if project else {})))
    else:
        with Workspace(workspace) as place:
            if project:
                check_project(place, project)
            found = searching.search(place, Person(BY, owner=True), wanted, project)
    if json:
        result_json({"found": found})
        return
    if not found:
        say(f"Nothing has all of this in it: {wanted}")
    for one in found:
        result(f"{one['kind']:<9} {one['id']:<28} {one['text']}".rstrip())


def _days(given: str) -> int | None:
    from seedbed.core.errors import InputError

    if given.lower() == "none":
        return None
    if not given.isascii() or not given.isdigit() or not 1 <= int(given[:6]) <= 36_500:
        raise InputError(f"--retention-days {given}: it is a whole number of days.", "Take 1 to 36500, or none.")
    return int(given)


def _tell(found: dict[str, Any], *, json: bool) -> None:
    if json:
        result_json(found)
        return
    days = found["retention_days"]
    result(f"Traces of work are kept {'for ever' if days is None else f'for {days:,} days'}.")
    result(f"Connections may {'' if found['private_addresses'] else 'not '}lead to private addresses.")


def _line(deed: dict[str, Any]) -> dict[str, Any]:
    return {name: deed[name] for name in ("at", "who", "action", "target", "detail")}
