"""The loop on which limits are tested."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import TypeVar

import pytest

from .limits_play import Clock

T = TypeVar("T")


@pytest.fixture
def play(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Callable[[Clock], Awaitable[T]]], T]]:
    """Plays a story on such a loop; `time.monotonic` tells its time."""

    def run(story: Callable[[Clock], Awaitable[T]]) -> T:
        with asyncio.Runner(loop_factory=Clock) as runner:
            clock = runner.get_loop()
            assert isinstance(clock, Clock)
            monkeypatch.setattr(time, "monotonic", clock.time)
            return runner.run(_coroutine(story, clock))

    yield run
    monkeypatch.undo()


async def _coroutine(story: Callable[[Clock], Awaitable[T]], clock: Clock) -> T:
    return await story(clock)
