"""The connections of a service: open once, whoever uses them, and used in turns."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from seedbed.providers.limits import buckets
from seedbed.providers.sharing import Line

from ..models import open_access

if TYPE_CHECKING:
    from collections.abc import Callable

    from seedbed.core.connection import Connection
    from seedbed.core.ports import Provider
    from seedbed.providers.model_part import ModelFileSettings
    from seedbed.providers.sharing import Share

    from ..models import Access, Lend


@dataclass(slots=True)
class _Open:
    """A connection in use: who answers, its limits, and by how many runs it is used."""

    provider: Provider
    line: Line
    users: int = 0


class Lines:
    """All connections that runs of a service use now; of one event loop.

    Args:
        files: where local model files are kept.
        check: raises a `FieldError` for a connection that this service may not ask.
    """

    def __init__(self, files: ModelFileSettings, check: Callable[[Connection], object] = bool) -> None:
        self._files = files
        self._check = check
        self._open: dict[tuple[str, str | None], _Open] = {}

    @asynccontextmanager
    async def lent(self) -> AsyncIterator[Lend]:
        """What lends one run its parts of connections; they are given back when the context ends."""
        mine: dict[tuple[str, str | None], _Open] = {}

        def lend(access: Access, ceiling: int) -> tuple[Provider, Share]:
            key = (access.connection.model_dump_json(), access.key)
            if key not in mine:
                mine[key] = self._open.get(key) or self._opened(access, ceiling)
                self._open[key] = mine[key]
                mine[key].users += 1
            return mine[key].provider, mine[key].line.share()

        try:
            yield lend
        finally:
            for key, one in mine.items():
                one.users -= 1
                if not one.users:
                    if self._open.get(key) is one:
                        del self._open[key]
                    await one.provider.aclose()

    def _opened(self, access: Access, ceiling: int) -> _Open:
        self._check(access.connection)  # also where it was saved by others, or its host is found elsewhere by now
        return _Open(open_access(access, self._files), Line(ceiling, *buckets(access.connection)))
