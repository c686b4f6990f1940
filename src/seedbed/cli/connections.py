"""`seedbed connections`."""

from __future__ import annotations

from typing import Annotated

import typer

from .console import no_traceback, result, result_json, say
from .options import AtServer, Json, WorkspacePath
from .service.far import server_of
from .service.people import BY

connections = typer.Typer(no_args_is_help=True, help="Connections: addresses and keys, saved under a name.")


@connections.command("add")
@no_traceback
def add(
    name: Annotated[str, typer.Argument(help="What to call it; recipes then say NAME:model.")],
    provider: Annotated[str, typer.Option(help="openai (most servers), azure, anthropic, qianfan, dashscope, ollama.")],
    base_url: Annotated[
        str | None, typer.Option(help="The address, such as http://127.0.0.1:8000/v1, if it is not the provider's own.")
    ] = None,
    key_env: Annotated[
        str | None, typer.Option(help="The environment variable that holds the key; read at every use, never saved.")
    ] = None,
    key_from: Annotated[
        str | None, typer.Option(help="The environment variable that holds the key; read now and saved encrypted.")
    ] = None,
    no_key: Annotated[bool, typer.Option("--no-key", help="The address needs no key.")] = False,
    api_version: Annotated[str | None, typer.Option(help="The API version (Azure, Anthropic).")] = None,
    concurrency: Annotated[int | None, typer.Option(help="How many calls may be under way at once.")] = None,
    requests_per_minute: Annotated[float | None, typer.Option(help="At most so many requests a minute.")] = None,
    tokens_per_minute: Annotated[float | None, typer.Option(help="At most so many tokens a minute.")] = None,
    patience: Annotated[
        str | None, typer.Option(help="How long it is waited for while it is out of order, as 30s, 10m or 2h; 0: not.")
    ] = None,
    project: Annotated[
        list[str] | None, typer.Option(help="A project that may use it, else all; may be repeated.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the connection of that name.")] = False,
    workspace: WorkspacePath = None,
    server: AtServer = None,
) -> None:
    """Save a connection. Without --key-env, --key-from or --no-key the key is asked for and not shown."""
    from pydantic import ValidationError

    from seedbed.app import connections as saved
    from seedbed.app.serve.projects import find
    from seedbed.app.serve.settings import note
    from seedbed.app.workspace import Workspace
    from seedbed.core.connection import Connection
    from seedbed.core.errors import InputError
    from seedbed.core.fields import FieldError

    try:
        connection = Connection(
            provider=provider,
            base_url=base_url,
            key_env=key_env,
            api_version=api_version,
            concurrency=concurrency,
            requests_per_minute=requests_per_minute,
            tokens_per_minute=tokens_per_minute,
            **({} if patience is None else {"patience": patience}),
        )
    except ValidationError as error:
        wrong = FieldError.of(error, (), Connection)
        raise InputError(f"--{str(wrong.path[0]).replace('_', '-')}: {wrong.problem}.", wrong.hint) from error

    def key() -> str | None:
        if key_from:
            return saved.key_from(key_from)
        if key_env or no_key or provider in ("ollama", "embedded", "scripted"):
            return None
        return str(typer.prompt("Key", hide_input=True, err=True)).strip()

    if far := server_of(server, workspace):
        far.add_connection(name, connection, key(), force=force, projects=project)
    else:
        with Workspace(workspace) as place:
            known = [find(place.store, one).id for one in project or ()]
            there = any(one.name == name for one in saved.listed(place))
            saved.add(place, name, connection, key, force=force)
            note(place.store, BY, "connection changed" if there else "connection added", name, provider)
            if project is not None:
                place.store.serving.place("connection", name, known)
    say(f"Saved the connection {name}. Try it with: seedbed connections check {name}:MODEL")


@connections.command("list")
@no_traceback
def list_connections(json: Json = False, workspace: WorkspacePath = None, server: AtServer = None) -> None:
    """List the connections of the workspace; of a key only the last four characters are shown."""
    from seedbed.app import connections as saved
    from seedbed.app.workspace import Workspace

    if far := server_of(server, workspace):
        found = far.connections()
        projects = {one["name"]: one["projects"] for one in far.wire.every("/connections")}
    else:
        with Workspace(workspace) as place:
            found = saved.listed(place)
            projects = {one.name: place.store.serving.projects_of("connection", one.name) for one in found}
    if json:
        rows = [
            {
                "name": one.name,
                **one.connection.model_dump(mode="json", exclude_none=True),
                "key": one.key,
                "key_place": one.place,
                "projects": list(projects.get(one.name, ())),
            }
            for one in found
        ]
        result_json({"connections": rows})
        return
    if not found:
        say("There are no connections here yet. Add one with: seedbed connections add NAME --provider openai")
    for one in found:
        key = one.key or ("no key" if one.place == "none" else f"from {one.place}")
        only = f"  only {', '.join(sorted(projects[one.name]))}" if projects.get(one.name) else ""
        where = one.connection.base_url or "(its own address)"
        result(f"{one.name:<20} {one.connection.provider:<10} {where:<44} {key}{only}")


@connections.command("check")
@no_traceback
def check(
    name: Annotated[str, typer.Argument(help="CONNECTION:MODEL.")],
    model: Annotated[str | None, typer.Option(help="The model, if NAME is a connection alone.")] = None,
    json: Json = False,
    workspace: WorkspacePath = None,
    server: AtServer = None,
) -> None:
    """Make a small real call and say: valid, invalid key, no such model, unreachable, rate limited or no quota."""
    from seedbed.app import connections as saved
    from seedbed.app.workspace import Workspace

    if far := server_of(server, workspace):
        answer = far.check_connection(name, model)
    else:
        with Workspace(workspace) as place:
            answer = saved.check(place, name, model)
    if json:
        result_json({"connection": name, "verdict": answer.verdict, "message": answer.message})
    else:
        result(f"{answer.verdict}: {answer.message}")
        if answer.hint:
            say(answer.hint)
    raise typer.Exit(0 if answer.verdict == "valid" else 1)


@connections.command("remove")
@no_traceback
def remove(
    name: Annotated[str, typer.Argument(help="The connection.")],
    workspace: WorkspacePath = None,
    server: AtServer = None,
) -> None:
    """Forget a connection and its key."""
    from seedbed.app import connections as saved
    from seedbed.app.serve.settings import note
    from seedbed.app.workspace import Workspace

    if far := server_of(server, workspace):
        far.remove("connections", name)
    else:
        with Workspace(workspace) as place:
            saved.remove(place, name)
            note(place.store, BY, "connection removed", name)
    say(f"Removed the connection {name}.")
