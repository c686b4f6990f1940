"""Jobs on one event loop: as many at once as there is room for, everything heard of, nothing left behind."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seedbed.core.attempt import Answered, Attempt, Finished, Job
from seedbed.executors.local import LocalExecutor

calm = settings(deadline=None, max_examples=60)


def job(number: int) -> Job:
    return Job(Attempt("run", number, number, number, "2026-01-01T00:00:00+00:00", 0, {}, "m"))


def answer(attempt: Attempt, occurrence: int) -> Answered:
    return Answered(attempt, b"{}", "hash", occurrence, "m", None, None, 1, 0, 0)


class Bench:
    """A worker: each job takes some steps of the loop and tells of some calls on its way."""

    def __init__(self, room: int = 3, seed: int = 0, calls: int = 2) -> None:
        self.room = room
        self.rng = Random(seed)
        self.calls = calls
        self.at_work = 0
        self.most = 0
        self.done: list[int] = []
        self.starts: list[tuple[int, int]] = []
        self.cancelled: list[int] = []
        self.closed = 0
        self.fails: int | None = None
        self.blocks = asyncio.Event()
        self.blocked = False

    async def work(self, job: Job, answered: Callable[[Answered], None]) -> Finished:
        self.at_work += 1
        self.most = max(self.most, self.at_work)
        self.starts.append((len(self.done), self.at_work))
        try:
            for call in range(self.calls):
                for _ in range(self.rng.randrange(3)):
                    await asyncio.sleep(0)
                answered(answer(job.attempt, call))
            if self.blocked:
                await self.blocks.wait()
            if job.attempt.number == self.fails:
                raise ZeroDivisionError("a defect")
            self.done.append(job.attempt.number)
            return Finished(job.attempt)
        except asyncio.CancelledError:
            self.cancelled.append(job.attempt.number)
            raise
        finally:
            self.at_work -= 1

    async def aclose(self) -> None:
        assert self.at_work == 0, "closed under somebody's hands"
        self.closed += 1


async def jobs(number: int, pulled: list[int] | None = None) -> AsyncIterator[Job]:
    for each in range(number):
        if pulled is not None:
            pulled.append(each)
        yield job(each)


async def drain(bench: Bench, source: AsyncIterator[Job], spec: Any = None) -> list[Answered | Finished]:
    def open_worker(given_spec: Any) -> Bench:
        assert given_spec is spec
        return bench

    return [event async for event in LocalExecutor().map(open_worker, spec, source)]


def everything_was_heard(events: list[Answered | Finished], number: int, calls: int) -> None:
    ended = [event.attempt.number for event in events if isinstance(event, Finished)]
    heard = Counter(event.attempt.number for event in events if isinstance(event, Answered))
    assert sorted(ended) == list(range(number))
    assert heard == Counter(dict.fromkeys(range(number), calls) if calls else {})
    for place, event in enumerate(events):
        if isinstance(event, Finished):
            later = [other for other in events[place + 1 :] if other.attempt.number == event.attempt.number]
            assert not later, "a job ends after all its answers"


@calm
@given(st.integers(0, 40), st.integers(1, 9), st.integers(0, 3), st.integers(0, 2**32))
def test_every_job_is_done_once_and_all_of_it_is_heard_in_order(number: int, room: int, calls: int, seed: int) -> None:
    async def story() -> None:
        bench = Bench(room, seed, calls)
        events = await drain(bench, jobs(number), spec={"seed": seed})
        everything_was_heard(events, number, calls)
        assert bench.most <= room
        assert bench.closed == 1

    asyncio.run(story())


@pytest.mark.parametrize(("room", "ready"), [(1, 0), (3, 0), (4, 1), (8, 2)])
def test_jobs_are_pulled_while_there_is_room_and_few_are_kept_ready(room: int, ready: int) -> None:
    async def story() -> None:
        bench, pulled = Bench(room=room, calls=1), list[int]()
        bench.blocked = True
        draining = asyncio.create_task(drain(bench, jobs(20, pulled)))
        for _ in range(50):
            await asyncio.sleep(0)
        assert pulled == list(range(room + ready))
        assert bench.at_work == room
        bench.blocks.set()
        everything_was_heard(await draining, 20, 1)

    asyncio.run(story())


def test_events_come_as_they_happen() -> None:
    async def story() -> None:
        bench = Bench(room=2, calls=1)
        bench.blocked = True
        events = LocalExecutor().map(lambda _: bench, None, jobs(2))
        first = [await anext(events), await anext(events)]
        assert all(isinstance(event, Answered) for event in first)
        bench.blocks.set()
        rest = [event async for event in events]
        assert [type(event) for event in rest] == [Finished, Finished]

    asyncio.run(story())


@pytest.mark.parametrize(("before", "after"), [(1, 6), (6, 2)])
def test_room_that_grows_is_used_and_room_that_shrinks_is_kept(before: int, after: int) -> None:
    async def story() -> None:
        bench = Bench(room=before, calls=3)
        async for _ in LocalExecutor().map(lambda _: bench, None, jobs(80)):
            bench.room = before if len(bench.done) < 20 else after
        assert max(at_once for done, at_once in bench.starts if done < 20) == before
        assert max(at_once for done, at_once in bench.starts if done > 30) == after
        assert sorted(bench.done) == list(range(80))

    asyncio.run(story())


def test_jobs_may_come_late_and_depend_on_what_ended() -> None:
    async def story() -> None:
        bench, ended = Bench(room=3, calls=0), list[int]()
        news = asyncio.Event()

        async def one_after_the_other() -> AsyncIterator[Job]:
            for number in range(10):
                while len(ended) < number:
                    news.clear()
                    await news.wait()
                yield job(number)

        async for event in LocalExecutor().map(lambda _: bench, None, one_after_the_other()):
            ended.append(event.attempt.number)
            news.set()
        assert ended == list(range(10))
        assert bench.most == 1

    asyncio.run(story())


def test_a_defect_of_a_worker_is_raised_and_everything_is_closed() -> None:
    async def story() -> None:
        bench = Bench(room=3, calls=1)
        bench.fails = 4
        with pytest.raises(ZeroDivisionError, match="a defect"):
            await drain(bench, jobs(100))
        assert (bench.closed, bench.at_work) == (1, 0)
        assert len(bench.done) < 100

    asyncio.run(story())


def test_a_defect_of_the_one_who_gives_the_jobs_is_raised_after_what_is_under_way() -> None:
    async def story() -> None:
        bench = Bench(room=5, calls=0)

        async def broken() -> AsyncIterator[Job]:
            yield job(0)
            yield job(1)
            raise ZeroDivisionError("no more jobs")

        with pytest.raises(ZeroDivisionError, match="no more jobs"):
            await drain(bench, broken())
        assert (bench.closed, bench.at_work) == (1, 0)

    asyncio.run(story())


def test_who_stops_listening_cancels_what_is_under_way() -> None:
    async def story() -> None:
        bench = Bench(room=4, calls=1)
        bench.blocked = True
        events = LocalExecutor().map(lambda _: bench, None, jobs(100))
        await anext(events)
        await events.aclose()  # type: ignore[attr-defined]
        assert (bench.closed, bench.at_work) == (1, 0)
        assert bench.done == []
        assert len(bench.cancelled) == 4

    asyncio.run(story())


def test_who_is_cancelled_while_listening_leaves_nothing_running() -> None:
    async def story() -> None:
        bench = Bench(room=4, calls=0)
        bench.blocked = True
        draining = asyncio.create_task(drain(bench, jobs(100)))
        for _ in range(20):
            await asyncio.sleep(0)
        draining.cancel()
        with pytest.raises(asyncio.CancelledError):
            await draining
        for _ in range(5):
            await asyncio.sleep(0)
        assert (bench.closed, bench.at_work) == (1, 0)
        assert {task for task in asyncio.all_tasks() if task is not asyncio.current_task()} == set()

    asyncio.run(story())
