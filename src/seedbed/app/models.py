"""All models of a run behind one door: which connection, which limits, which fallback."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from seedbed.core.connection import split_model
from seedbed.core.errors import ProviderError
from seedbed.providers.batch.batched import Batched
from seedbed.providers.batch.wires import wire_of
from seedbed.providers.catalog import open_provider
from seedbed.providers.limits.breaker import ENDLESS, PATIENCE, Patience
from seedbed.providers.limits.limited import Limited

from .operation.downloads import DownloadNews

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seedbed.core.batches import BatchBook
    from seedbed.core.chat import Capabilities, Completion, Request
    from seedbed.core.connection import Connection
    from seedbed.core.ports import Provider
    from seedbed.providers.limits.sharing import Share
    from seedbed.providers.model_part import ModelFileSettings

DEFAULT_CONCURRENCY = 32
LOCAL_CONCURRENCY = {"embedded": 1, "ollama": 2}
OF_A_PROCESS = frozenset({"embedded", "scripted"})
"""Providers that every process has for itself: nothing is shared between workers, and waiting mends nothing."""

MOST_BORNE = 2_000
"""So many jobs may wait for a connection that is out of order, beside those of others that are not."""


@dataclass(frozen=True, slots=True)
class Access:
    """A connection with its key, resolved; stays in memory only."""

    connection: Connection
    key: str | None = field(default=None, repr=False)


Lend: TypeAlias = "Callable[[Access, int], tuple[Provider, Share | None]]"
"""Who answers for a connection that takes so many calls at once; with the share of it, if others use it, too."""


def own(files: ModelFileSettings) -> Lend:
    """Connections that nobody else uses; `files` says where local model files are kept."""
    return lambda access, _: (open_access(access, files), None)


class ModelDoor:
    """The `Models` port over named connections.

    Args:
        access: connection name → how to reach it.
        models: the user's names of the models of the run.
        fallback: a model that answers when another is out of order.
        lend: what opens the connections.
        batched: the connections that are asked in batches.
        writers: those of the models that write; how many jobs may be under way depends on their connections alone.
        patience: how soon it is clear that an address is out of order.
    """

    def __init__(  # noqa: PLR0913 - named, all of them
        self,
        access: Mapping[str, Access],
        models: Sequence[str],
        fallback: str | None = None,
        *,
        lend: Lend,
        writers: Sequence[str] = (),
        batched: Collection[str] = (),
        patience: Patience = PATIENCE,
    ) -> None:
        self._limited: dict[str, Limited] = {}
        self._shared: list[Limited] = []
        self._routes: dict[str, tuple[Limited, str]] = {}
        self._fallback = fallback
        self._instead: dict[str, str] = {}
        for name in [*models, *([fallback] if fallback else [])]:
            connection, model = split_model(name)
            if connection not in self._limited:
                reached = access[connection]
                in_batches = _batched(connection, reached, lend) if connection in batched else None
                self._limited[connection] = in_batches or _limited(reached, lend, patience)
                if reached.connection.provider not in OF_A_PROCESS:
                    self._shared.append(self._limited[connection])
            self._routes[name] = (self._limited[connection], model)
            if fallback not in (None, name):
                self._limited[connection].replaceable.add(model)
        self._writers = tuple(writers or models)
        self._main = self._of_writers()

    async def prepare(self, say: Callable[[str], None]) -> None:
        """Makes local models ready, which may mean a download; `say` hears of it, and later of long pauses.

        Raises:
            SeedbedError: a model file cannot be had.
        """
        for name, limited in self._limited.items():
            limited.say, limited.tell = partial(_say_pause, say, name), partial(_tell, say, name)
            if isinstance(limited.provider, Batched):
                limited.provider.say = say
        for limited, model in dict.fromkeys(self._routes.values()):
            prepare = getattr(limited.provider, "prepare", None)
            if prepare is not None:
                await prepare(model, DownloadNews(say), say)

    @property
    def room(self) -> int:
        """See `Models.room`."""
        waiting = [one.outage.waiting for one in self._main if one.outage]
        beside = min(sum(waiting), MOST_BORNE) if len(waiting) < len(self._main) else 0
        return sum(limited.room for limited in self._main) + beside

    def hurry(self) -> None:
        """From now on no connection is waited for that is out of order: somebody looks on."""
        for limited in self._limited.values():
            limited.bears = 0.0

    def waiting(self) -> list[str]:
        """A sentence about each connection that is waited for: it is out of order, or has been asked in batches."""
        return [f"{name} {words}" for name, one in self._limited.items() if (words := _awaited(one))]

    @property
    def narrowest(self) -> int | None:
        """How many calls at once the connection takes that takes the fewest, of those that workers share."""
        return min((limited.gate.ceiling for limited in self._shared), default=None)

    @property
    def parts(self) -> int:
        """In how many parts the limits are divided of which this run has one; see `Line.parts`."""
        return max((limited.parts for limited in self._shared), default=1)

    def share(self, place: int, of: int) -> None:
        """From now on this is number `place` of `of` doors that keep the connections' limits together."""
        for limited in self._shared:
            limited.part(place, of)

    def capabilities(self, model: str) -> Capabilities:
        """See `Models.capabilities`."""
        return self._routes[self._instead.get(model, model)][0].capabilities

    async def complete(self, request: Request) -> Completion:
        """See `Models.complete`."""
        name = request.model if request.embed is not None else self._instead.get(request.model, request.model)
        limited, model = self._routes[name]
        try:
            completion = await limited.complete(request.to(model))
        except ProviderError as error:
            error.model = name
            if request.embed is None:  # vectors of two models cannot be compared
                self._hand_over(name, error)
            raise
        return completion.by(name, completion.tries)

    async def take_up(self, book: BatchBook) -> None:
        """Writes down what is handed over in batches from now on, and waits for what was handed over before.

        Raises:
            ProviderError: it cannot be found out what was.
        """
        for limited in self._limited.values():
            if isinstance(limited.provider, Batched):
                await limited.provider.take_up(book)

    async def cancel(self, book: BatchBook) -> int:
        """Cancels at their providers the batches that may still be answered; answers how many.

        Raises:
            ProviderError: a provider does not answer.
        """
        providers = [limited.provider for limited in self._limited.values()]
        return sum([await one.cancel(book) for one in providers if isinstance(one, Batched)])

    def leave(self) -> None:
        """See `Models.leave`."""
        for limited in self._limited.values():
            if isinstance(limited.provider, Batched):
                limited.provider.leave()

    def halt(self) -> None:
        """See `Models.halt`."""
        for limited in self._limited.values():
            limited.halt()

    async def aclose(self) -> None:
        """See `Models.aclose`."""
        for limited in self._limited.values():
            await limited.aclose()

    def _hand_over(self, name: str, error: ProviderError) -> None:
        """To the fallback goes whatever was tried in vain, and from now on all questions to a model out of order."""
        if not self._fallback or name == self._fallback or error.unsent:
            return
        if error.gave_up:
            self._instead[name] = self._fallback
            self._main = self._of_writers()
        if error.gave_up or error.retryable:
            error.instead = self._fallback

    def _of_writers(self) -> list[Limited]:
        """Each connection once over which models write now."""
        names = (self._instead.get(name, name) for name in self._writers)
        return list(dict.fromkeys(self._routes[name][0] for name in names))


