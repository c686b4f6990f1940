"""The library's functions that find labels that are likely to be wrong, and change them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seedbed.core.dataset import Dataset

from ...data.asked import Means
from ...data.sources import several, source_named
from ...drive import run_to_end
from ...review import doubts
from ...workspace import Workspace
from .fixes import Fixing
from .queue import Queue, Search, queue
from .relabel import NAME, relabelling
from .reviewed import Acceptance, read_queue, rows_of

if TYPE_CHECKING:
    from seedbed.core.record import Record

    from ...data.sources import Data
    from .reviewed import Row


def label_suspects(
    dataset: Data,
    *,
    relabel_with: str | Callable[..., Any] | None = None,
    limit: int | None = None,
    settings: Mapping[str, Any] | None = None,
    new: bool = False,
    share: float | None = None,
    columns: str | Sequence[str] = (),
    label: str | None = None,
    seed: int = 7,
    flag: bool = False,
    by: str = "",
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
        flag: flag them in the review, where nobody has decided on them; `dataset` is one of the workspace then.
        by: who flags them; your user name if not given.
        workspace: where datasets and runs are looked for; `.seedbed` if not given.

    Returns:
        `rows` are records with `record`, `text`, `label`, `suggested`, `reason`, `score` (0 to 1) and an empty
        `accept`; `figures` the estimates.

    Raises:
        InputError: the data cannot be read, or have no two labels.
        RunFailed: the model that is to label them again does not answer.
    """
    with Workspace(workspace) as place:
        means = Means(place, run_to_end, settings or {}, new, NAME, "relabel_with")
        relabel = relabelling(relabel_with, means, limit, seed)
        desk = doubts.desk(place, dataset, by) if flag else None
        found = queue(source_named(dataset, place)[1](), Search(several(columns), label, seed, share, relabel))
        if desk:
            found.figures.update(doubts.flag(desk, found.rows, label or "label"))
        return found


def fix_labels(
    dataset: Data,
    reviewed: Queue | Iterable[Record] | str | Path | None = None,
    *,
    accept: str = "marked",
    columns: str | Sequence[str] = (),
    label: str = "label",
    keep: bool = False,
    by: str = "",
    workspace: str | Path | None = None,
) -> Dataset:
    """The data with the labels of a queue that are accepted; what they were before is in the column `label_before`.

    Args:
        dataset: what the queue was made of.
        reviewed: the queue, its rows, or the file with them; if not given, what is flagged in the review of `dataset`.
        accept: which rows: `all`, those `marked` with yes in `accept`, `top:N` or `score:N`.
        columns: those with the texts, as they were given for the queue.
        label: the column with the label.
        keep: change the labels in the review of `dataset` as well.
        by: who does it; your user name if not given.
        workspace: where datasets and runs are looked for; `.seedbed` if not given.

    Returns:
        The records; `figures` tell which label became which, how often.

    Raises:
        InputError: the queue is not one of this data, or suggests a label that there is not.
    """
    acceptance = Acceptance.of(accept)
    with Workspace(workspace) as place:
        name, source = source_named(dataset, place)
        desk = doubts.desk(place, dataset, by) if keep or reviewed is None else None
        if desk and reviewed is None:
            fixing = doubts.flagged_fixing(desk, source, acceptance, label, several(columns))
        else:
            fixing = Fixing(source, acceptance.chosen(_rows(reviewed or ())), label, several(columns))
        made = Dataset(f"{name}-fixed", fixing.columns, list(fixing.records()), fixing.figures)
        if desk and keep:
            doubts.accept(desk, fixing)
        return made


def _rows(reviewed: Queue | Iterable[Record] | str | Path) -> list[Row]:
    if isinstance(reviewed, str | Path):
        return read_queue(Path(reviewed))
    return rows_of(reviewed.rows if isinstance(reviewed, Queue) else reviewed, "The queue")
