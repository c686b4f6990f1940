"""Work on blocks of data on a Ray cluster, streamed through Ray Data: what is told of each block comes in their order.

Two kinds of process take part beside the one that asks. The desk, an actor, decides: it has a block worked on by
whoever is free, and hears what is told of it, never the block. Workers are Ray Data's tasks.
"""

from __future__ import annotations

import importlib
import pickle
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from seedbed.core.errors import RunFailed, SeedbedError

from .ray import Connected, required

if TYPE_CHECKING:
    from types import ModuleType

    from .ray import Cluster

T = TypeVar("T")

LOOK = 0.25
"""Seconds between two looks how far the desk is."""

TOGETHER = 1000
"""Ranked rows that are handed on at once."""

Work = Callable[[Any, Any], Iterable[Any]]
"""What is done with a block: importable; takes the block's item and what is given to all, gives what is to be told."""

Job = Callable[["Passes", Any], T]
"""What is done at the desk: importable; takes passes over blocks and a specification."""


@dataclass(slots=True)
class Passes:
    """Passes over blocks; `workers` is how many are worked on at once, as many as there are processors if not said."""

    workers: int | None = None
    stage: Any = None

    def over(self, work: Work, items: Iterable[Any], given: Any = None) -> Iterator[Any]:
        """What is told of each item, in their order, as it comes.

        Raises:
            SeedbedError: what the work on one of them raises.
        """
        yield from (pickle.loads(told) for told in self._told(work, items, given))  # noqa: S301 - our own workers'

    def sorted(self, work: Work, items: Iterable[Any], given: Any = None) -> Iterator[Any]:
        """The same for work that tells pairs of a rank, two numbers, and something: by rank, the smallest first."""
        for told in self._told(work, items, given, ranked=True):
            yield pickle.loads(told)  # noqa: S301

    def _told(self, work: Work, items: Iterable[Any], given: Any, *, ranked: bool = False) -> Iterator[bytes]:
        import pyarrow as pa

        data = _data()
        tables = [pa.table({"item": [pickle.dumps(item)]}) for item in items]
        if not tables:
            return
        limit = {"concurrency": self.workers} if self.workers else {}
        rows = data.from_arrow(tables).map_batches(
            partial(_worked, ranked=ranked),
            batch_size=None,
            batch_format="pyarrow",
            zero_copy_batch=True,
            fn_kwargs={"work": work, "given": given},
            **limit,
        )
        if ranked:
            rows = rows.sort(["failed", "rank", "next"], descending=[True, False, False])
        for batch in rows.iter_batches(batch_size=None, batch_format="pyarrow"):
            for failed, told in zip(batch["failed"].to_pylist(), batch["told"].to_pylist(), strict=True):
                if failed:
                    raise pickle.loads(told)  # noqa: S301
                yield told


class Desk:
    """The actor that decides."""

    def __init__(self, workers: int | None) -> None:
        self._passes = Passes(workers)

    def run(self, job: Job[Any], spec: Any) -> tuple[Any, SeedbedError | None]:
        """Does the job: what came of it, or what went wrong."""
        ray = required()
        try:
            return job(self._passes, spec), None
        except SeedbedError as error:
            return None, error
        except ray.exceptions.RayError as error:
            return None, _lost(error)
        except Exception as error:  # noqa: BLE001 - told as one sentence, where the command was given
            return None, _failed(error)

    def stage(self) -> Any:
        """How far it is."""
        return self._passes.stage


def at_desk(cluster: Cluster, job: Job[T], spec: Any, watch: Callable[[Any], None]) -> T:
    """Does a job at a desk on the cluster.

    Raises:
        SeedbedError: what the job raises.
        InputError: there is no such cluster.
        RunFailed: a process of the cluster was lost for good.
    """
    ray = required()
    with Connected(cluster):
        desk = ray.remote(Desk).options(num_cpus=0, max_concurrency=2, max_restarts=0).remote(cluster.workers)
        try:
            value, error = _followed(ray, desk, desk.run.remote(job, spec), watch)
        except ray.exceptions.RayError as lost:
            raise _lost(lost) from lost
        finally:
            ray.kill(desk)  # with the work that it has others do
    if error:
        raise error
    done: T = value
    return done


def _followed(ray: ModuleType, desk: Any, running: Any, watch: Callable[[Any], None]) -> tuple[Any, Any]:
    while not ray.wait([running], timeout=LOOK)[0]:
        stage = ray.get(desk.stage.remote())
        if stage is not None:
            watch(stage)
    ended: tuple[Any, Any] = ray.get(running)
    return ended


def _worked(table: Any, *, work: Work, given: Any, ranked: bool) -> Iterator[Any]:
    """A task's: the rows that tell of its items."""
    for item in table["item"].to_pylist():
        try:
            told = iter(work(pickle.loads(item), given))  # noqa: S301 - our own desk's
            while rows := list(islice(told, TOGETHER if ranked else 1)):
                yield _rows(rows if ranked else [((0.0, 0), one) for one in rows])
        except SeedbedError as error:
            yield _rows([((0.0, 0), error)], failed=True)
        except Exception as error:  # noqa: BLE001 - told as one sentence, at the desk
            yield _rows([((0.0, 0), _failed(error))], failed=True)


def _rows(told: Sequence[tuple[tuple[float, int], Any]], *, failed: bool = False) -> Any:
    import pyarrow as pa

    said = pa.array([pickle.dumps(one) for _, one in told], pa.large_binary())
    ranks, following = [float(rank) for (rank, _), _ in told], [place for (_, place), _ in told]
    return pa.table({"told": said, "failed": [int(failed)] * len(told), "rank": ranks, "next": following})


def _data() -> Any:
    """Ray Data, which is to be quiet and to keep the order."""
    import ray.data

    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    context.execution_options.preserve_order = True
    strategies = getattr(importlib.import_module("ray.data.context"), "ShuffleStrategy", None)
    if strategies:  # the latest one takes ten seconds to sort next to nothing
        context.shuffle_strategy = strategies.SORT_SHUFFLE_PULL_BASED
    return ray.data


def _failed(error: Exception) -> RunFailed:
    place = traceback.extract_tb(error.__traceback__)[-1]
    said = f"{type(error).__name__}: {error} ({place.filename}, line {place.lineno})"
    return RunFailed(f"The work on a block failed: {said}.", "Nothing of the output is in place.")


def _lost(error: Exception) -> RunFailed:
    first = next((line.strip() for line in str(error).splitlines() if line.strip()), type(error).__name__)
    return RunFailed(
        f"The cluster lost what was worked on: {first.rstrip('.')[:200]}.",
        "Nothing of the output is in place; give the same command again.",
    )
