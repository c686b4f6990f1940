"""The library's functions: the same runs as the command line makes, in the same store."""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seedbed.core.connection import Connection
from seedbed.core.dataset import Dataset
from seedbed.core.errors import InputError, RunFailed
from seedbed.core.part import Check, Generator
from seedbed.core.record import Record
from seedbed.core.run import STOPPED
from seedbed.core.stored import Selection
from seedbed.formats.catalog import format_for
from seedbed.formats.files import write_file
from seedbed.places.paths import path_of
from seedbed.recipe.document import Parameters
from seedbed.recipe.document import Recipe as PlainRecipe

from .data.convert import columns_of
from .loop import run_blocking
from .options import LOCAL, Options
from .output import Output
from .recipe_file import RecipeFile
from .recipes import recipe_file
from .runs import RunResult
from .runs import generate as run_recipe
from .templates import resolve
from .workspace import Workspace

if TYPE_CHECKING:
    from typing import Self


class Recipe(PlainRecipe):
    """A recipe that can be loaded from a file, and then knows where its input files are."""

    _folder: Path | None = None

    @property
    def folder(self) -> Path:
        """Where its input files are looked for: the folder of its file, else the current one."""
        return self._folder or Path.cwd()

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Self:
        """A recipe from a plain document; templates it names come from the workspace (`SEEDBED_WORKSPACE`, `.seedbed`).

        Raises:
            InputError: names the first field that is wrong.
        """
        return super().of(resolve(document))

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """The recipe in a YAML or JSON file.

        Raises:
            InputError: the file cannot be read or a field is wrong; names file, line and field.
        """
        file = RecipeFile.read(path)
        with file.located():
            recipe = cls.of(file.document)
        recipe._folder = file.folder  # noqa: SLF001 - it is our own
        return recipe


def generate(
    recipe: PlainRecipe | Generator | Mapping[str, Any] | str | Path,
    *,
    model: str | Sequence[str] | Mapping[str, float] | None = None,
    checks: Sequence[Check | Mapping[str, Any] | str] | None = None,
    connections: Mapping[str, Connection | Mapping[str, Any]] | None = None,
    output: str | Path | None = None,
    workspace: str | Path | None = None,
    new: bool | None = None,
    resume: str | None = None,
    concurrency: int | None = None,
    executor: str = LOCAL,
    workers: int | None = None,
    force: bool = False,
    **fields: Any,
) -> Dataset:
    """Makes the records that are asked for; works in scripts and where an event loop runs already (notebooks).

    Args:
        recipe: a recipe, its file or document, or a generator alone; a text without a suffix that is no file is the
            name of a recipe saved in the workspace.
        model: who writes, as `connection:model`; a list or weights share the work.
        checks: instead of the recipe's.
        connections: further ones, by name.
        output: a file to write as well.
        workspace: the folder of the store; `.seedbed` here if not given.
        new: start afresh. Without it a recipe goes on with its unfinished run; a generator alone always starts afresh.
        resume: the id of a run to go on with.
        concurrency: calls at once for every connection.
        executor: where attempts are worked on: `local` is here, `ray` or `ray://HOST:PORT` a Ray cluster.
        workers: how many there are on the cluster; one for each of its processors if not given.
        force: overwrite an existing output file.
        fields: further fields of the recipe (`temperature=0.8`, `budget={"cost": 1}`, `seed=7` …).

    Returns:
        The accepted records; `dataset.figures` says how the run went (`figures["state"]` may be "shortfall" or
        "budget": what is missing stands in `figures["cells"]`). Where the output file could not be written in the end,
        a warning says why.

    Raises:
        InputError: something given cannot be used.
        RunFailed: the run could not go on; what was made is kept in the store.
    """
    prepared = prepare(recipe, _given(model, checks, connections, fields), workspace)
    options = _options(prepared, output, force, new, resume, concurrency)
    options.executor, options.workers = executor, workers
    return run_blocking(_generate(prepared, options, workspace))


async def agenerate(
    recipe: PlainRecipe | Generator | Mapping[str, Any] | str | Path,
    *,
    model: str | Sequence[str] | Mapping[str, float] | None = None,
    checks: Sequence[Check | Mapping[str, Any] | str] | None = None,
    connections: Mapping[str, Connection | Mapping[str, Any]] | None = None,
    output: str | Path | None = None,
    workspace: str | Path | None = None,
    new: bool | None = None,
    resume: str | None = None,
    concurrency: int | None = None,
    executor: str = LOCAL,
    workers: int | None = None,
    force: bool = False,
    **fields: Any,
) -> Dataset:
    """`generate` for code that is asynchronous itself; cancelling it interrupts the run, nothing accepted is lost."""
    prepared = prepare(recipe, _given(model, checks, connections, fields), workspace)
    options = _options(prepared, output, force, new, resume, concurrency)
    options.executor, options.workers = executor, workers
    return await _generate(prepared, options, workspace)


