"""Small questions are answered together."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from threading import Thread

import pytest

from seedbed.checks.batches import Batches


class Counted:
    """Doubles numbers and remembers how many at once."""

    def __init__(self) -> None:
        self.sizes: list[int] = []

    def __call__(self, items: Sequence[int]) -> list[int]:
        self.sizes.append(len(items))
        if -1 in items:
            raise ValueError("unlucky")
        return [item * 2 for item in items]


def test_what_is_asked_in_one_turn_is_answered_in_one_go() -> None:
    doubled = Counted()

    async def many() -> list[int]:
        ask = Batches(doubled)
        return [*await asyncio.gather(*map(ask, range(100))), await ask(7)]

    assert asyncio.run(many()) == [*range(0, 200, 2), 14]
    assert doubled.sizes == [100, 1]


def test_a_pause_waits_for_those_who_come_later() -> None:
    doubled = Counted()
    ask = Batches(doubled, pause=0.05)

    async def late(i: int) -> int:
        await asyncio.sleep(i * 0.002)
        return await ask(i)

    async def many() -> list[int]:
        return list(await asyncio.gather(*map(late, range(5))))

    assert asyncio.run(many()) == [0, 2, 4, 6, 8]
    assert doubled.sizes == [5]


def test_an_error_is_that_of_all_who_asked_and_of_nobody_after() -> None:
    ask = Batches(Counted())

    async def many() -> list[object]:
        first = await asyncio.gather(ask(1), ask(-1), return_exceptions=True)
        return [*first, await ask(2)]

    *errors, fine = asyncio.run(many())
    assert [str(error) for error in errors] == ["unlucky", "unlucky"]
    assert fine == 4


def test_too_few_answers_are_an_error_and_nobody_waits_for_ever() -> None:
    async def many() -> list[object]:
        ask: Batches[int, int] = Batches(lambda items: items[1:])
        return list(await asyncio.gather(ask(1), ask(2), return_exceptions=True))

    assert all(isinstance(one, ValueError) for one in asyncio.run(many()))


def test_who_no_longer_waits_is_left_out() -> None:
    doubled = Counted()
    ask = Batches(doubled, pause=0.01)

    async def many() -> int:
        gone = asyncio.ensure_future(ask(1))
        await asyncio.sleep(0)
        gone.cancel()
        return await ask(2)

    assert asyncio.run(many()) == 4
    assert doubled.sizes == [1]


def test_one_who_asked_alone_and_left_blocks_nobody() -> None:
    ask = Batches(Counted())

    async def gone() -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(Batches(Counted(), pause=1)(1), 0.01)

    async def later() -> int:
        return await ask(3)

    asyncio.run(gone())
    assert [asyncio.run(later()) for _ in range(3)] == [6, 6, 6]


def test_a_closed_loop_leaves_nothing_behind_for_the_next() -> None:
    doubled = Counted()
    ask = Batches(doubled, pause=60)

    async def leave() -> None:
        asyncio.ensure_future(ask(1)).add_done_callback(lambda task: task.cancelled())
        await asyncio.sleep(0)

    asyncio.run(leave())
    asyncio.run(leave())
    assert doubled.sizes == []


def test_every_thread_has_its_own_loop_and_batch() -> None:
    doubled = Counted()
    ask = Batches(doubled)
    answers: list[list[int]] = []

    async def many() -> list[int]:
        return list(await asyncio.gather(*map(ask, range(20))))

    threads = [Thread(target=lambda: answers.append(asyncio.run(many()))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [[*range(0, 40, 2)]] * 4
    assert sum(doubled.sizes) == 80
