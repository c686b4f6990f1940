"""`seedbed backup` and `seedbed restore`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..console import no_traceback, result_json, say
from ..options import Force, Json, WorkspacePath

if TYPE_CHECKING:
    from seedbed.app.operation.backup import Backup

BackupPath = Annotated[Path, typer.Argument(metavar="FILE", help="The backup, a .tar.gz.", show_default=False)]


@no_traceback
def backup(
    file: BackupPath,
    with_key: Annotated[
        bool, typer.Option("--with-key", help="Put secret.key in: whoever has the file then has the API keys.")
    ] = False,
    force: Force = False,
    json: Json = False,
    workspace: WorkspacePath = None,
) -> None:
    """Save the whole workspace as one file, also while a server or a run works in it."""
    from seedbed.app.operation.backup import KEY, back_up
    from seedbed.app.workspace import Workspace

    with Workspace(workspace) as place:
        made = back_up(place, file, key=with_key, force=force)
        left_out = (place.folder / KEY).exists() and not made.key
    if json:
        result_json({"file": str(file), "bytes": file.stat().st_size, **_said(made)})
        return
    say(f"Saved {place.folder} in {file}: {_counts(made)}.")
    for path in made.linked:
        say(f"Left out, as it is a link: {path}")
    if left_out:
        say(f"API keys are in it encrypted. Keep {place.folder / KEY} apart from it: without that they are lost.")


@no_traceback
def restore(
    file: BackupPath,
    force: Annotated[bool, typer.Option("--force", help="Put a workspace that is there aside.")] = False,
    json: Json = False,
    workspace: WorkspacePath = None,
) -> None:
    """Bring a workspace back from a backup into an empty folder."""
    from seedbed.app.operation.backup import KEY, check_file
    from seedbed.app.operation.backup import restore as bring_back
    from seedbed.app.workspace import Workspace

    with Workspace(workspace) as place:
        check_file(place)
        made, before = bring_back(file, place.folder, force=force)
        keyless = made.counts.get("connections", 0) and not made.key
    if json:
        result_json({"workspace": str(place.folder), "before": str(before) if before else None, **_said(made)})
        return
    say(f"Brought {place.folder} back as of {made.created}: {_counts(made)}.")
    if before:
        say(f"What was there is now at {before}.")
    if keyless:
        say(
            f"API keys saved in it need {place.folder / KEY}, which is not in the backup: bring it back, or enter them."
        )
    say("Tokens and users that were removed since are there again: look through them.")


def _counts(made: Backup) -> str:
    counts = made.counts
    return f"{counts.get('runs', 0):,} runs, {counts.get('records', 0):,} records, {counts.get('calls', 0):,} calls"


def _said(made: Backup) -> dict[str, Any]:
    from dataclasses import asdict

    return asdict(made)
