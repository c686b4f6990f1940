"""The library's function that says what a dataset is like."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seedbed.core.errors import InputError
from seedbed.places.paths import path_of

from ..cluster.library import cluster_at
from ..cluster.reporting import report_by_blocks
from ..data.asked import Means
from ..data.sources import several, source_named
from ..drive import run_to_end
from ..stages import unwatched
from ..workspace import Workspace
from .evidence import let_judge, library_of
from .labels.relabel import NAME, relabelling
from .made import LABEL, cost_of, targets_of
from .measuring import COMPARE, Question, measured, side_by_side

if TYPE_CHECKING:
    from seedbed.core.record import Record

    from ..data.sources import Data
    from ..drive import Drive
    from ..existing import Source
    from .report import Report


def report(
    dataset: Data,
    *others: Data,
    compare: str | None = None,
    real: Data | None = None,
    real_train: Data | None = None,
    reference: Data | None = None,
    relabel_with: str | Callable[..., Any] | None = None,
    relabel_limit: int | None = None,
    settings: Mapping[str, Any] | None = None,
    new: bool = False,
    only: str | Sequence[str] = (),
    columns: str | Sequence[str] = (),
    label: str | None = None,
    near: float = 0.9,
    seed: int = 7,
    documents: Sequence[str] = (),
    grounded_with: str | None = None,
    executor: str | None = None,
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
        documents: the files that questions and answers are about; those of the recipe if the dataset is a run's.
        grounded_with: a model (`connection:model`) that judges whether answers rest on their evidence; a run of its
            own, whose answers are kept.
        executor: `ray`, or `ray://HOST:PORT`: Parquet (a file, a folder, a pattern) is read block by block on that
            cluster, for the sections whose counts add up; no other dataset goes with it.
        workspace: where datasets and runs are looked for; `.seedbed` if not given.

    Raises:
        InputError: the data cannot be read, or there is no such section or column.
        RunFailed: a model did not answer; what it did answer is kept.
    """
    if executor is not None:
        given = [*others, compare, real, real_train, reference, relabel_with, *documents, grounded_with]
        if any(one is not None for one in given) or not isinstance(dataset, str | Path):
            raise InputError(
                "An executor reports on one dataset of Parquet files.", "Leave out what it is held against."
            )
        plainly = Question(several(only), several(columns), label, near, seed)
        return report_by_blocks(cluster_at(executor), str(dataset), plainly, unwatched)
    with Workspace(workspace) as place:
        means = Means(place, run_to_end, settings or {}, new, NAME, "relabel_with")
        relabel = relabelling(relabel_with, means, relabel_limit, seed)
        question = Question(several(only), several(columns), label, near, seed, compare=compare, relabel=relabel)
        return reported(
            place, [dataset, *others], question, Beside(real, real_train, reference, documents, grounded_with)
        )


@dataclass(frozen=True, slots=True)
class Beside:
    """What a dataset is held against, as its user names it; see `report`. `drive` runs what asks a model for that."""

    real: Data | None = None
    real_train: Data | None = None
    reference: Data | None = None
    documents: Sequence[str] = ()
    grounded_with: str | None = None
    drive: Drive = run_to_end


def reported(place: Workspace, datasets: Sequence[Data], question: Question, beside: Beside) -> Report:
    """The report on a dataset, or on several side by side.

    Raises:
        InputError: as in `report`.
        RunFailed: as there.
    """
    if len(datasets) > 1:
        _check_alone(question, beside)
        return side_by_side(_asked(question, place, datasets))
    dataset = datasets[0]
    name, source = source_named(dataset, place)
    question = replace(
        question,
        only=[*question.only, *([COMPARE] if question.only and question.compare else [])],
        real=_source(beside.real, place),
        real_train=_source(beside.real_train, place),
        reference=_source(beside.reference, place),
        library=library_of(place, str(dataset) if isinstance(dataset, str | Path) else "", beside.documents),
    )
    if beside.grounded_with:
        let_judge(question.library, place, source, beside.grounded_with, beside.drive)
    return measured(name, source(), targeted(question, place, dataset))


def _source(data: Data | None, place: Workspace) -> Source | None:
    return None if data is None else source_named(data, place)[1]


def _check_alone(question: Question, beside: Beside) -> None:
    given = {
        "compare": question.compare,
        "only": question.only,
        "relabel-with": question.relabel,
        "real": beside.real,
        "real-train": beside.real_train,
        "reference": beside.reference,
        "documents": beside.documents,
        "grounded-with": beside.grounded_with,
    }
    for name, value in given.items():
        if value:
            raise InputError(f"--{name} goes with one dataset, not with several.", "Report on each by itself.")


def _asked(
    question: Question, place: Workspace, datasets: Sequence[Data]
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
    named = str(dataset) if isinstance(dataset, str | Path) and not path_of(dataset).exists() else ""
    if not named:
        return question
    cost, found = cost_of(place, named), targets_of(place, named)
    made = replace(question, facts={"cost": cost} if cost else {})
    if found is None or (found[0][0] == LABEL and question.label not in (None, LABEL)):
        return made
    axes, targets = found
    return replace(made, axes=[axis for axis in axes if axis != LABEL], targets=targets)
