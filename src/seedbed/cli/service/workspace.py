"""`seedbed workspace copy`."""

from __future__ import annotations

from typing import Annotated

import typer

from ..console import counted, no_traceback, result_json, say
from ..options import Json, WorkspacePath

workspace = typer.Typer(no_args_is_help=True, help="Where records are kept.")


@workspace.callback()
def _group() -> None: ...


@workspace.command("copy")
@no_traceback
def copy(
    to: Annotated[
        str,
        typer.Option(
            metavar="ADDRESS",
            help="The empty database, postgresql://USER@HOST/NAME or sqlite:///FOLDER/seedbed.db.",
            show_default=False,
        ),
    ],
    json: Json = False,
    workspace: WorkspacePath = None,
) -> None:
    """Copy all records, runs, decisions and people into another database, as from a file to PostgreSQL or back."""
    from seedbed.app.operation.moving import copy_to
    from seedbed.app.workspace import Workspace

    with Workspace(workspace) as place:
        moved = copy_to(place, to, lambda table, count: say(f"{table}: {count:,} rows"))
        same = moved.folder == place.folder
    if json:
        result_json({"source": moved.source, "target": moved.target, "counts": moved.counts})
        return
    counts = ", ".join(counted(moved.counts[f"{name}s"], name) for name in ("run", "record", "call"))
    say(f"Copied {moved.source} to {moved.target}: {counts}.")
    if not same:
        say(f"secret.key and files are still in {place.folder}: copy them to {moved.folder}, without seedbed.db.")
    say("What was copied stays as it is: work in one of the two from now on (SEEDBED_DATABASE_URL says in which).")
