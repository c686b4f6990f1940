from __future__ import annotations

import asyncio

import pytest
from aiohttp import web

from seedbed.core.errors import ProviderError
from seedbed.providers.deadlines import Deadlines
from seedbed.providers.http import Http


def test_a_task_that_stays_too_long_gets_a_timeout() -> None:
    async def run() -> None:
        deadlines = Deadlines()
        with pytest.raises(TimeoutError), deadlines.within(0.05):
            await asyncio.sleep(5)
        with deadlines.within(5):
            await asyncio.sleep(0)
        deadlines.close()
        task = asyncio.current_task()
        assert task is not None
        assert task.cancelling() == 0

    asyncio.run(run())


def test_many_tasks_share_one_timer() -> None:
    async def stay(deadlines: Deadlines, limit: float) -> bool:
        try:
            with deadlines.within(limit):
                await asyncio.sleep(0.25)
        except TimeoutError:
            return False
        return True

    async def run() -> list[bool]:
        deadlines = Deadlines()
        return await asyncio.gather(*(stay(deadlines, 0.01 if each % 2 else 5) for each in range(20)))

    assert asyncio.run(run()) == [True, False] * 10


def test_a_cancellation_from_outside_stays_one() -> None:
    async def stay(deadlines: Deadlines) -> None:
        with deadlines.within(5):
            await asyncio.sleep(5)

    async def run() -> None:
        task = asyncio.create_task(stay(Deadlines()))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(run())


def test_an_outer_limit_wins_over_an_inner_one() -> None:
    async def run() -> None:
        async with asyncio.timeout(0.05):
            with Deadlines().within(5):
                await asyncio.sleep(5)

    with pytest.raises(TimeoutError):
        asyncio.run(run())


def test_many_requests_at_once_then_closing_then_another() -> None:
    waiting = 0
    all_here = asyncio.Event()

    async def handle(request: web.Request) -> web.Response:
        nonlocal waiting
        waiting += 1
        if waiting >= 100:
            all_here.set()
        await all_here.wait()
        return web.Response(text=request.headers["X-Number"], headers={"Set-Cookie": "a=1"})

    async def run() -> None:
        app = web.Application()
        app.router.add_route("*", "/", handle)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.01)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        url = "http://{}:{}/".format(*runner.addresses[0][:2])
        http = Http()
        replies = await asyncio.gather(*(http.post(url, b"{}", {"X-Number": str(each)}, 5) for each in range(100)))
        assert [int(reply.body) for reply in replies] == list(range(100))
        await http.aclose()
        again = await http.get(url, {"X-Number": "7"}, 5)
        assert (again.status, again.body, again.headers["content-type"][:10]) == (200, b"7", "text/plain")
        await http.aclose()
        await http.aclose()
        await runner.cleanup()

    asyncio.run(run())


def test_a_name_that_does_not_resolve() -> None:
    async def run() -> ProviderError:
        http = Http()
        with pytest.raises(ProviderError) as caught:
            await http.post("http://no-such-host.invalid/", b"", {}, 5)
        await http.aclose()
        return caught.value

    error = asyncio.run(run())
    assert (error.kind, error.message) == ("unreachable", "The name no-such-host.invalid cannot be resolved.")
    assert error.__cause__ is None