def open_access(access: Access, files: ModelFileSettings) -> Provider:
    """The provider of a resolved connection; the embedded one keeps its files where the settings say."""
    connection = access.connection
    if connection.provider == "embedded":
        from seedbed.providers.embedded import Embedded

        return Embedded(connection, files=files)
    return open_provider(connection, access.key)


def _limited(access: Access, lend: Lend, patience: Patience) -> Limited:
    connection = access.connection
    ceiling = _ceiling(connection)
    provider, share = lend(access, ceiling)
    if connection.provider in OF_A_PROCESS:
        connection = connection.model_copy(update={"patience": 0.0})
    return Limited(provider, connection, ceiling, patience, share)


def _ceiling(connection: Connection) -> int:
    return connection.concurrency or LOCAL_CONCURRENCY.get(connection.provider, DEFAULT_CONCURRENCY)


def _batched(name: str, access: Access, lend: Lend) -> Limited | None:
    """A connection that is asked in batches: as many calls are under way as those hold, at no rate of ours."""
    connection = access.connection
    provider, share = lend(access, _ceiling(connection))
    wire = wire_of(connection, provider)
    if wire is None:
        return None
    batched = Batched(wire.dialect, wire, connection, name, owned=share is None)
    unpaced = connection.model_copy(update={"requests_per_minute": None, "tokens_per_minute": None, "patience": 0.0})
    return Limited(batched, unpaced, connection.batch.size * connection.batch.slices, ENDLESS)


def _awaited(limited: Limited) -> str:
    if limited.outage:
        return limited.outage.words()
    return limited.provider.words() if isinstance(limited.provider, Batched) else ""


def _say_pause(say: Callable[[str], None], name: str, seconds: float, why: str) -> None:
    say(f"Waiting {seconds:.0f} s for {name}: {why}")


def _tell(say: Callable[[str], None], name: str, what: str) -> None:
    say(f"{name} {what}")
