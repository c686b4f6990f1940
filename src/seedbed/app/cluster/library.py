"""What the library's functions do where they are given an executor: the same, to folders of Parquet files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seedbed.core.dataset import Dataset
from seedbed.core.errors import InputError
from seedbed.executors.ray import Cluster
from seedbed.formats.parquet_parts import Parts

from ..data.folders import files_of, source_of_several
from ..output import Output
from ..stages import unwatched
from .augmenting import augment_by_blocks
from .checking import check_by_blocks, task_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..data.checked import Exam
    from ..data.wishes import Wishes


@dataclass(frozen=True, slots=True)
class Place:
    """Where data are worked on block by block, and where what comes of it is written; None of a path means nowhere.

    Raises:
        InputError: there is no such executor.
    """

    executor: str
    output: str | Path | None
    rejected: str | Path | None = None
    force: bool = False
    workers: int | None = None

    @property
    def cluster(self) -> Cluster:
        """Which cluster.

        Raises:
            InputError: there is none of that name.
        """
        return cluster_at(self.executor, self.workers)

    def target(self) -> Output:
        """Where it is written.

        Raises:
            InputError: it is not said.
        """
        if self.output is None:
            raise InputError("Where to? An executor writes a folder of Parquet files.", "For example: output='out'")
        return Output(Path(self.output), self.force)

    def rest(self) -> Output | None:
        """Where what was rejected is written."""
        return Output(Path(self.rejected), self.force) if self.rejected is not None else None


def cluster_at(executor: str, workers: int | None = None) -> Cluster:
    """The cluster of that name.

    Raises:
        InputError: there is none.
    """
    found = Cluster.of(executor, workers)
    if found is None:
        raise InputError('`executor="local"` is what is done without one.', "Leave `executor` out.")
    return found


def augmented(dataset: object, wishes: Wishes, place: Place) -> Dataset:
    """See `seedbed.augment`."""
    target = place.target()
    figures = augment_by_blocks(place.cluster, _named(dataset), wishes, target, unwatched)
    return _read(target, figures, figures["records"])


def checked(dataset: object, exam: Exam, plugins: Sequence[str], place: Place) -> tuple[Dataset, Dataset, Any]:
    """See `seedbed.check_records`; what was rejected is there if it is written."""
    target, rest = place.target(), place.rest()
    task = task_of(_named(dataset), exam, plugins, target, rest)
    figures = check_by_blocks(place.cluster, task, unwatched)
    gone = _read(rest, {}, figures["records"] - figures["kept"]) if rest else Dataset("rejected", [], [])
    return _read(target, {}, figures["kept"]), gone, figures


def _named(dataset: object) -> str:
    if not isinstance(dataset, str | Path):
        raise InputError("An executor works on Parquet files.", "Name a file, a folder or a pattern.")
    return str(dataset)


def _read(output: Output, figures: dict[str, Any], size: int) -> Dataset:
    """A dataset that is read when it is looked at."""
    name = str(output.path)
    columns = Parts.of(map(str, files_of(name))).columns
    return Dataset(output.path.stem, columns, source_of_several(name), figures, size)
