"""The library's functions that prove what a dataset is worth."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from seedbed.core.dataset import Dataset

from ..data.asked import Means, to_the_end
from ..data.sources import source_of
from ..workspace import Workspace
from .label_fixes import Fixing
from .label_queue import Queue, Search, queue
from .relabel import NAME, relabelling
from .report import Question, Report, measured
from .reviewed import Acceptance, read_queue, rows_of
from .targets import LABEL, targets_of

if TYPE_CHECKING:
    from seedbed.core.record import Record

    from ..existing import Source

Data: TypeAlias = "Dataset | Iterable[Record] | str | Path"
"""Records, a file, or the name of a dataset or run."""


def report(
    dataset: Data,
    *,
    real: Data | None = None,
    reference: Data | None = None,
    relabel_with: str | Callable[..., Any] | None = None,
    relabel_limit: int | None = None,
    settings: Mapping[str, Any] | None = None,
    new: bool = False,
    only: Sequence[str] = (),
    columns: Sequence[str] = (),
    label: str | None = None,
    near: float = 0.9,
    seed: int = 7,
    workspace: str | Path | None = None,
) -> Report:
    """What a dataset is like: figures as data, what they mean, and a page that shows them.

    Args:
        dataset: records, a file, or the name of a dataset or run.
        real: texts of the same kind that people wrote, to hold it against.
        reference: a test set that must have nothing in common with it.
        relabel_with: who is to label the records again without seeing their labels: `connection:model`, or what
            `robustness` takes as a model.
        relabel_limit: so many records at most, drawn by the seed.
        settings: how a language model is asked for that: fields of the recipe, as in `{"budget.cost": 2}`.
        new: ask it again what it was asked before.
        only: the sections to compute, such as `duplicates`; all that can be if none are given.
        columns: those with the texts; the main ones if not given.
        label: the column with the label; `label` if not given.
        near: of how many words two texts must have the same to be near duplicates, as a share.
        seed: of the samples that some figures are taken from.
        workspace: where datasets and runs are looked for; `.seedbed` if not given.

    Raises:
        InputError: the data cannot be read, or there is no such section or column.
        RunFailed: the model that is to label them again does not answer.
    """
    with Workspace(workspace) as place:
        means = Means(place, to_the_end, settings or {}, new, NAME, "relabel_with")
        relabel = relabelling(relabel_with, means, relabel_limit, seed)
        question = Question(only, columns, label, near, seed, relabel=relabel)
        return reported(place, dataset, question, real, reference)


def reported(
    place: Workspace,
    dataset: Data,
    question: Question,
    real: Data | None = None,
    reference: Data | None = None,
) -> Report:
    """See `report`.

    Raises:
        InputError: as there.
        RunFailed: as there.
    """
    name, source = source_named(dataset, place)
    question = replace(
        question,
        real=source_named(real, place)[1] if real is not None else None,
        reference=source_named(reference, place)[1] if reference is not None else None,
    )
    return measured(name, source(), targeted(question, place, dataset))


def label_suspects(
    dataset: Data,
    *,
    relabel_with: str | Callable[..., Any] | None = None,
    limit: int | None = None,
    settings: Mapping[str, Any] | None = None,
    new: bool = False,
    share: float | None = None,
    columns: Sequence[str] = (),
    label: str | None = None,
    seed: int = 7,
    workspace: str | Path | None = None,
) -> Queue:
    """Records whose labels are likely to be wrong, the most suspicious first, for a person to review.

    Args:
        dataset: records, a file, or the name of a dataset or run.
        relabel_with: who is to label the records again without seeing their labels: `connection:model`, or what
            `robustness` takes as a model.
        limit: so many records at most are labelled again, drawn by the seed.
        settings: how a language model is asked for that: fields of the recipe, as in `{"budget.cost": 2}`.
        new: ask it again what it was asked before.
        share: the part of the records that comes into the queue, instead of as many as are estimated to be wrong.
        columns: those with the texts; the main ones if not given.
        label: the column with the label; `label` if not given.
        seed: what random choices start from.
        workspace: where datasets and runs are looked for; `.seedbed` if not given.

    Returns:
        `rows` are records with `record`, `text`, `label`, `suggested`, `reason`, `score` (0 to 1) and an empty
        `accept`; `figures` the estimates.

    Raises:
        InputError: the data cannot be read, or have no two labels.
        RunFailed: the model that is to label them again does not answer.
    """
    with Workspace(workspace) as place:
        means = Means(place, to_the_end, settings or {}, new, NAME, "relabel_with")
        relabel = relabelling(relabel_with, means, limit, seed)
        return queue(source_named(dataset, place)[1](), Search(columns, label, seed, share, relabel))


def fix_labels(
    dataset: Data,
    reviewed: Iterable[Record] | str | Path,
    *,
    accept: str = "marked",
    columns: Sequence[str] = (),
    label: str = "label",
    workspace: str | Path | None = None,
) -> Dataset:
    """The data with the labels of a queue that are accepted; what they were before is in the column `label_before`.

    Args:
        dataset: what the queue was made of.
        reviewed: the rows of the queue, or the file with them.
        accept: which rows: `all`, those `marked` with yes in `accept`, `top:N` or `score:N`.
        columns: those with the texts, as they were given for the queue.
        label: the column with the label.
        workspace: where datasets and runs are looked for; `.seedbed` if not given.

    Returns:
        The records; `figures` tell which label became which, how often.

    Raises:
        InputError: the queue is not one of this data, or suggests a label that there is not.
    """
    acceptance = Acceptance.of(accept)
    rows = read_queue(Path(reviewed)) if isinstance(reviewed, str | Path) else rows_of(reviewed, "The queue")
    with Workspace(workspace) as place:
        name, source = source_named(dataset, place)
        fixing = Fixing(source, acceptance.chosen(rows), label, columns)
        return Dataset(f"{name}-fixed", fixing.columns, list(fixing.records()), fixing.figures)


def targeted(question: Question, place: Workspace, dataset: object) -> Question:
    """The question with what a run's recipe asks for, where the dataset is a run's."""
    named = str(dataset) if isinstance(dataset, str | Path) and not Path(dataset).exists() else ""
    found = targets_of(place, named) if named else None
    if found is None or (found[0][0] == LABEL and question.label not in (None, LABEL)):
        return question
    axes, targets = found
    return replace(question, axes=[axis for axis in axes if axis != LABEL], targets=targets)


def source_named(dataset: Data, place: Workspace) -> tuple[str, Source]:
    """A name for the data, and the records as often as they are wanted."""
    if isinstance(dataset, str | Path):
        return Path(dataset).name, source_of(place, str(dataset))
    if isinstance(dataset, Dataset):
        return dataset.name, lambda: iter(dataset)
    records = list(dataset)
    return "records", lambda: iter(records)
