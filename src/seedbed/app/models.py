"""All models of a run behind one door: which connection, which limits, which fallback."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from seedbed.core.connection import split_model
from seedbed.core.errors import ProviderError
from seedbed.providers.catalog import open_provider
from seedbed.providers.limits import Limited

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from seedbed.core.chat import Capabilities, Completion, Request
    from seedbed.core.connection import Connection
    from seedbed.core.ports import Provider
    from seedbed.providers.model_part import ModelFileSettings

DEFAULT_CONCURRENCY = 32
LOCAL_CONCURRENCY = {"embedded": 1, "ollama": 2}


@dataclass(frozen=True, slots=True)
class Access:
    """A connection with its key, resolved; stays in memory only."""

    connection: Connection
    key: str | None = None


class ModelDoor:
    """The `Models` port over named connections.

    Args:
        access: connection name → how to reach it.
        models: the user's names of the models of the run.
        fallback: a model that answers when another is out of order.
        files: where local model files are kept.
        writers: those of the models that write; how many jobs may be under way depends on their connections alone.
    """

    def __init__(
        self,
        access: Mapping[str, Access],
        models: Sequence[str],
        fallback: str | None = None,
        *,
        files: ModelFileSettings,
        writers: Sequence[str] = (),
    ) -> None:
        self._limited: dict[str, Limited] = {}
        self._routes: dict[str, tuple[Limited, str]] = {}
        self._fallback = fallback
        self._down: dict[str, ProviderError] = {}
        for name in [*models, *([fallback] if fallback else [])]:
            connection, model = split_model(name)
            if connection not in self._limited:
                self._limited[connection] = _limited(access[connection], files)
            self._routes[name] = (self._limited[connection], model)
        self._main = {id(self._routes[name][0]): self._routes[name][0] for name in writers or models}

    def brake(self, may_repeat: Callable[[int], bool]) -> None:
        """`may_repeat(tries)` is asked before a call that was made `tries` times is made again."""
        for limited in self._limited.values():
            limited.may_repeat = may_repeat

    async def prepare(self, say: Callable[[str], None]) -> None:
        """Makes local models ready, which may mean a download; `say` hears of it.

        Raises:
            SeedbedError: a model file cannot be had.
        """
        for limited, model in dict.fromkeys(self._routes.values()):
            prepare = getattr(limited.provider, "prepare", None)
            if prepare is not None:
                await prepare(model, DownloadNews(say), say)

    @property
    def room(self) -> int:
        """See `Models.room`."""
        return sum(limited.room for limited in self._main.values())

    def capabilities(self, model: str) -> Capabilities:
        """See `Models.capabilities`."""
        name = self._fallback if self._fallback and model in self._down else model
        return self._routes[name][0].capabilities

    async def complete(self, request: Request) -> Completion:
        """See `Models.complete`."""
        name = request.model
        if name in self._down and self._fallback:
            return await self._ask(self._fallback, request)
        try:
            return await self._ask(name, request)
        except ProviderError as error:
            if not (self._fallback and name != self._fallback and (error.fatal or error.gave_up)):
                raise
            self._down[name] = error
            completion = await self._ask(self._fallback, request)
            return completion.by(self._fallback, completion.tries + error.tries)

    async def aclose(self) -> None:
        """See `Models.aclose`."""
        for limited in self._limited.values():
            await limited.aclose()

    async def _ask(self, name: str, request: Request) -> Completion:
        limited, model = self._routes[name]
        completion = await limited.complete(request.to(model))
        return completion.by(name, completion.tries)


def open_access(access: Access, files: ModelFileSettings) -> Provider:
    """The provider of a resolved connection; the embedded one keeps its files where the settings say."""
    connection = access.connection
    if connection.provider == "embedded":
        from seedbed.providers.embedded import Embedded

        return Embedded(connection, files=files)
    return open_provider(connection, access.key)


def _limited(access: Access, files: ModelFileSettings) -> Limited:
    connection = access.connection
    default = LOCAL_CONCURRENCY.get(connection.provider, DEFAULT_CONCURRENCY)
    return Limited(open_access(access, files), connection, connection.concurrency or default)


class DownloadNews:
    """Tells about a download every few seconds: one line each, fit for logs and terminals alike."""

    def __init__(self, say: Callable[[str], None], every: float = 2.0) -> None:
        self._say = say
        self._every = every
        self._at = time.monotonic()
        self._start: int | None = None

    def __call__(self, done: int, total: int) -> None:
        """`done` of `total` bytes are here."""
        now = time.monotonic()
        if self._start is None:
            self._start = done
        if now - self._at >= self._every or (done >= total > self._start):
            self._at = now
            filled = 24 * done // max(1, total)
            bar = "█" * filled + "░" * (24 - filled)
            self._say(f"  {bar} {done / 1e6:,.0f} of {total / 1e6:,.0f} MB")
