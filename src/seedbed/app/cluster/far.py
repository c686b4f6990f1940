"""Runs whose attempts are worked on elsewhere: what a worker is made of, as data, and how it is made there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from seedbed.core.errors import InputError
from seedbed.engine.desk import Floor
from seedbed.engine.embedding import Embeddings
from seedbed.engine.worker import Asked
from seedbed.executors.crew import Lending
from seedbed.executors.ray import Cluster, Connected, RayExecutor
from seedbed.recipe.document import Recipe

from .. import connections
from ..build import fresh_novelty, redaction_of, worker_of
from ..models import Access, ModelDoor, own
from ..recipes import load_plugins
from ..settings import environment_value, load_settings
from ..uniqueness.meaning import OWN

if TYPE_CHECKING:
    from collections.abc import Callable

    from seedbed.core.attempt import Answered, Finished, Job
    from seedbed.engine.budget import Budget
    from seedbed.executors.bench import Lent
    from seedbed.providers.prices import Price

    from ..build import Means
    from ..options import Options

__all__ = ["Connected", "WorkerSpec", "cluster_of", "floor_of", "open_worker"]


@dataclass(frozen=True, slots=True)
class WorkerSpec:
    """What a worker is made of, as plain data and without a key: `access` holds connections only."""

    recipe: dict[str, Any]
    access: Mapping[str, Access]
    prices: Mapping[str, Price | None]
    plugins: Sequence[str] = ()

    def lacking(self) -> list[str]:
        """See `Spec.lacking`: connections whose key is in no variable of this process."""
        return [name for name, one in self.access.items() if not _own_key(one)]


class Far:
    """The `FarWorker` port: a recipe's worker with models of its own."""

    def __init__(self, spec: WorkerSpec, lent: Lent) -> None:
        load_plugins(spec.plugins)
        recipe = Recipe.of(spec.recipe)
        access = {name: replace(one, key=_own_key(one) or lent.keys.get(name)) for name, one in spec.access.items()}
        names, files = connections.model_names(recipe), load_settings().files
        self._door = ModelDoor(access, names, recipe.fallback, lend=own(files), writers=list(recipe.model))
        asked = Asked(self._door, Embeddings(OWN), redaction_of(recipe, access))
        self._worker = worker_of(recipe, fresh_novelty(recipe), asked, lent.purse)
        self._say = lent.say

    async def prepare(self) -> None:
        """See `FarWorker.prepare`."""
        await self._door.prepare(self._say)

    @property
    def room(self) -> int:
        """See `Worker.room`."""
        return self._worker.room

    def share(self, place: int, of: int) -> None:
        """See `FarWorker.share`."""
        self._door.share(place, of)

    def halt(self) -> None:
        """See `Models.halt`."""
        self._door.halt()

    def leave(self) -> None:
        """See `Models.leave`."""
        self._door.leave()

    async def work(self, job: Job, answered: Callable[[Answered], None]) -> Finished:
        """See `Worker.work`."""
        return await self._worker.work(job, answered)

    async def aclose(self) -> None:
        """See `Worker.aclose`."""
        await self._worker.aclose()


def open_worker(lent: Lent) -> Far:
    """A worker of what it is lent, in the process that it works in.

    Raises:
        InputError: it cannot be made there: a plugin or a library is missing.
    """
    return Far(lent.spec, lent)


def cluster_of(recipe: Recipe, options: Options) -> Cluster | None:
    """The cluster that a run is worked on, if it is.

    Raises:
        InputError: there is no such executor, or the recipe is asked in batches.
    """
    cluster = Cluster.of(options.executor, options.workers)
    if cluster and recipe.batch:
        hint = "Leave out one of them: batches are for the provider to work on, and one machine waits for them."
        raise InputError("`batch` does not go with an executor of several workers.", hint)
    return cluster


def floor_of(
    cluster: Cluster, recipe: Recipe, means: Means, plugins: Sequence[str], say: Callable[[str], None]
) -> Callable[[Budget], Floor]:
    """Where the work of a run is done, given its budget."""
    bare = {name: replace(access, key=None) for name, access in means.access.items()}
    keys = {name: access.key for name, access in means.access.items() if access.key}
    spec = WorkerSpec(recipe.document(), bare, means.prices, plugins)

    def floor(budget: Budget) -> Floor:
        lending = Lending(budget if budget.counts else None, keys, say, lambda: means.door.parts)
        executor = RayExecutor(cluster, lending, means.door.narrowest)

        def halt() -> None:
            means.door.halt()
            executor.halt()

        def leave() -> None:
            means.door.leave()
            executor.leave()

        return Floor(executor, open_worker, halt, leave, spec)

    return floor


def _own_key(access: Access) -> str | None:
    variable = access.connection.key_env
    return environment_value(variable) if variable else None
