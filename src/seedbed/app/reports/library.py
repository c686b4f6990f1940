"""The library's functions that prove what a dataset is worth."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from seedbed.core.dataset import Dataset

from ..data.sources import source_of
from ..workspace import Workspace
from .report import Question, Report, measured
from .targets import LABEL, targets_of

if TYPE_CHECKING:
    from seedbed.core.record import Record

    from ..existing import Source


def report(
    dataset: Dataset | Iterable[Record] | str | Path,
    *,
    real: Dataset | Iterable[Record] | str | Path | None = None,
    real_train: Dataset | Iterable[Record] | str | Path | None = None,
    reference: Dataset | Iterable[Record] | str | Path | None = None,
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
        real: texts of the same kind that people wrote, to hold it against; those with labels, spans or answers are the
            test set of its usefulness.
        real_train: other such texts, to learn from: is the dataset as useful as they are, and more so with them?
        reference: a test set that must have nothing in common with it.
        only: the sections to compute, such as `duplicates`; all that can be if none are given.
        columns: those with the texts; the main ones if not given.
        label: the column with the label; `label` if not given.
        near: of how many words two texts must have the same to be near duplicates, as a share.
        seed: of the samples that some figures are taken from.
        workspace: where datasets and runs are looked for; `.seedbed` if not given.

    Raises:
        InputError: the data cannot be read, or there is no such section or column.
    """
    with Workspace(workspace) as place:
        name, source = source_named(dataset, place)
        question = Question(
            only,
            columns,
            label,
            near,
            seed,
            real=source_named(real, place)[1] if real is not None else None,
            real_train=source_named(real_train, place)[1] if real_train is not None else None,
            reference=source_named(reference, place)[1] if reference is not None else None,
        )
        return measured(name, source(), targeted(question, place, dataset))


def targeted(question: Question, place: Workspace, dataset: object) -> Question:
    """The question with what a run's recipe asks for, where the dataset is a run's."""
    named = str(dataset) if isinstance(dataset, str | Path) and not Path(dataset).exists() else ""
    found = targets_of(place, named) if named else None
    if found is None or (found[0][0] == LABEL and question.label not in (None, LABEL)):
        return question
    axes, targets = found
    return replace(question, axes=[axis for axis in axes if axis != LABEL], targets=targets)


def source_named(dataset: Dataset | Iterable[Record] | str | Path, place: Workspace) -> tuple[str, Source]:
    """A name for the data, and the records as often as they are wanted."""
    if isinstance(dataset, str | Path):
        return Path(dataset).name, source_of(place, str(dataset))
    if isinstance(dataset, Dataset):
        return dataset.name, lambda: iter(dataset)
    records = list(dataset)
    return "records", lambda: iter(records)