def read(path: str | Path) -> Dataset:
    """The records of a file: .csv, .tsv, .json, .jsonl, .parquet.

    Raises:
        InputError: the file does not exist or cannot be read as what its suffix says.
    """
    path = path_of(path)
    if not path.is_file():
        raise InputError(f"There is no file {path}.", "Check the path.")
    found = format_for(path)
    return Dataset(path.stem, columns_of(found.read(str(path))), lambda: found.read(str(path)))


def write(
    dataset: Dataset | Iterable[Record],
    path: str | Path,
    *,
    columns: Sequence[str] | None = None,
    force: bool = False,
    csv_safe: bool = False,
) -> int:
    """Writes records to a file, whole or not at all; answers how many there were.

    Args:
        dataset: what to write.
        path: where to; the suffix says in which format.
        columns: which columns, in which order; those of the dataset if not given.
        force: overwrite an existing file.
        csv_safe: write CSV so that spreadsheets execute nothing.

    Raises:
        InputError: the file exists, or cannot be written.
    """
    if columns is None:
        if not isinstance(dataset, Dataset):
            dataset = list(dataset)
            columns = columns_of(dataset)
        else:
            columns = dataset.columns
    return write_file(iter(dataset), str(path), columns, force=force, csv_safe=csv_safe)


class _Prepared:
    def __init__(self, recipe: PlainRecipe, file: RecipeFile | None = None, *, alone: bool = False) -> None:
        self.recipe = recipe
        self.folder = file.folder if file else Path.cwd()
        self.alone = alone
        self.located = file.located if file else nullcontext


def _given(model: Any, checks: Any, connections: Mapping[str, Any] | None, fields: dict[str, Any]) -> dict[str, Any]:
    """What the call says beside the recipe."""
    given = dict(fields)
    for name, value in (("model", model), ("checks", checks), ("connections", connections)):
        if value is not None:
            given[name] = dict(value) if isinstance(value, Mapping) else value
    return given


def prepare(recipe: Any, given: dict[str, Any], workspace: str | Path | None) -> _Prepared:
    """What is to be run, made of what a function was given."""
    if isinstance(recipe, str | Path):
        file = recipe_file(recipe, workspace)
        for name, value in given.items():
            file.change(name, value, "generate()")
        return _Prepared(file.recipe(workspace), file)
    if isinstance(recipe, Generator):
        model = Parameters.of(recipe).model or "embedded"
        document: dict[str, Any] = {"name": recipe.kind, "model": model, "generator": recipe}
        return _Prepared(PlainRecipe.of(document | given), alone="name" not in given)
    if isinstance(recipe, PlainRecipe):
        document = {
            name: getattr(recipe, name) for name in type(recipe).model_fields if name in recipe.model_fields_set
        }
        prepared = _Prepared(PlainRecipe.of(document | given) if given else recipe)
        prepared.folder = recipe.folder if isinstance(recipe, Recipe) else prepared.folder
        return prepared
    return _Prepared(PlainRecipe.of(resolve({**recipe, **given}, workspace)))


def _options(
    prepared: _Prepared,
    output: str | Path | None,
    force: bool,
    new: bool | None,
    resume: str | None,
    concurrency: int | None,
) -> Options:
    output = output or prepared.recipe.output
    target = Output(path_of(output).absolute(), force) if output else None
    fresh = prepared.alone if new is None else new
    return Options(prepared.folder, target, fresh, resume, concurrency)


async def _generate(prepared: _Prepared, options: Options, workspace: str | Path | None) -> Dataset:
    task = asyncio.current_task()
    cancelled_before = task.cancelling() if task else 0
    with prepared.located(), Workspace(workspace) as place:
        if prepared.recipe.report:
            from .reports.after import check_page

            check_page(place, prepared.recipe, options)
        result = await run_recipe(place, prepared.recipe, options)
        if prepared.recipe.report and result.state not in STOPPED:
            await _report(place, prepared.recipe, options, result)
        made = _dataset(place, result)
    if task is not None and task.cancelling() > cancelled_before:
        raise asyncio.CancelledError  # all is saved; whoever cancelled wants to see that it happened
    if result.state == "failed":
        raise RunFailed(result.message, result.hint)
    if result.unwritten:
        warnings.warn(f"{result.unwritten} The records are in the dataset: write them elsewhere.", stacklevel=2)
    return made


async def _report(place: Workspace, recipe: PlainRecipe, options: Options, result: RunResult) -> None:
    """Makes the report that the recipe asks for; it stands in the figures."""
    from .drive import run_to_end
    from .reports.after import report_on

    reported = await asyncio.to_thread(report_on, place, recipe, options, result, run_to_end)
    if reported:
        result.figures["report"] = reported.document()
        for problem in reported.problems:
            warnings.warn(problem, stacklevel=2)


def _dataset(workspace: Workspace, result: RunResult) -> Dataset:
    """The run's records as people left them; the workspace is open only while somebody looks at them."""
    folder = workspace.folder

    def records() -> Iterator[Record]:
        with Workspace(folder) as place:
            yield from place.store.records(Selection(run=result.run, reviewed=True))

    accepted: int = (result.figures.get("steps") or [result.figures])[-1]["accepted"]
    size = accepted - sum(workspace.store.reviews.declined(result.run).values())
    return Dataset(result.run, result.columns, records, result.figures, size)
