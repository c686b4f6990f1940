"""The report that a recipe asks for, as a job of the service when its run has ended."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from seedbed.core.errors import InputError, SeedbedError
from seedbed.core.parts import part_document
from seedbed.core.serving.jobs import Job, WantedJobs

from ...history import recipe_of, show
from ...options import Options
from ...own_run import SERVED
from ...reports.after import STATES, report_on
from ..belonging import project_of
from ..clock import from_now
from .models import check_models

if TYPE_CHECKING:
    from collections.abc import Callable

    from seedbed.core.stored import StoredRun
    from seedbed.recipe.document import Recipe

    from ...drive import Drive
    from ...reports.after import Reported
    from ...workspace import Workspace
    from .queue import JobQueue
    from .working import Working

RUN, UPTO, PROBLEM = "run", "upto", "problem"
"""In what such a job is asked: the run, its latest attempt, and why its report may not be made."""

MANY = 100
"""So many of the latest reports on a dataset are looked through for one that was asked for already."""

FIRST_DAYS, LATER_DAYS = 7.0, 0.1
"""How long ago a run may have ended at the first look, and at later ones."""

OUTPUT: Final = "`output: {}` is not written on the server: download the dataset instead."
REPORT: Final = "The report of the recipe is kept in Quality when the run has ended."

_log = logging.getLogger(__name__)


def add_report(workspace: Workspace, jobs: JobQueue, run: str, *, alone: bool) -> None:
    """Has the report made that the recipe of a run asks for, if it has ended with records.

    Args:
        workspace: where the run is.
        jobs: where the report is made.
        run: its id.
        alone: whether only the person at the machine uses this server.
    """
    try:
        stored, recipe = recipe_of(workspace, run)
        if recipe.report is None or stored.state not in STATES or not show(workspace, run).figures["accepted"]:
            return
        project = project_of(workspace, stored.dataset)
        asked = {RUN: run, UPTO: workspace.store.last_attempt(run), PROBLEM: ""}
        # Of several servers that saw the run end, one adds its report.
        with workspace.store.naming("+report"):
            if not _is_asked(workspace, stored.dataset, asked):
                asked[PROBLEM] = _problem(workspace, recipe, project, alone=alone)
                jobs.add(Job("", "report", stored.dataset, project, asked))
    except SeedbedError as error:  # the run itself went well
        _log.error("Whether %s is to have a report could not be looked up: %s", run, error.message)


class LateReports:
    """Asks for the reports of runs whose server ended before it had done so; `look` now and then.

    Args:
        workspace: where the runs are.
        add: has the report of a run made, unless it was asked for already.
    """

    def __init__(self, workspace: Workspace, add: Callable[[str], object]) -> None:
        self._workspace = workspace
        self._add = add
        self._days = FIRST_DAYS
        self._seen: set[tuple[str, str]] = set()

    def look(self) -> bool:
        """Looks at what has ended lately; False, as there is not more to do."""
        if self._workspace.exists:
            marks = self._workspace.store.watching.marks(from_now(-self._days))
            ended = {(mark.id, mark.updated) for mark in marks if mark.state in STATES}
            for run, _ in sorted(ended - self._seen):
                stored = self._workspace.store.run(run)
                if stored is not None and stored.options.get(SERVED):
                    self._add(run)
            self._seen, self._days = ended, LATER_DAYS
        return False


def report_of(working: Working, drive: Drive) -> Reported:
    """The report that the recipe of a run asks for; no page is written.

    Raises:
        InputError: there is nothing to report on, or the judges cannot be asked.
        RunFailed: a judge does not answer.
    """
    if working.asked.get(PROBLEM):
        raise InputError(str(working.asked[PROBLEM]), "Mend the recipe, or ask for a report without judges.")
    place, run = working.workspace, str(working.asked[RUN])
    stored, recipe = recipe_of(place, run)
    result = show(place, run)
    made = report_on(place, _without_page(recipe), _options(stored), result, drive, working.watch)
    if made is None:
        raise InputError(
            f"There is nothing to report on in the run {run}.",
            "Look at its rejected records for why none was accepted.",
        )
    return made


def notes_of(run: StoredRun) -> list[str]:
    """What of its recipe a run of the service does otherwise than the command line."""
    output, report = run.recipe.get("output"), run.recipe.get("report")
    return [*([OUTPUT.format(output)] if output else []), *([REPORT] if report else [])]


def _is_asked(workspace: Workspace, dataset: str, asked: dict[str, Any]) -> bool:
    known = workspace.store.jobs.jobs(WantedJobs(dataset, "report"), MANY)
    return any(all(job.asked.get(name) == asked[name] for name in (RUN, UPTO)) for job in known)


def _problem(workspace: Workspace, recipe: Recipe, project: str, *, alone: bool) -> str:
    judges: list[dict[str, Any]] = [part_document(one) for one in recipe.report.judges] if recipe.report else []
    try:
        check_models(workspace, {"checks": judges}, project, alone=alone)
    except InputError as error:
        return error.message
    return ""


def _without_page(recipe: Recipe) -> Recipe:
    assert recipe.report is not None
    return recipe.model_copy(update={"report": recipe.report.model_copy(update={"html": None})})


def _options(run: StoredRun) -> Options:
    return Options(Path(run.folder or "."), resume=run.id, served=True)
