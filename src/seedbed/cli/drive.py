"""Drives a run from the terminal: shows how it goes, listens to Ctrl-C, says how it ended."""

from __future__ import annotations

import asyncio
import signal
from functools import partial
from typing import TYPE_CHECKING, Any

import typer

from seedbed.core.run import STOPPED

from .console import result_json, say, undisturbed

if TYPE_CHECKING:
    from seedbed.app.options import Options
    from seedbed.app.reports.after import Reported
    from seedbed.app.runs import RunResult
    from seedbed.app.workspace import Workspace
    from seedbed.core.stored import StoredRun
    from seedbed.engine.generate import Generation
    from seedbed.recipe.document import Recipe

    from .progress import Progress
    from .stages import Stages


def drive(place: Workspace, recipe: Recipe, options: Options, *, json: bool) -> None:
    """Runs a recipe, shows how it goes and how it ended, and exits with the state's code.

    The report that the recipe asks for is made when the run has ended.
    """
    from seedbed.app.reports.after import check_page, report_on

    from .stages import Stages

    check_page(place, recipe, options)
    ended = driven(place, recipe, options, json=json)
    with Stages(quiet=json) as stages:
        reported = report_on(place, recipe, options, ended, partial(_aside, stages, json), stages.watch)
    if reported:
        ended.figures["report"] = reported.document()
    with undisturbed():
        _print_end(ended, json=json)
        for line in _of_report(reported) if reported else ():
            say(line)
    raise typer.Exit(ended.exit_code or int(bool(reported and reported.problems)))


def _aside(stages: Stages, json: bool, place: Workspace, recipe: Recipe, options: Options) -> RunResult:
    stages.pause()
    return driven(place, recipe, options, json=json)


def _of_report(reported: Reported) -> list[str]:
    """What is worst, and where the rest stands."""
    lines = [f"{one.section}: {one.text}" for one in reported.report.findings if one.level == "bad"]
    return [*lines, *reported.problems, *([f"Report: {reported.page}"] if reported.page else [])]


def driven(place: Workspace, recipe: Recipe, options: Options, *, json: bool) -> RunResult:
    """Runs a recipe and shows how it goes.

    Raises:
        KeyboardInterrupt: before there was a run.
    """
    from seedbed.app.loop import run

    from .progress import Progress

    with Progress(quiet=json) as progress:
        options.watch, options.say = progress.watch, progress.say
        ended = run(_interruptible(place, recipe, options, progress))
    if ended is None:
        raise KeyboardInterrupt
    return ended


def asking(
    place: Workspace, recipe: Recipe, options: Options, *, json: bool, stages: Stages | None = None
) -> RunResult:
    """Runs a recipe whose answers a command needs before it goes on, and shows how it goes, in place of `stages`."""
    if stages:
        stages.pause()
    ended = driven(place, recipe, options, json=json)
    if ended.state in STOPPED:
        say("What was answered is kept: the same command goes on from there.")
    return ended


def _print_end(ended: RunResult, *, json: bool) -> None:
    from .summary import next_steps, print_summary

    if not json:
        print_summary(ended)
        return
    result_json(ended.figures)
    for line in filter(None, (ended.message, ended.hint, *next_steps(ended))):
        say(line)


async def _interruptible(place: Workspace, recipe: Recipe, options: Options, progress: Progress) -> RunResult | None:
    """Runs a recipe; None if it was interrupted before there was a run."""
    from seedbed.app.runs import generate as run_recipe

    task = asyncio.ensure_future(run_recipe(place, recipe, options))
    stopper = _Stopper(task, progress)
    options.on_start = stopper.started
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopper.stop)
    try:
        return await task
    except asyncio.CancelledError:
        return None


class _Stopper:
    """Ctrl-C once: ask nothing more, take in what is in flight. Again: stop now."""

    def __init__(self, task: asyncio.Future[Any], progress: Progress) -> None:
        self._task = task
        self._progress = progress
        self._generation: Generation | None = None

    def started(self, run: StoredRun, generation: Generation) -> None:
        self._generation = generation
        self._progress.started(run, generation)

    def stop(self) -> None:
        if self._generation and not self._generation.stopping:
            self._generation.stop("interrupted")
            self._progress.say("Stopping: taking in what is in flight. Press Ctrl-C again to stop now.")
        else:
            self._task.cancel()
