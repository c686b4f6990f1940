"""Jobs that tell what a dataset is like: reports, and labels that are likely to be wrong."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from seedbed.core.serving import DEFAULT
from seedbed.core.serving.jobs import StoredReport

from ...data.asked import Means
from ...drive import run_to_end
from ...reports.evidence import library_of
from ...reports.labels.queue import Search, queue
from ...reports.labels.relabel import NAME, relabelling
from ...reports.library import targeted
from ...reports.measuring import COMPARE, Question, measured
from ...review import doubts
from ...review.reviewing import Reviewing
from .afterwards import RUN, report_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seedbed.recipe.document import Recipe

    from ...drive import Drive
    from ...options import Options
    from ...reports.labels.relabel import Relabel
    from ...reports.report import Report
    from ...runs import RunResult
    from ...workspace import Workspace
    from .working import Working


def report(working: Working) -> dict[str, Any]:
    """A report, which is kept.

    Raises:
        InputError: it cannot be made of these records.
        RunFailed: a model did not answer.
    """
    name, dataset = f"report-{working.job.number}", working.job.dataset
    made, problems = _of_run(working) if working.asked.get(RUN) else (_of_dataset(working), [])
    findings = [_named(one.document(), working.asked) for one in made.findings]
    working.store.quality.put_report(
        StoredReport(name, dataset, working.job.project, made.figures, findings, made.html())
    )
    return {"report": name, "records": made.figures["records"], "messages": problems}


def _named(finding: dict[str, Any], asked: Mapping[str, Any]) -> dict[str, Any]:
    """A finding whose actions name the datasets that were held against these, not what they were there for; one that
    nobody can name is left to the person to choose."""
    for action in finding["actions"]:
        if action["do"] == "dedup":
            named = {name: asked.get(role) for name, role in action["where"].items()}
            action["where"] = {name: dataset or "" for name, dataset in named.items()}
    return finding


def _of_run(working: Working) -> tuple[Report, list[str]]:
    found = report_of(working, _drive_in(working))
    return found.report, found.problems


def _of_dataset(working: Working) -> Report:
    asked, dataset = working.asked, working.job.dataset
    only = list(asked.get("only") or ())
    question = Question(
        [*only, *([COMPARE] if only and asked.get("compare") else [])],
        tuple(asked.get("columns") or ()),
        asked.get("label"),
        asked.get("near", 0.9),
        asked.get("seed", 7),
        compare=asked.get("compare"),
        relabel=_relabel(working),
        watch=working.watch,
        library=library_of(working.workspace, dataset),
    )
    held = {name: working.source(asked[name]) for name in ("real", "real_train", "reference") if asked.get(name)}
    question = targeted(replace(question, **held), working.workspace, dataset)  # type: ignore[arg-type]
    return measured(dataset, working.source()(), question)


def suspects(working: Working) -> dict[str, Any]:
    """Labels that are likely to be wrong, flagged in the review if that is wanted.

    Raises:
        InputError: the records have no two labels.
        RunFailed: the model that labels them again does not answer.
    """
    asked, label = working.asked, working.asked.get("label")
    desk = Reviewing(working.workspace, working.job.dataset, working.job.by) if asked["flag"] else None
    search = Search((), label, asked.get("seed", 7), asked.get("share"), _relabel(working))
    found = queue(working.source()(), search, working.watch)
    flagged = doubts.flag(desk, found.rows, label or "label") if desk else {"flagged": 0, "decided": 0}
    noise = found.figures["noise"]
    return {
        "suspects": found.figures["suspected"],
        **flagged,
        "estimate": noise.get("wrong"),
        "records": found.figures["records"],
        "share": noise.get("share"),
        "agreement": found.figures.get("agreement"),
        "examples": found.figures["suspects"],
        "figures": found.figures,
    }


def duplicates(working: Working) -> dict[str, Any]:
    """Records that say nearly what another one says, marked for the review.

    Raises:
        InputError: a column is not there, or none is known to hold texts.
    """
    desk = Reviewing(working.workspace, working.job.dataset, working.job.by)
    return desk.mark_duplicates(working.asked["near"], tuple(working.asked["columns"]), working.watch)


def _drive_in(working: Working) -> Drive:
    def drive(place: Workspace, recipe: Recipe, options: Options) -> RunResult:
        try:
            return run_to_end(place, recipe, options)
        finally:  # the texts that are asked about are not for other projects to see
            working.belong((run.dataset for run in place.store.runs(name=recipe.name)), working.job.project)

    return drive


def _relabel(working: Working) -> Relabel | None:
    asked = working.asked
    project = working.job.project
    # What another project has asked is not for this one to know.
    name = NAME if project == DEFAULT else f"{NAME}-{project}"
    means = Means(working.workspace, _drive_in(working), {}, new=False, name=name, option="relabel_with")
    return relabelling(asked.get("relabel_with"), means, asked.get("relabel_limit"), asked.get("seed", 7))
