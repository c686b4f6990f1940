"""Runs jobs on a Ray cluster: each worker is an actor with an event loop and connections of its own."""

from __future__ import annotations

import asyncio
import logging
import threading
import warnings
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from seedbed.core.errors import InputError, MissingExtra

from .bench import Workbench
from .crew import Crew, Gone, Lending

if TYPE_CHECKING:
    from types import ModuleType

    from seedbed.core.attempt import Answered, Finished, Job
    from seedbed.core.errors import SeedbedError
    from seedbed.core.ports import Worker

NAME = "ray"

GROWTH = 5.0
"""How often the cluster is asked, in seconds, whether it has more processors now."""

LOOK = 0.3
"""How often it is looked, in seconds, whether the run's part of the limits has changed."""

MESSAGES = 64
"""Messages a worker may be dealing with at once; there are two or three."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """Which cluster, and how many workers there: one for each of its processors if not said. Without an address it is
    the one of this machine, or of RAY_ADDRESS; where there is none one is started and ends with the run."""

    address: str | None = None
    workers: int | None = None

    @classmethod
    def of(cls, executor: str, workers: int | None = None) -> Cluster | None:
        """What `ray` or `ray://host:port` names; None for `local`.

        Raises:
            InputError: it is none of these.
        """
        if executor in ("", "local"):
            if workers is not None:
                raise InputError("Workers are those of a cluster.", "Add: --executor ray")
            return None
        name, found, address = executor.partition("://")
        if name != NAME or (found and not address):
            raise InputError(
                f"There is no executor `{executor[:60]}`.",
                "Known: local, ray, ray://HOST:PORT (of Ray's client server).",
            )
        return cls(executor if found else None, workers)


class RayExecutor:
    """The `Executor` port on a cluster. Use it with `async with`: it is connected meanwhile.

    Args:
        cluster: where.
        lending: what workers are lent.
        most: so many workers are of use: those beyond have no call of the narrowest connection to make.
    """

    def __init__(self, cluster: Cluster, lending: Lending, most: int | None = None) -> None:
        self._cluster = cluster
        self._lending = lending
        self._most = most
        self._crew: Crew | None = None
        self._words: list[str] = []

    async def map(
        self, open_worker: Callable[[Any], Worker], spec: Any, jobs: AsyncIterator[Job]
    ) -> AsyncIterator[Answered | Finished]:
        """See `Executor.map`. `open_worker` is importable at the workers and is given a `Lent` with `spec` in it."""
        ray = required()
        size = await self._size(ray)
        crew = self._crew = Crew(_hiring(ray, self._own_processor(ray, size)), size, (open_worker, spec), self._lending)
        for word in self._words:
            crew.tell(word)
        feeder = asyncio.create_task(crew.feed(jobs))
        beside = (asyncio.create_task(self._grow(ray, crew)), asyncio.create_task(_divide(crew)))
        try:
            async for event in crew.events(feeder):
                yield event
        finally:
            for task in (feeder, *beside):
                task.cancel()
            await asyncio.gather(feeder, *beside, return_exceptions=True)
            await crew.close()

    def halt(self) -> None:
        """See `Models.halt`: at all workers."""
        self._say("halt")

    def leave(self) -> None:
        """See `Models.leave`: at all workers."""
        self._say("leave")

    def _say(self, word: str) -> None:
        self._words.append(word)
        if self._crew:
            self._crew.tell(word)

    async def _size(self, ray: ModuleType) -> int:
        wanted = self._cluster.workers
        if wanted is None:
            wanted = await asyncio.to_thread(_processors, ray)
        return max(1, min(wanted, self._most or wanted))

    def _own_processor(self, ray: ModuleType, size: int) -> bool:
        """Whether each worker takes a processor of the cluster for itself; more workers than those share them."""
        return self._cluster.workers is None or size <= _processors(ray)

    async def _grow(self, ray: ModuleType, crew: Crew) -> None:
        """Takes in processors that join, where their number says how many workers there are."""
        while self._cluster.workers is None:
            await asyncio.sleep(GROWTH)
            crew.grow(await self._size(ray))


@dataclass(slots=True)
class _Joined:
    """Ray has one connection for each process: how many runs use it, and whether it was made for them."""

    users: int = 0
    own: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)


_joined = _Joined()


class Connected:
    """The connection to a cluster, as a context, for one or several runs: one that was there already is left as it is.

    Raises:
        InputError: there is no such cluster.
        MissingExtra: Ray is not installed.
    """

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster

    async def __aenter__(self) -> None:
        joining = asyncio.ensure_future(asyncio.to_thread(self.__enter__))
        try:
            await asyncio.shield(joining)
        except asyncio.CancelledError:
            await asyncio.gather(joining, return_exceptions=True)
            if not joining.cancelled() and joining.exception() is None:
                await self.__aexit__()
            raise

    async def __aexit__(self, *_: object) -> None:
        await asyncio.to_thread(self.__exit__)

    def __enter__(self) -> None:
        ray = required()
        with _joined.lock:
            if not _joined.users and not ray.is_initialized():
                self._connect(ray)
                _joined.own = True
            _joined.users += 1

    def __exit__(self, *_: object) -> None:
        with _joined.lock:
            _joined.users -= 1
            if _joined.own and not _joined.users:
                _joined.own = False
                required().shutdown()

    def _connect(self, ray: ModuleType) -> None:
        how: dict[str, Any] = {"log_to_driver": False, "configure_logging": False}
        hush(ray)
        try:
            ray.init(address=self._cluster.address, **how)
        except (ConnectionError, ValueError, RuntimeError, OSError) as error:
            where = self._cluster.address or "on this machine"
            problem = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
            raise InputError(
                f"The Ray cluster {where} cannot be reached: {problem.rstrip('.')}.",
                "Is it started (`ray start --head`)? An address is that of its client server: ray://HOST:10001",
            ) from error


def hush(ray: ModuleType) -> None:
    """Keeps this process's Ray from telling of every dead worker and node on stdout, where our JSON goes."""
    with suppress(AttributeError):  # there is no public way: `log_to_driver` does not concern these lines
        ray._private.worker.print_to_stdstream = lambda *_, **__: None  # noqa: SLF001


