"""`seedbed spot-check`."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..console import counted, no_traceback, result, result_json, say
from ..options import AtServer, Json, WorkspacePath
from ..service.benches import dataset_at, only_here
from ..service.far import server_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from seedbed.app.remote.server import Server
    from seedbed.app.remote.spot_checking import FarSpotCheck
    from seedbed.app.reports.spot_check import Drawn, SpotCheck

    Check = SpotCheck | FarSpotCheck

KEYS = "r right · w wrong · n wrong, with a note · s skip · u undo · q quit"


@no_traceback
def spot_check(
    dataset: Annotated[str, typer.Argument(help="A file, or a dataset or run of the workspace.", show_default=False)],
    n: Annotated[int, typer.Option("-n", help="How many records to judge.", min=1)] = 100,
    by: Annotated[str | None, typer.Option(help="Draw from each value of this column, such as label.")] = None,
    judge: Annotated[str, typer.Option(help="Who judges; your user name if not given.")] = "",
    limit: Annotated[
        float | None,
        typer.Option(help="Stop when it is clear that fewer, or more, than this share is wrong.", min=0, max=1),
    ] = None,
    seed: Annotated[int, typer.Option(help="What the sample is drawn by.", min=0)] = 0,
    status: Annotated[bool, typer.Option("--status", help="Only tell what was judged so far.")] = False,
    json: Json = False,
    workspace: WorkspacePath = None,
    server: AtServer = None,
) -> None:
    """Judge a random sample by hand: how many records are wrong, and how sure that is."""
    if far := server_of(server, workspace):
        only_here({"--judge": judge, "--limit": limit is not None})
        check = _drawn_there(far, dataset, n, by, seed)
        figures = _judged(check, status=status)
    else:
        with _drawn_here(workspace, dataset, n, by, judge, seed, limit, json=json) as own:
            figures = _judged(own, status=status)
    if json:
        result_json(figures)
    else:
        _say(figures)


@contextmanager
def _drawn_here(workspace: Path | None, dataset: str, *wish: Any, json: bool) -> Iterator[SpotCheck]:
    """The sample of a workspace or file; `wish` as `SpotCheck` takes it."""
    from seedbed.app.data.sources import source_of
    from seedbed.app.reports.spot_check import SpotCheck
    from seedbed.app.workspace import Workspace

    from ..stages import Stages, followed

    with Workspace(workspace) as place:
        with Stages(quiet=json) as stages:
            check = SpotCheck(place, dataset, partial(followed, source_of(place, dataset), stages), *wish)
        yield check


def _drawn_there(server: Server, dataset: str, n: int, by: str | None, seed: int) -> FarSpotCheck:
    """The sample of a dataset of a server."""
    from seedbed.app.remote.spot_checking import FarSpotCheck

    return FarSpotCheck(server.wire, dataset_at(server, dataset), n, by, seed)


def _judged(check: Check, *, status: bool) -> dict[str, Any]:
    """The figures after a person has judged, or those there are."""
    if not status:
        _ask(check)
    return check.figures()


def _ask(check: Check) -> None:
    """Lets a person judge; Ctrl-C ends it."""
    try:
        _judge(check)
    except KeyboardInterrupt:
        say("\nWhat was judged is kept: the same command goes on from there.")
        raise


def _judge(check: Check) -> None:
    """Shows one record after the other and takes down the keys."""
    waiting = list(check.open())
    done: list[Drawn] = []
    say(f"{len(waiting)} of {counted(len(check.sample), 'record')} to judge as {check.judge}. {KEYS}")
    while waiting:
        one = waiting.pop(0)
        _show(one, len(check.sample) - len(waiting), len(check.sample))
        key, note = _answer()
        if key == "q":
            return
        if key == "u" and done:
            check.taken_back(done[-1])
            waiting[:0] = [done.pop(), one]
        elif key in ("r", "w", "n"):
            figures = check.judged(one, right=key == "r", note=note)
            done.append(one)
            if figures.get("clear"):
                say("Already clear.")
                return
        elif key != "s":
            say(KEYS)
            waiting.insert(0, one)


def _show(one: Drawn, number: int, of: int) -> None:
    say(f"\n{number} of {of}")
    for name, value in one.record.values.items():
        say(f"  {name}: {value}")
    for span in one.record.spans:
        text = str(one.record.values.get(span.field, ""))[span.start : span.end]
        say(f"  [{span.label}] {text}")


def _answer() -> tuple[str, str]:
    """The next key, and the note that goes with it. Who leaves the note with Ctrl-C or Ctrl-D is asked anew."""
    key = _key()
    if key != "n":
        return key, ""
    try:
        return key, typer.prompt("Why", default="", err=True, show_default=False)
    except typer.Abort:
        say("")
        return "", ""


def _key() -> str:
    """The next key; q at the end of the input, and of what is no terminal the first letter of the next line."""
    if sys.stdin.isatty():
        try:
            return typer.getchar().lower()
        except EOFError:  # Ctrl-D
            return "q"
    line = sys.stdin.readline()
    return line.strip()[:1].lower() if line else "q"


def _say(figures: dict[str, Any]) -> None:
    rows = [("all", figures), *figures["strata"].items()] if len(figures["strata"]) > 1 else [("all", figures)]
    width = max(len(name) for name, _ in rows)
    for name, one in rows:
        if one["judged"]:
            low, high = one["interval"]
            rate = f"{one['error_rate']:.1%} wrong, 95 % interval {low:.1%} to {high:.1%}"
            result(f"{name:{width}}  {one['wrong']:4,} of {one['judged']:4,} judged: {rate}")
        else:
            result(f"{name:{width}}  nothing judged of {one['records']:,}")
    if figures["more"]:
        result(f"Judge {figures['more']:,} more for an interval of 3 points to each side.")
    if figures.get("clear"):
        result(f"It is clear already: {figures['clear']} {figures['limit']:.1%}.")
