"""Runs as they are told: their figures, who drives them, how fast they go and how long that will take."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import orjson

from seedbed.core.errors import NotFound, nearest
from seedbed.core.run import UNENDED
from seedbed.core.serving import DEFAULT

from ..history import figures_now, latest
from ..own_run import SERVED
from .belonging import project_of
from .elsewhere import line_of, where_of
from .work.afterwards import notes_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seedbed.core.serving.watching import Ended
    from seedbed.core.stored import StoredRun

    from ..workspace import Workspace
    from .people import Person
    from .runner import Runner

RECENT_SECONDS = 20.0
"""The pace of a run is that of so many seconds."""

LONG = ("cells", "models")
"""What is left out of lists."""

NONE: dict[str, Any] = {
    "asked": 0,
    "accepted": 0,
    "attempts": 0,
    "surplus": 0,
    "repaired": 0,
    "rejected": {},
    "failed": {},
    "calls": 0,
    "tokens": {"input": 0, "output": 0},
    "cost": None,
    "seconds": 0.0,
    "models": {},
    "cells": [],
    "duplicates": {},
    "waiting": [],
    "output": None,
}


@dataclass(slots=True)
class RunFilter:
    """Which runs are wanted."""

    project: str | None = None
    state: str | None = None
    dataset: str | None = None
    recipe: str | None = None


class Runs:
    """The runs of a workspace, as they are told.

    Args:
        workspace: where they are.
        runner: who drives some of them.
    """

    def __init__(self, workspace: Workspace, runner: Runner) -> None:
        self._workspace = workspace
        self._runner = runner

    def seen(self, run: str, person: Person) -> StoredRun:
        """A run that somebody may see.

        Raises:
            NotFound: there is none.
        """
        stored = self._workspace.store.run(run)
        if stored is None or not person.sees(project_of(self._workspace, stored.dataset)):
            known = [one.id for one in self.listed(person, RunFilter())]
            raise NotFound(f"There is no run `{run}`.", nearest(run, known))
        return stored

    def listed(self, person: Person, wanted: RunFilter) -> list[StoredRun]:
        """The runs that somebody may see, the newest first."""
        store = self._workspace.store
        where = store.serving.places("dataset")
        homes = {name: next(iter(projects), DEFAULT) for name, projects in where.items()}
        return [
            run
            for run in store.runs(name=wanted.recipe, dataset=wanted.dataset)
            if person.sees(homes.get(run.dataset, DEFAULT))
            and wanted.project in (None, homes.get(run.dataset, DEFAULT))
            and wanted.state in (None, self._state(run))
        ]

    def _state(self, run: StoredRun) -> str:
        """A run's state; one whose driver has died is interrupted, whatever was written last."""
        if run.state != "running" or self._runner.goes_on(run):
            return run.state
        run, died = latest(self._workspace, run)
        return "interrupted" if died else run.state

    def item(self, run: StoredRun, *, short: bool = False) -> dict[str, Any]:
        """A run; `short` as it stands in lists."""
        held = self._runner.holds(run.id)
        run = run if held else latest(self._workspace, run)[0]
        driven = held or (run.state in UNENDED and self._runner.goes_on(run))
        figures = {**NONE, **(run.figures or {})} if driven else {**NONE, **figures_now(self._workspace, run)}
        state = run.state if driven else figures["state"]
        rate, left = self._pace(run, figures) if driven and state == "running" else (None, None)
        served = bool(run.options.get(SERVED))
        more = {
            "id": run.id,
            "run": run.id,
            "state": state,
            "message": run.message,
            "name": run.name,
            "kind": run.kind,
            "dataset": run.dataset,
            "project": project_of(self._workspace, run.dataset),
            "driven": driven,
            "owner": ("server" if held or served else "other") if driven else "",
            "wish": run.control,
            "rate": rate,
            "left": left,
            "notes": [*line_of(run.options), *(notes_of(run) if served else ())],
            **where_of(run.options),
            "created": run.created,
            "updated": run.updated,
        }
        told = {name: value for name, value in figures.items() if not (short and name in LONG)}
        return {**told, **more}

    def records(self, run: StoredRun, ended: Sequence[Ended]) -> list[dict[str, Any]]:
        """Slots that ended, as records of a run."""
        cells = cells_of(run.figures or {})
        return [record(one, cells) for one in ended]

    def _pace(self, run: StoredRun, figures: Mapping[str, Any]) -> tuple[float | None, float | None]:
        """Accepted records a second in the latest seconds, and the seconds left at that pace."""
        accepted, seconds = self._workspace.store.watching.pace(run.id, RECENT_SECONDS)
        if not accepted or seconds <= 0.0:
            return None, None
        rate = accepted / seconds
        return round(rate, 3), round(max(0, figures["asked"] - figures["accepted"]) / rate, 1)


def cells_of(figures: Mapping[str, Any]) -> dict[tuple[str, ...], dict[str, str]]:
    """The values of each cell by axis, found by the values alone."""
    return {tuple(one["cell"].values()): one["cell"] for one in figures.get("cells", ())}


def record(ended: Ended, cells: Mapping[tuple[str, ...], dict[str, str]]) -> dict[str, Any]:
    """How a slot ended, with what was made in it."""
    key = tuple(value for value in orjson.loads(ended.cell or "[]") if value is not None)
    return {
        "id": ended.id,
        "state": ended.state,
        "reason": ended.reason,
        "detail": ended.detail,
        "cell": cells.get(key, {}),
        "model": ended.model,
        "values": ended.values,
        "at": datetime.fromtimestamp(ended.at, UTC).isoformat(timespec="milliseconds"),
    }