def required() -> ModuleType:
    """Ray.

    Raises:
        MissingExtra: it is not installed.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import ray
    except ImportError as error:
        raise MissingExtra("The executor `ray`", "ray") from error
    logging.getLogger("ray").setLevel(logging.CRITICAL)
    found: ModuleType = ray
    return found


class _ActorLink:
    """The `Link` port to an actor."""

    def __init__(self, ray: ModuleType, actor: Any) -> None:
        self._ray = ray
        self._actor = actor

    async def lacking(self, spec: Any) -> list[str]:
        found: list[str] = await self._ask(self._actor.lacking, spec)
        return found

    async def open(
        self, open_worker: Callable[[Any], Any], spec: Any, keys: Mapping[str, str], terms: tuple[bool, int, int]
    ) -> SeedbedError | None:
        found: SeedbedError | None = await self._ask(self._actor.open, open_worker, spec, keys, terms)
        return found

    async def take(self, parcel: bytes) -> None:
        await self._ask(self._actor.take, parcel)

    async def news(self) -> bytes:
        told: bytes = await self._ask(self._actor.news)
        return told

    async def close(self) -> None:
        await self._ask(self._actor.close)

    def kill(self) -> None:
        with suppress(Exception):  # it is dead already
            self._ray.kill(self._actor)

    async def _ask(self, method: Any, *arguments: Any) -> Any:
        answer = asyncio.wrap_future(method.remote(*arguments).future())
        answer.add_done_callback(lambda done: done.cancelled() or done.exception())
        try:
            # Not cancelled with us: Ray Client would complain of its own answer then.
            return await asyncio.shield(answer)
        except (self._ray.exceptions.RayActorError, self._ray.exceptions.ObjectLostError) as error:
            raise Gone(str(error)) from error


async def _divide(crew: Crew) -> None:
    """Keeps to the run's part of the limits, which is another one as other runs come and go."""
    while True:
        await asyncio.sleep(LOOK)
        crew.divide()


def _hiring(ray: ModuleType, alone: bool) -> Callable[[], _ActorLink]:
    kind = ray.remote(Workbench).options(
        num_cpus=1 if alone else 0, max_concurrency=MESSAGES, max_restarts=0, scheduling_strategy="SPREAD"
    )
    return lambda: _ActorLink(ray, kind.remote())


def _processors(ray: ModuleType) -> int:
    return int(ray.cluster_resources().get("CPU", 1))
