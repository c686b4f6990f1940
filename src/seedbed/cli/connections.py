"""`seedbed connections`."""

from __future__ import annotations

from typing import Annotated

import typer

from .console import no_traceback, result, result_json, say
from .options import Json, WorkspacePath

connections = typer.Typer(no_args_is_help=True, help="Connections: named addresses and keys of providers.")


@connections.command("add")
@no_traceback
def add(
    name: Annotated[str, typer.Argument(help="What to call it; recipes then say NAME:model.")],
    provider: Annotated[str, typer.Option(help="openai, azure, anthropic, qianfan, dashscope, ollama, embedded.")],
    base_url: Annotated[
        str | None, typer.Option(help="The address, for providers that have none of their own.")
    ] = None,
    key_env: Annotated[
        str | None, typer.Option(help="Take the key from this variable at every use; it is not saved.")
    ] = None,
    key_from: Annotated[
        str | None, typer.Option(help="Take the key from this variable now and save it encrypted.")
    ] = None,
    no_key: Annotated[bool, typer.Option("--no-key", help="The address needs no key.")] = False,
    api_version: Annotated[str | None, typer.Option(help="The API version (Azure, Anthropic).")] = None,
    concurrency: Annotated[int | None, typer.Option(help="Calls at once.")] = None,
    requests_per_minute: Annotated[float | None, typer.Option(help="At most so many requests a minute.")] = None,
    tokens_per_minute: Annotated[float | None, typer.Option(help="At most so many tokens a minute.")] = None,
    workspace: WorkspacePath = None,
) -> None:
    """Save a connection. Without --key-env, --key-from or --no-key the key is asked for and not echoed."""
    from pydantic import ValidationError

    from seedbed.app import connections as saved
    from seedbed.app.settings import environment_value
    from seedbed.app.workspace import Workspace
    from seedbed.core.connection import Connection
    from seedbed.core.errors import InputError

    try:
        connection = Connection(
            provider=provider,
            base_url=base_url,
            key_env=key_env,
            api_version=api_version,
            concurrency=concurrency,
            requests_per_minute=requests_per_minute,
            tokens_per_minute=tokens_per_minute,
        )
    except ValidationError as error:
        first = error.errors()[0]
        raise InputError(f"--{str(first['loc'][0]).replace('_', '-')}: {first['msg']}.") from error
    key = None
    if key_from:
        key = environment_value(key_from)
        if key is None:
            raise InputError(f"The variable {key_from} is not set.", f"Set it: export {key_from}=…")
    elif not key_env and not no_key and provider not in ("ollama", "embedded", "scripted"):
        key = typer.prompt("Key", hide_input=True, err=True).strip()
    with Workspace(workspace) as place:
        saved.add(place, name, connection, key)
    say(f"Saved the connection {name}. Try it with: seedbed connections check {name}:MODEL")


@connections.command("list")
@no_traceback
def list_connections(json: Json = False, workspace: WorkspacePath = None) -> None:
    """List the connections of the workspace; of a key only the last four characters are shown."""
    from seedbed.app import connections as saved
    from seedbed.app.workspace import Workspace

    with Workspace(workspace) as place:
        found = saved.listed(place)
    if json:
        result_json(
            [
                {
                    "name": one.name,
                    **one.connection.model_dump(mode="json", exclude_none=True),
                    "key": one.key,
                    "key_place": one.place,
                }
                for one in found
            ]
        )
        return
    if not found:
        say("There are no connections here yet. Add one with: seedbed connections add NAME --provider openai")
    for one in found:
        key = one.key or ("no key" if one.place == "none" else f"from {one.place}")
        result(
            f"{one.name:<20} {one.connection.provider:<10} {one.connection.base_url or '(its own address)':<44} {key}"
        )


@connections.command("check")
@no_traceback
def check(
    name: Annotated[str, typer.Argument(help="A connection, or connection:model.")],
    model: Annotated[str | None, typer.Option(help="The model to ask.")] = None,
    json: Json = False,
    workspace: WorkspacePath = None,
) -> None:
    """Make a small real call: valid, invalid key, no such model, unreachable, rate limited or no quota."""
    from seedbed.app import connections as saved
    from seedbed.app.workspace import Workspace

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
def remove(name: Annotated[str, typer.Argument(help="The connection.")], workspace: WorkspacePath = None) -> None:
    """Forget a connection and its key."""
    from seedbed.app import connections as saved
    from seedbed.app.workspace import Workspace

    with Workspace(workspace) as place:
        saved.remove(place, name)
    say(f"Removed the connection {name}.")
