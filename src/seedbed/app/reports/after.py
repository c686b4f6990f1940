"""The report that a recipe asks for, made when its run has ended."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seedbed.core.errors import InputError
from seedbed.core.fields import at
from seedbed.core.parts import part_document
from seedbed.core.stored import Selection
from seedbed.places.paths import has_folder

from ..data.checked import Exam, check_all
from ..data.checks_file import FIELDS
from ..options import Options
from ..output import OUT_OF_THE_WAY, identity
from ..own_run import find, save
from ..stages import unwatched
from .evidence import library_of
from .library import targeted
from .measuring import Marks, Question, measured
from .report import Report, write_page

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seedbed.core.part import Check
    from seedbed.core.stored import StoredRun
    from seedbed.recipe.document import Recipe

    from ..data.checked import Checked
    from ..drive import Drive
    from ..runs import RunResult
    from ..stages import Watch
    from ..workspace import Workspace

STATES = ("complete", "shortfall", "budget")
"""A run that ended in one of these is reported on."""

PAGE = "report"
"""In the options of a run: the page it wrote, to know it again."""


@dataclass(slots=True)
class Reported:
    """The report on a run, where its page is, and what could not be done."""

    report: Report
    page: Path | None
    problems: list[str]

    def document(self) -> dict[str, Any]:
        """It as plain data, for the figures of the run."""
        return {**self.report.document(), "html": str(self.page) if self.page else None}


def check_page(place: Workspace, recipe: Recipe, options: Options) -> None:
    """Whether the page can be written, before anything is asked.

    Raises:
        InputError: there is a file that the run did not write, or no such folder.
    """
    page = _page(recipe, options)
    if page is None:
        return
    with at("report", *(["html"] if recipe.report and recipe.report.html else [])):
        if not has_folder(page):
            raise InputError(f"The folder {page.parent} of the report does not exist.", "Make it first.")
        if not _free(page, find(place, recipe, options), options):
            raise InputError(f"The file {page} exists.", OUT_OF_THE_WAY.replace("with -o", "with `html`"))


def report_on(
    place: Workspace, recipe: Recipe, options: Options, result: RunResult, drive: Drive, watch: Watch = unwatched
) -> Reported | None:
    """Makes the report that the recipe asks for; None if it asks for none, or there is nothing to report on.

    `drive` runs what asks the judges, `watch` hears how far the measuring is.

    Raises:
        InputError: the judges cannot be asked.
    """
    wish = recipe.report
    if wish is None or result.state not in STATES or not result.figures["accepted"]:
        return None
    problems: list[str] = []
    hearing = _Hearing(place, recipe, options, drive, problems)
    marks = hearing.marks(wish.judges, result) if wish.judges else None
    only = [*wish.only, *(["judges"] if wish.only and marks else [])]
    question = replace(
        targeted(Question(only, watch=watch), place, result.run), marks=marks, library=library_of(place, result.run)
    )
    made = measured(result.run, place.store.records(Selection(run=result.run, reviewed=True)), question)
    page, run = _page(recipe, options), place.store.run(result.run)
    if page and run and (problem := _written(place, made, page, run, options)):
        problems.append(f"The page of the report was not written: {problem}")
        page = None
    return Reported(made, page, problems)


def _written(place: Workspace, made: Report, page: Path, run: StoredRun, options: Options) -> str:
    """Writes the page, which the run remembers; answers why that could not be done, else nothing."""
    if not _free(page, run, options):
        return f"the file {page} exists."
    try:
        write_page(made, page)
    except InputError as error:
        return error.message
    save(place, run, options={**run.options, PAGE: {"path": str(page), "file": identity(page)}})
    return ""


def _page(recipe: Recipe, options: Options) -> Path | None:
    """Where the page goes: beside the output, under the name the recipe gives it or one made of the output's."""
    if recipe.report is None:
        return None
    output = options.output.path if options.output else None
    if recipe.report.html:
        return (output.parent if output else Path.cwd()) / recipe.report.html
    return output.with_name(f"{output.stem}-report.html") if output else None


def _free(page: Path, run: StoredRun | None, options: Options) -> bool:
    """Whether it does not matter what is there: nothing, the user says so, or it is what this run wrote, untouched."""
    if not page.exists() or (options.output and options.output.force):
        return True
    return run is not None and run.options.get(PAGE) == {"path": str(page), "file": identity(page)}


@dataclass(slots=True)
class _Hearing:
    """Asks the judges one after the other, within what the run and those before left of its budget."""

    place: Workspace
    recipe: Recipe
    options: Options
    drive: Drive
    problems: list[str]

    def marks(self, judges: Sequence[Check], result: RunResult) -> Marks | None:
        """What the judges say; None if they could not all be heard."""
        names, figures = _names([one.kind for one in judges]), [result.figures]
        given: dict[str, list[float | None]] = {}
        reasons: dict[str, list[str]] = {}
        for name, judge in zip(names, judges, strict=True):
            left = _left(self.recipe, figures)
            if left is None:
                self.problems.append(f"The budget is spent: the judge {name} of the report was not asked.")
                return None
            found = self._heard(judge, left, result)
            if not found.ended:
                self.problems.append(f"The judge {name} was not heard to the end: the same command goes on from there.")
                return None
            figures.append(found.result.figures)
            given[name] = [_mark(found, judge.kind, place) for place in range(len(found.passed))]
            reasons[name] = [_reason(found, judge.kind, place) for place in range(len(found.passed))]
        return Marks(given, reasons)

    def _heard(self, judge: Check, left: Mapping[str, Any], result: RunResult) -> Checked:
        options = self.options
        fields = {name: value for name, value in self.recipe.document().items() if name in FIELDS}
        check = {**part_document(judge), "mode": "score"}
        exam = Exam(
            {**fields, "checks": [check], **left},
            Options(options.folder, concurrency=options.concurrency, plugins=options.plugins),
        )
        records = self.place.store.records(Selection(run=result.run, reviewed=True))
        return check_all(self.place, exam, records, result.columns, self.drive)


def _mark(found: Checked, kind: str, place: int) -> float | None:
    said = found.marks[place].findings.get(kind) if place in found.marks else None
    return float(said) if isinstance(said, int | float) else None


def _reason(found: Checked, kind: str, place: int) -> str:
    return str(found.marks[place].findings.get(f"{kind}_reason", "")) if place in found.marks else ""


def _names(kinds: Sequence[str]) -> list[str]:
    """A name for each judge: its kind, with a number where there are several of it."""
    return [
        kind if kinds.count(kind) == 1 else f"{kind} {kinds[: place + 1].count(kind)}"
        for place, kind in enumerate(kinds)
    ]


def _left(recipe: Recipe, figures: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    """What runs with these figures left of the budget; None if they left nothing."""
    spent = {
        "cost": sum(one.get("cost") or 0.0 for one in figures),
        "tokens": sum(sum(one["tokens"].values()) for one in figures),
        "calls": sum(one["calls"] for one in figures),
        "minutes": sum(one["seconds"] for one in figures) / 60,
    }
    left = {name: value - spent[name] for name, value in recipe.budget.model_dump(exclude_none=True).items()}
    if any(value <= 0 for value in left.values()):
        return None
    return {"budget": left} if left else {}
