"""Commands at a server: the same words, done there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from ..console import result_json, say
from ..stages import Stages

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seedbed.app.remote.server import Server
    from seedbed.app.runs import RunResult


def server_of(address: str | None, workspace: Path | None) -> Server | None:
    """The server that a command is to work at, if it is not to work here.

    Raises:
        InputError: both are named, or the address is none.
    """
    from seedbed.app.settings import server_address, server_token
    from seedbed.core.errors import InputError

    if address and workspace:
        raise InputError("--server and --workspace exclude each other.", "A server has a workspace of its own.")
    found = address or (None if workspace else server_address())
    if not found:
        return None
    from seedbed.app.remote.server import Server

    return Server(found, server_token())


def chosen(executor: str | None, workers: int | None, resumed: str | None) -> dict[str, Any]:
    """Where a server is to have a run worked on: its cluster has no address here.

    Raises:
        InputError: an address is given, or the run is there already.
    """
    from seedbed.core.errors import InputError

    if executor and ":" in executor:
        raise InputError("A server joins the cluster that its operator named.", "Take: --executor ray")
    if resumed and (executor or workers):
        raise InputError("A server goes on with a run where it was.", "Leave out --executor and --workers.")
    return {"executor": executor, "workers": workers}


def follow(server: Server, run: str, output: Path | None, *, json: bool, **written: Any) -> None:
    """Shows how a run of a server goes until it has ended, writes its records, and exits with its state's code."""
    from ..summary import print_summary

    try:
        with Stages(quiet=json) as stages:
            figures = server.wait(run, lambda shown: stages.watch(_stage(shown)))
    except KeyboardInterrupt:
        say(f"The run goes on at the server. Stop it with: seedbed runs cancel {run} --server {server.wire.address}")
        raise
    ended = far_result(server, figures)
    if output and figures["state"] != "failed":
        server.write(run, output, **written)
        figures["output"] = str(output)
    if json:
        result_json(figures)
    else:
        print_summary(ended)
    raise typer.Exit(ended.exit_code)


def far_result(server: Server, shown: dict[str, Any]) -> RunResult:
    """A run of a server as commands show it."""
    from seedbed.app.remote.server import BESIDE
    from seedbed.app.runs import RunResult

    figures = {name: value for name, value in shown.items() if name not in BESIDE}
    run, at = figures["run"], f"--server {server.wire.address}"
    commands = f"seedbed runs resume {run} {at}", f"seedbed export {run} -o FILE {at}"
    return RunResult(run, figures["state"], figures, [], *commands, message=figures.get("message") or "")


def _stage(shown: Mapping[str, Any]) -> Any:
    from seedbed.app.stages import Stage

    return Stage(
        f"Run {shown['run']}", shown["accepted"], shown["asked"], "; ".join(("records", *shown.get("waiting", ())))
    )
