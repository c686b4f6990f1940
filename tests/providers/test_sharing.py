"""Several runs on one connection: its limits hold for all together, and they take turns."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from seedbed.providers.limits.gate import Bucket
from seedbed.providers.limits.sharing import Line, Share


def off() -> asyncio.Future[None]:
    return asyncio.get_running_loop().create_future()


async def settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


def played(scene: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(_awaited(scene), 20))


async def _awaited(scene: Callable[[], Awaitable[None]]) -> None:
    await scene()


def test_a_run_with_many_calls_waiting_does_not_keep_another_from_its_turn():
    async def scene() -> None:
        line, order = Line(1), ""
        long, short = line.share(), line.share()

        async def call(share: Share, name: str) -> None:
            nonlocal order
            assert await share.enter(10, off())
            order += name
            await asyncio.sleep(0)
            share.leave()

        first = [asyncio.create_task(call(long, "a")) for _ in range(20)]
        await asyncio.sleep(0)
        second = [asyncio.create_task(call(short, "b")) for _ in range(4)]
        await asyncio.gather(*first, *second)
        assert order.startswith(("aabababab", "ababababa")), order

    played(scene)


def test_no_more_calls_are_under_way_than_the_connection_takes():
    async def scene() -> None:
        line, inside, most = Line(3), 0, 0

        async def call(share: Share) -> None:
            nonlocal inside, most
            await share.enter(10, off())
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0.001)
            inside -= 1
            share.leave()

        shares = [line.share() for _ in range(5)]
        await asyncio.gather(*(call(share) for share in shares for _ in range(10)))
        assert most == 3

    played(scene)


def test_whoever_is_called_off_or_cancelled_leaves_no_gap():
    async def scene() -> None:
        line = Line(1)
        first, second = line.share(), line.share()
        assert await first.enter(1, off())
        ended = off()
        waiting = asyncio.create_task(second.enter(1, ended))
        cancelled = asyncio.create_task(second.enter(1, off()))
        await settle()
        ended.set_result(None)
        cancelled.cancel()
        assert await waiting is False
        await settle()
        last = asyncio.create_task(second.enter(1, off()))
        await settle()
        assert not last.done()
        first.leave()
        assert await last

    played(scene)


def test_a_turn_that_comes_in_the_moment_of_being_called_off_goes_to_the_next():
    async def scene() -> None:
        line = Line(1)
        share, other = line.share(), line.share()
        assert await share.enter(1, off())
        ended = off()
        waiting = asyncio.create_task(share.enter(1, ended))
        patient = asyncio.create_task(other.enter(1, off()))
        await settle()
        share.leave()
        ended.set_result(None)
        assert await waiting is False
        assert await patient

    played(scene)


def test_rates_hold_for_all_runs_together():
    now = 0.0
    bucket = Bucket(600, lambda: now)
    assert bucket.wait(1) == 0
    for _ in range(10):
        assert bucket.take(1) == 0
    assert round(bucket.wait(1), 6) == 0.1
    now = 0.2
    assert bucket.wait(2) == 0
    assert bucket.wait(1_000) > 0, "what is more than ever is in it waits until it is full"

    async def scene() -> None:
        loop = asyncio.get_running_loop()
        line = Line(10, Bucket(1200))
        shares = [line.share(), line.share()]
        start = loop.time()

        async def call(share: Share) -> None:
            await share.enter(1, off())
            share.leave()

        await asyncio.gather(*(call(share) for share in shares for _ in range(15)))
        assert loop.time() - start >= 0.45, "30 calls at 20 a second, of which 20 may come at once"

    played(scene)
