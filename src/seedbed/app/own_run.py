"""The run a recipe belongs to: found or made, and nobody else's while it is driven."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seedbed.core.errors import InputError
from seedbed.core.run import Accounts
from seedbed.core.stored import StoredRun

from .books import wanted_of

if TYPE_CHECKING:
    from seedbed.recipe.document import Recipe

    from .existing import Existing
    from .options import Options
    from .workspace import Workspace


SERVED = "served"
"""In the options of a run: the service drives it, and goes on with it by itself when it is started again."""


LATELY_SECONDS = 600.0
"""A driver that died longer ago says nothing about the run."""

BEGUN = "begun"
"""In the options of a run: how often, and when last, a service began to drive it without anything coming of it."""


@contextmanager
def claimed(workspace: Workspace, recipe: Recipe, options: Options, existing: Existing) -> Iterator[StoredRun]:
    """The run to drive, found or made, while nobody else drives it.

    Raises:
        InputError: another process drives it, or the recipe differs from it.
    """
    store = workspace.store
    with ExitStack() as held:
        # Two processes started at once must not both find no run and make one.
        with store.naming(recipe.name):
            found = find(workspace, recipe, options)
            run = found or create(workspace, recipe, options, existing)
            held.enter_context(store.claim(run.id))
        try:
            yield store.run(run.id) or run  # as it is now that nobody else changes it
        except InputError:
            if found is None:
                store.forget_run(run.id)
            raise


def find(workspace: Workspace, recipe: Recipe, options: Options) -> StoredRun | None:
    """The run to go on with, if there is one.

    Raises:
        InputError: the recipe differs from its unfinished run, or the run asked for does not exist.
    """
    if options.resume:
        run = workspace.store.run(options.resume)
        if run is None:
            raise InputError(f"There is no run {options.resume}.", "See them with: seedbed runs list")
        return run
    if options.new or not workspace.exists:
        return None
    runs = workspace.store.runs(name=recipe.name)
    if not runs:
        return None
    run = runs[0]
    changes = _changed(run, recipe)
    if not changes:
        return run
    if run.state == "complete":
        return None
    raise InputError(
        f"The recipe differs from its unfinished run {run.id}: {'; '.join(changes)}.",
        f"Go on with the recipe as it is now with --resume {run.id}, or start afresh with --new.",
    )


def create(workspace: Workspace, recipe: Recipe, options: Options, existing: Existing) -> StoredRun:
    """A new run; whoever makes one holds the name meanwhile."""
    into = recipe.into.dataset if recipe.into and not Path(recipe.into.dataset).suffix else ""
    figures = Accounts.of(wanted_of(recipe, existing)).as_dict()
    fields = asked(recipe, options)
    return workspace.store.create_run(
        StoredRun(id="", name=recipe.name, state="running", dataset=into, figures=figures, **fields)
    )


def asked(recipe: Recipe, options: Options, run: StoredRun | None = None) -> dict[str, Any]:
    """The fields of a run that say what is wanted and how; what is not given stays as it was."""
    before = run.options if run else {}
    output = options.output.settled(run) if options.output else None
    return {
        "recipe": recipe.document(),
        "fingerprint": recipe.fingerprint(),
        "columns": recipe.columns(),
        "seed": recipe.seed,
        "folder": str(options.folder),
        "output": str(output.path) if output else run.output if run else None,
        "options": {
            **before,
            **(output.kept() if output else {}),
            "plugins": options.lasting_plugins() or before.get("plugins", []),
            "concurrency": options.concurrency,
            "executor": options.executor,
            "workers": options.workers,
            SERVED: options.served,
        },
    }


def is_complete(run: StoredRun, recipe: Recipe) -> bool:
    return run.state == "complete" and not _changed(run, recipe)


def _changed(run: StoredRun, recipe: Recipe) -> list[str]:
    """What differs between the run's recipe and this one, as "field: before → now"."""
    return list(_differences(run.fingerprint, recipe.fingerprint(), ""))


def _differences(before: Any, now: Any, path: str) -> list[str]:
    if isinstance(before, dict) and isinstance(now, dict):
        found = []
        for name in dict.fromkeys([*before, *now]):
            found += _differences(before.get(name), now.get(name), f"{path}.{name}" if path else name)
        return found
    return [] if before == now else [f"{path}: {_short(before)} → {_short(now)}"]


def _short(value: Any) -> str:
    if value is None:
        return "(not given)"
    text = str(value)
    return text if len(text) <= 50 else text[:47] + "…"


def begun_again(workspace: Workspace, run: StoredRun) -> int:
    """Takes down that a service begins to drive a run, which it has claimed; answers how often that was since anything
    came of it. More than once, its drivers have died before, perhaps of it."""
    before: dict[str, Any] = run.options.get(BEGUN, {})
    now, reached = time.time(), workspace.store.last_attempt(run.id)
    again = run.state == "running" and before.get("reached") == reached and now - before["at"] < LATELY_SECONDS
    count = before["count"] + 1 if again else 1
    save(workspace, run, options={**run.options, BEGUN: {"count": count, "reached": reached, "at": now}})
    return count


def save(workspace: Workspace, run: StoredRun, **changes: Any) -> None:
    """Changes a run, here and in the store."""
    for name, value in changes.items():
        setattr(run, name, value)
    workspace.store.update_run(run.id, **changes)
