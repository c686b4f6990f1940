"""The cluster that a server's runs may be worked on: its operator's choice, as who asks must not say where it goes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from seedbed.core.errors import InputError
from seedbed.executors.ray import Cluster

from ..options import LOCAL

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seedbed.core.stored import StoredRun

EXECUTOR, WORKERS = "executor", "workers"
"""In the options of a run: where it is worked on, and by how many workers, if that was said."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Where the runs of a server are worked on, if nothing else is said: `local`, or a cluster, by so many workers at
    most (one for each of its processors if not given)."""

    executor: str = LOCAL
    workers: int | None = None

    def checked(self) -> Elsewhere:
        """Itself.

        Raises:
            InputError: there is no such executor.
        """
        Cluster.of(self.executor, self.workers)
        return self

    @property
    def joins(self) -> bool:
        """Whether there is a cluster."""
        return self.executor != LOCAL

    def asked(self, where: str | None, workers: int | None, *, batch: bool) -> dict[str, Any]:
        """The options of a new run; `where` is `local`, or `ray` for the server's cluster.

        Raises:
            InputError: the server joins no cluster, or not with so many workers.
        """
        far = self.joins and not batch if where is None else where != LOCAL
        if not far and workers is not None:
            raise InputError("Workers are those of a cluster.", "Ask for the executor `ray`, or leave out `workers`.")
        if not far:
            return {EXECUTOR: LOCAL, WORKERS: None}
        self._check(batch=batch)
        if workers is not None and self.workers is not None and workers > self.workers:
            raise InputError(f"This server has its runs worked on by {self.workers} workers at most.", "Ask for fewer.")
        return {EXECUTOR: self.executor, WORKERS: workers or self.workers}

    def takes(self, run: StoredRun) -> bool:
        """Whether this server can drive a run where it is to be worked on."""
        return self.joins or not is_far(run.options)

    def of(self, run: StoredRun) -> dict[str, Any]:
        """Where a run is worked on that goes on; the address of a cluster is this server's.

        Raises:
            InputError: on a cluster, and this server joins none.
        """
        if not is_far(run.options):
            return {EXECUTOR: LOCAL, WORKERS: None}
        self._check()
        workers = run.options.get(WORKERS) or self.workers
        return {EXECUTOR: self.executor, WORKERS: min(workers, self.workers) if workers and self.workers else workers}

    def _check(self, *, batch: bool = False) -> None:
        if batch:
            raise InputError("`batch` does not go with an executor of several workers.", "Take the executor `local`.")
        if not self.joins:
            raise InputError("This server joins no cluster.", "Its operator can: seedbed serve --executor ray")


HERE = Elsewhere()
"""All runs are worked on by the server that drives them."""


def is_far(options: Mapping[str, Any]) -> bool:
    """Whether the options of a run say that it is worked on by a cluster."""
    return options.get(EXECUTOR, LOCAL) not in ("", LOCAL)


def where_of(options: Mapping[str, Any]) -> dict[str, Any]:
    """Where a run is worked on, as it is told: no address."""
    executor = str(options.get(EXECUTOR) or LOCAL).partition(":")[0]
    return {EXECUTOR: executor, WORKERS: options.get(WORKERS) if executor != LOCAL else None}


def line_of(options: Mapping[str, Any]) -> list[str]:
    """What a person should know of it."""
    if not is_far(options):
        return []
    workers = options.get(WORKERS)
    return [f"On Ray, {workers} worker{'s' * (workers > 1)}." if workers else "On Ray, a worker for each processor."]
