"""The connections of a service: open once, whoever uses them, and used in turns; shared with other services."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING

from seedbed.core.errors import SeedbedError
from seedbed.providers.limits.gate import buckets
from seedbed.providers.limits.sharing import Line
from seedbed.providers.places import NO_SERVER
from seedbed.providers.reach import reaching

from ..models import open_access

if TYPE_CHECKING:
    from collections.abc import Callable

    from seedbed.core.connection import Connection
    from seedbed.core.ports import Provider
    from seedbed.providers.limits.sharing import Share
    from seedbed.providers.model_part import ModelFileSettings
    from seedbed.providers.reach import Reach

    from ..models import Access, Lend
    from .places import Places

Key = tuple[str, str | None]

LOOK_SECONDS = 2.0
"""Between two looks how many services use a connection."""


def everywhere(_: Connection) -> Reach:
    """Any address may be asked by any connection."""
    return "any"


@dataclass(slots=True)
class _Open:
    """A connection in use: who answers, its limits, by how many runs it is used, and what shares it with others."""

    provider: Provider
    line: Line
    sharing: asyncio.Task[None] | None = None
    users: int = 0

    def use(self, by: int, *, far: bool) -> None:
        """So many more runs use it."""
        self.users += by
        self.line.used(by, far=far)

    async def aclose(self) -> None:
        """Gives everything back."""
        await self.provider.aclose()
        if self.sharing is not None:
            self.sharing.cancel()
            with suppress(asyncio.CancelledError):
                await self.sharing


class Lines:
    """All connections that runs of a service use now; of one event loop.

    Args:
        files: where local model files are kept.
        check: which addresses a connection may ask; raises a `FieldError` for one that this service may not ask.
        places: those of other services that use the same connections, if there may be some.
    """

    def __init__(
        self, files: ModelFileSettings, check: Callable[[Connection], Reach] = everywhere, places: Places | None = None
    ) -> None:
        self._files = files
        self._check = check
        self._places = places
        self._open: dict[Key, _Open] = {}

    @asynccontextmanager
    async def lent(self, *, far: bool = False) -> AsyncIterator[Lend]:
        """What lends one run its parts of connections; they are given back when the context ends. `far` from here its
        workers ask by connections of their own, within its part."""
        mine: dict[Key, _Open] = {}

        def lend(access: Access, ceiling: int) -> tuple[Provider, Share]:
            key = (access.connection.model_dump_json(), access.key)
            if key not in mine:
                mine[key] = self._open.get(key) or self._opened(key, access, ceiling)
                self._open[key] = mine[key]
                mine[key].use(1, far=far)
            return mine[key].provider, mine[key].line.share()

        try:
            yield lend
        finally:
            for key, one in mine.items():
                one.use(-1, far=far)
                if not one.users:
                    if self._open.get(key) is one:
                        del self._open[key]
                    await one.aclose()

    def _opened(self, key: Key, access: Access, ceiling: int) -> _Open:
        reach = self._check(access.connection)  # also where it was saved by others, or its host is found elsewhere
        with reaching(reach):
            opened = _Open(open_access(access, self._files), Line(ceiling, *buckets(access.connection)))
        if self._places is not None and access.connection.provider not in NO_SERVER:
            name = blake2b(repr(key).encode(), digest_size=16).hexdigest()
            opened.sharing = asyncio.create_task(_shared(opened.line, self._places, name), name="sharing")
        return opened


async def _shared(line: Line, places: Places, name: str) -> None:
    """Keeps to this service's part of the limits until it is cancelled."""
    with ExitStack() as held:
        taking = asyncio.create_task(asyncio.to_thread(places.take, name, held))
        try:
            await asyncio.shield(taking)
            while True:
                line.divide(await asyncio.to_thread(places.count, name))
                await asyncio.sleep(LOOK_SECONDS)
        except SeedbedError:
            pass  # who cannot read the store ends anyway
        finally:
            with suppress(SeedbedError):
                await taking
