"""The limits of a connection are divided where several services use it."""

from __future__ import annotations

import asyncio

from seedbed.providers.limits.gate import Bucket
from seedbed.providers.limits.sharing import Line, Share


async def inside(share: Share, calls: int) -> list[asyncio.Task[bool]]:
    """So many calls that want in, after those that may are in."""
    off: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    tasks = [asyncio.create_task(share.enter(1, off)) for _ in range(calls)]
    for _ in range(10):
        await asyncio.sleep(0)
    return [task for task in tasks if task.done()]


def test_a_part_of_the_calls_at_once_is_one_at_least_and_the_whole_comes_back():
    async def scene() -> tuple[int, int, int]:
        line = Line(8)
        line.divide(3)
        share = line.share()
        first = len(await inside(share, 20))
        line.divide(1)
        await asyncio.sleep(0)
        more = line._inside
        line.divide(100)
        for _ in range(8):
            line.leave()
        await asyncio.sleep(0)
        return first, more, line._inside

    assert asyncio.run(scene()) == (2, 8, 1)


def test_a_part_of_a_rate_is_kept_from_the_moment_on():
    now = [0.0]
    bucket = Bucket(600, clock=lambda: now[0])
    assert bucket.take(10) == 0
    bucket.divide(2)
    assert bucket.wait(5) == 1.0
    now[0] = 1.0
    assert bucket.wait(5) == 0
    bucket.divide(1)
    now[0] = 2.0
    assert bucket.wait(10) == 0
