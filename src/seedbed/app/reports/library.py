"""The library's functions that prove what a dataset is worth."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from seedbed.core.dataset import Dataset
from seedbed.core.errors import InputError

from ..data.sources import source_named
from ..workspace import Workspace
from .evidence import let_judge, library_of
from .made import LABEL, cost_of, targets_of
from .report import COMPARE, Question, Report, measured, side_by_side

if TYPE_CHECKING:
    from seedbed.core.record import Record


def report(
    dataset: Dataset | Iterable[Record] | str | Path,
    *others: Dataset | Iterable[Record] | str | Path,
    compare: str | None = None,
    real: Dataset | Iterable[Record] | str | Path | None = None,
    real_train: Dataset | Iterable[Record] | str | Path | None = None,
    reference: Dataset | Iterable[Record] | str | Path | None = None,
    only: Sequence[str] = (),
    columns: Sequence[str] = (),
    label: str | None = None,
    near: float = 0.9,
    seed: int = 7,
    documents: Sequence[str] = (),
    grounded_with: str | None = None,
    workspace: str | Path | None = None,
) -> Report:
    """What a dataset is like: figures as data, what they mean, and a page that shows them.

    Args:
        dataset: records, a file, or the name of a dataset or run.
        others: further ones, to be set side by side with it; then the report is of that.
        compare: a column by whose values the records are set side by side, such as `model`.
        real: texts of the same kind that people wrote, to hold it against; those with labels, spans or answers are the
            test set of its usefulness.
        real_train: other such texts, to learn from: is the dataset as useful as they are, and more so with them?
        reference: a test set that must have nothing in common with it.
        only: the sections to compute, such as `duplicates`; all that can be if none are given.
        columns: those with the texts; the main ones if not given.
        label: the column with the label; `label` if not given.
        near: of how many words two texts must have the same to be near duplicates, as a share.
        seed: of the samples that some figures are taken from.
        documents: the files that questions and answers are about; those of the recipe if the dataset is a run's.
        grounded_with: a model (`connection:model`) that judges whether answers rest on their evidence; a run of its
            own, whose answers are kept.
        workspace: where datasets and runs are looked for; `.seedbed` if not given.

    Raises:
        InputError: the data cannot be read, or there is no such section or column.
        RunFailed: the model did not answer; what it did answer is kept.
    """
    with Workspace(workspace) as place:
        if others:
            _check_alone(compare=compare, real=real, reference=reference, only=only)
            question = Question((), columns, label, near, seed)
            return side_by_side(_asked(question, place, [dataset, *others]))
        name, source = source_named(dataset, place)
        question = Question(
            [*only, *([COMPARE] if only and compare else [])],
            columns,
            label,
            near,
            seed,
            compare=compare,
            real=source_named(real, place)[1] if real is not None else None,
            real_train=source_named(real_train, place)[1] if real_train is not None else None,
            reference=source_named(reference, place)[1] if reference is not None else None,
            library=library_of(place, str(dataset) if isinstance(dataset, str | Path) else "", documents),
        )
        if grounded_with:
            let_judge(question.library, place, source, grounded_with)
        return measured(name, source(), targeted(question, place, dataset))


def _check_alone(**given: object) -> None:
    for name, value in given.items():
        if value:
            raise InputError(f"--{name} goes with one dataset, not with several.", "Report on each by itself.")


def _asked(
    question: Question, place: Workspace, datasets: Sequence[Dataset | Iterable[Record] | str | Path]
) -> dict[str, tuple[Iterable[Record], Question]]:
    """The datasets by their names, which are told apart where two are the same."""
    asked: dict[str, tuple[Iterable[Record], Question]] = {}
    for number, dataset in enumerate(datasets, 1):
        name, source = source_named(dataset, place)
        if name in asked:
            name = (
                str(dataset) if isinstance(dataset, str | Path) and str(dataset) not in asked else f"{name} ({number})"
            )
        asked[name] = (source(), targeted(question, place, dataset))
    return asked


def targeted(question: Question, place: Workspace, dataset: object) -> Question:
    """The question with what a run's recipe asks for and what it took, where the dataset is a run's."""
    named = str(dataset) if isinstance(dataset, str | Path) and not Path(dataset).exists() else ""
    if not named:
        return question
    cost, found = cost_of(place, named), targets_of(place, named)
    made = replace(question, facts={"cost": cost} if cost else {})
    if found is None or (found[0][0] == LABEL and question.label not in (None, LABEL)):
        return made
    axes, targets = found
    return replace(made, axes=[axis for axis in axes if axis != LABEL], targets=targets)
