"""Several workers and what becomes of the jobs of those that die; everything in one process, without a cluster."""

from __future__ import annotations

import asyncio
import pickle
from collections import Counter
from collections.abc import AsyncIterator, Callable
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seedbed.core.attempt import Answered, Attempt, Finished, Job
from seedbed.core.chat import Completion, Usage
from seedbed.core.errors import BudgetSpent, InputError, RunFailed
from seedbed.engine.budget import Budget, Limits, Spent
from seedbed.executors import bench
from seedbed.executors.bench import Lent, Workbench
from seedbed.executors.crew import MOST_DEATHS, STILLBORN, Crew, Gone, Lending
from seedbed.executors.purse import LentPurse

CALLS = 3


def job(number: int) -> Job:
    return Job(Attempt("run", number, number, number, "2026-01-01T00:00:00+00:00", 0, {}, "m"))


async def jobs(number: int) -> AsyncIterator[Job]:
    for each in range(number):
        yield job(each)


class Plan:
    """What workers are made of here, and what they tell of: each is opened in this process."""

    prices: dict[str, None] = {}

    def __init__(self, room: int = 3, seed: int = 0) -> None:
        self.room = room
        self.rng = Random(seed)
        self.paid: Counter[tuple[int, int]] = Counter()
        self.shares: dict[int, tuple[int, int]] = {}
        self.halted = 0
        self.keys: list[dict[str, str]] = []
        self.opened = 0
        self.refuses: Exception | None = None
        self.defect: int | None = None
        self.hangs = False

    def lacking(self) -> list[str]:
        return ["openai"]


class Slow:
    """A worker: every job asks three times, and takes its time over it."""

    def __init__(self, lent: Lent) -> None:
        self.plan: Plan = lent.spec
        self.purse = lent.purse
        if self.plan.refuses:
            raise self.plan.refuses
        self.number = self.plan.opened
        self.plan.opened += 1
        self.plan.keys.append(dict(lent.keys))

    room = property(lambda self: self.plan.room)

    async def prepare(self) -> None:
        await asyncio.sleep(0)

    def share(self, place: int, of: int) -> None:
        self.plan.shares[self.number] = (place, of)

    def halt(self) -> None:
        self.plan.halted += 1

    def leave(self) -> None:
        self.plan.halted += 1

    async def work(self, job: Job, answered: Callable[[Answered], None]) -> Finished:
        number = job.attempt.number
        if number == self.plan.defect:
            raise ZeroDivisionError("a defect")
        for call in range(CALLS):
            if ("q", call) in job.answers:
                continue
            reservation = await self.purse.reserve("m", 1, 1)
            for _ in range(self.plan.rng.randrange(4)):
                await asyncio.sleep(0)
            if self.plan.hangs:
                await asyncio.Event().wait()
            cost = self.purse.settle(reservation, Usage(1, 1), 1)
            self.plan.paid[number, call] += 1
            answered(Answered(job.attempt, b"{}", "q", call, "m", Completion("text"), cost, 1, 1, 1))
        return Finished(job.attempt)

    async def aclose(self) -> None:
        await asyncio.sleep(0)


class Here:
    """The `Link` port to a bench in this process, which can be killed: what it was about to say is lost then."""

    living: list[Here]

    def __init__(self, living: list[Here]) -> None:
        self.bench = Workbench()
        self.living = living
        self.dead = asyncio.Event()
        living.append(self)

    async def lacking(self, spec: Any) -> list[str]:
        return await self._ask(self.bench.lacking(spec))

    async def open(self, *arguments: Any) -> Any:
        return await self._ask(self.bench.open(*arguments))

    async def take(self, parcel: bytes) -> None:
        await self._ask(self.bench.take(parcel))

    async def news(self) -> bytes:
        return await self._ask(self.bench.news())

    async def close(self) -> None:
        await self._ask(self.bench.close())

    def kill(self) -> None:
        if self in self.living:
            self.living.remove(self)
            self.dead.set()
            if self.bench._working:
                self.bench._working.cancel()

    async def _ask(self, asking: Any) -> Any:
        task, dead = asyncio.ensure_future(asking), asyncio.ensure_future(self.dead.wait())
        await asyncio.wait((task, dead), return_when=asyncio.FIRST_COMPLETED)
        if self.dead.is_set():
            task.cancel()
            raise Gone("killed")
        dead.cancel()
        return await task


async def drive(
    plan: Plan,
    number: int,
    size: int = 2,
    lending: Lending | None = None,
    watch: Callable[[Crew, list[Here], Any], None] = lambda *_: None,
) -> list[Answered | Finished]:
    living: list[Here] = []
    crew = Crew(lambda: Here(living), size, (Slow, plan), lending or Lending(keys={"openai": "k", "other": "o"}))
    feeder = asyncio.create_task(crew.feed(jobs(number)))
    events = []
    try:
        async for event in crew.events(feeder):
            events.append(event)
            watch(crew, living, event)
    finally:
        feeder.cancel()
        await asyncio.gather(feeder, return_exceptions=True)
        await crew.close()
    assert not living
    return events


def ended(events: list[Answered | Finished]) -> list[int]:
    return sorted(event.attempt.number for event in events if isinstance(event, Finished))


def heard(events: list[Answered | Finished]) -> Counter[tuple[int, int]]:
    return Counter((event.attempt.number, event.occurrence) for event in events if isinstance(event, Answered))


@pytest.fixture(autouse=True)
def prompt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "LINGER", 0)


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 30), st.integers(1, 4), st.integers(1, 6), st.integers(0, 2**32))
def test_every_job_is_done_once_and_every_answer_is_heard_once(number: int, size: int, room: int, seed: int) -> None:
    events = asyncio.run(drive(Plan(room, seed), number, size))
    assert ended(events) == list(range(number))
    assert heard(events) == {(each, call): 1 for each in range(number) for call in range(CALLS)}


@settings(deadline=None, max_examples=25)
@given(st.integers(1, 4), st.integers(1, 6), st.integers(0, 2**32))
def test_workers_may_die_at_any_time_and_no_answer_that_was_heard_is_paid_again(
    size: int, room: int, seed: int
) -> None:
    plan, rng, number = Plan(room, seed), Random(seed), 25
    killed = 0

    def watch(_: Crew, living: list[Here], event: Answered | Finished) -> None:
        nonlocal killed
        if killed < STILLBORN - 1 and rng.random() < 0.15 and living:  # one more of new ones would end the run
            killed += 1
            rng.choice(living).kill()

    events = asyncio.run(drive(plan, number, size, watch=watch))
    assert ended(events) == list(range(number))
    assert heard(events) == {(each, call): 1 for each in range(number) for call in range(CALLS)}
    twice = sum(count - 1 for count in plan.paid.values())
    assert twice <= killed * (room + room // 4 + 1) * CALLS  # those whose answers died with the worker


def test_limits_are_shared_among_those_who_live() -> None:
    plan = Plan()
    asyncio.run(drive(plan, 12, size=3))
    assert sorted(plan.shares.values()) == [(0, 3), (1, 3), (2, 3)]
    assert plan.keys == [{"openai": "k"}] * 3, "only the keys that are lacking there are sent"


def test_a_word_reaches_all_workers() -> None:
    plan = Plan()

    def watch(crew: Crew, *_: object) -> None:
        if not plan.halted:
            crew.tell("halt")

    asyncio.run(drive(plan, 200, size=2, watch=watch))
    assert plan.halted >= 2


def test_limits_are_shared_with_other_runs_that_use_the_connections() -> None:
    plan, uses = Plan(), [1]

    def watch(crew: Crew, _: list[Here], event: Answered | Finished) -> None:
        uses[0] = 3 if event.attempt.number < 20 else 1
        crew.divide()
        if event.attempt.number == 15 and plan.shares:
            assert {of for _, of in plan.shares.values()} <= {2, 6}
            seen.update(plan.shares.values())

    seen: set[tuple[int, int]] = set()
    asyncio.run(drive(plan, 40, lending=Lending(parts=lambda: uses[0]), watch=watch))
    assert seen == {(0, 6), (3, 6)}
    assert sorted(plan.shares.values()) == [(0, 2), (1, 2)]


class Nowhere(Here):
    """A worker for which the cluster has no place."""

    async def lacking(self, spec: Any) -> list[str]:
        return await self._ask(asyncio.Event().wait())


def test_a_run_is_stopped_though_no_worker_is_there_yet() -> None:
    async def story() -> list[Answered | Finished]:
        stopping = asyncio.Event()

        async def endless() -> AsyncIterator[Job]:
            number = 0
            while not stopping.is_set():
                yield job(number)
                number += 1

        living: list[Here] = []
        crew = Crew(lambda: Nowhere(living), 2, (Slow, Plan()), Lending())
        feeder = asyncio.create_task(crew.feed(endless()))
        for _ in range(9):
            await asyncio.sleep(0)
        stopping.set()
        crew.tell("halt")
        found = [event async for event in crew.events(feeder)]
        await crew.close()
        return found

    assert [event for event in asyncio.run(story()) if not (isinstance(event, Finished) and event.unsent)] == []


def test_what_a_dead_worker_had_is_given_back_once_the_run_is_stopped() -> None:
    plan, stopped = Plan(), [0]

    def watch(crew: Crew, living: list[Here], event: Answered | Finished) -> None:
        if not stopped[0] and isinstance(event, Finished):
            stopped[0] = 1
            crew.tell("halt")
            for here in list(living):
                here.kill()

    events = asyncio.run(drive(plan, 12, watch=watch))
    assert ended(events) == list(range(12))
    assert any(isinstance(event, Finished) and event.unsent for event in events)
    assert plan.opened <= 2, "nobody is hired for a run that ends"


def test_a_worker_that_cannot_be_opened_ends_the_run_with_its_reason() -> None:
    plan = Plan()
    plan.refuses = InputError("There is no plugin there.")
    with pytest.raises(InputError, match="no plugin"):
        asyncio.run(drive(plan, 5))


def test_a_defect_of_a_part_is_raised_with_its_place() -> None:
    plan = Plan()
    plan.defect = 3
    with pytest.raises(RunFailed, match=r"ZeroDivisionError: a defect \(.*test_crew.py"):
        asyncio.run(drive(plan, 50))


def test_workers_that_die_before_they_do_anything_end_the_run() -> None:
    async def story() -> None:
        living: list[Here] = []

        def hire() -> Here:
            link = Here(living)
            asyncio.get_running_loop().call_soon(link.kill)
            return link

        crew = Crew(hire, 2, (Slow, Plan()), Lending())
        feeder = asyncio.create_task(crew.feed(jobs(3)))
        with pytest.raises(RunFailed, match="died before"):
            [event async for event in crew.events(feeder)]
        feeder.cancel()
        await crew.close()

    asyncio.run(story())


def test_a_job_that_every_worker_dies_of_fails_in_the_end() -> None:
    async def story() -> None:
        plan, living = Plan(room=1), list[Here]()
        plan.hangs = True
        crew = Crew(lambda: Here(living), 1, (Slow, plan), Lending())
        feeder = asyncio.create_task(crew.feed(jobs(1)))
        events = crew.events(feeder)
        first = asyncio.ensure_future(anext(events))
        for _ in range(MOST_DEATHS):
            while not any(hand.given for hand in crew._hands.values()):  # noqa: ASYNC110 - as it happens
                await asyncio.sleep(0)
            crew._stillborn = 0
            living[0].kill()
            while any(hand.given for hand in crew._hands.values()):  # noqa: ASYNC110 - as it happens
                await asyncio.sleep(0)
        event = await first
        assert isinstance(event, Finished)
        assert event.error is not None
        assert "10 workers died" in event.error.message
        await events.aclose()  # type: ignore[attr-defined]
        await crew.close()

    asyncio.run(story())


@pytest.mark.parametrize("kills", [0, 4])
def test_a_budget_of_calls_is_never_overshot_by_several_workers(kills: int) -> None:
    async def story() -> None:
        plan, budget = Plan(room=4), Budget(Limits(calls=20), Spent(), {})
        killed = 0

        def watch(crew: Crew, living: list[Here], event: Answered | Finished) -> None:
            nonlocal killed
            if killed < kills and living and event.attempt.number % 3 == 2:
                killed += 1
                living[0].kill()
            if budget.over():
                crew.tell("halt")

        class Heeding(Slow):
            async def work(self, job: Job, answered: Callable[[Answered], None]) -> Finished:
                try:
                    return await super().work(job, answered)
                except BudgetSpent:
                    return Finished(job.attempt, unsent=True)

        living: list[Here] = []
        crew = Crew(lambda: Here(living), 2, (Heeding, plan), Lending(budget))
        feeder = asyncio.create_task(crew.feed(jobs(30)))
        async for event in crew.events(feeder):
            watch(crew, living, event)
        await crew.close()
        assert sum(plan.paid.values()) <= 20
        assert budget.spent.calls == 20
        assert kills or sum(plan.paid.values()) == 20

    asyncio.run(story())


async def listening() -> None:
    """The coordinator listens."""


def test_nothing_is_asked_once_nobody_listens_any_more() -> None:
    async def story() -> None:
        plan, workbench = Plan(room=2), Workbench()
        await workbench.open(Slow, plan, {}, (False, 0, 1))  # type: ignore[arg-type]
        await workbench.news()
        await workbench.take(pickle.dumps([("job", job(number)) for number in range(20)]))
        await asyncio.sleep(0.3)
        unheard = sum(plan.paid.values())
        await asyncio.sleep(0.1)
        assert sum(plan.paid.values()) == unheard
        while sum(plan.paid.values()) < 20 * CALLS:
            await workbench.news()
        await workbench.close()

    asyncio.run(story())


def test_a_lent_purse_has_one_more_request_ready_and_asks_for_the_next() -> None:
    async def story() -> None:
        said: list[Any] = []
        purse = LentPurse(said.append, {}, listening, counted=True)
        reserving = asyncio.ensure_future(purse.reserve("m", 5, 10))
        await asyncio.sleep(0)
        assert said == [("reserve", 1, "m", 5, 10)]
        purse.hear(("lent", 1, 1))
        lent = await reserving
        assert (purse.again(lent), purse.again(lent)) == (True, False)
        assert said[1:] == [("again", 1)]
        purse.hear(("spare", 1, 1))
        assert purse.again(lent)
        purse.hear(("spare", 1, 0))
        assert not purse.again(lent)
        purse.settle(lent, Usage(), 3)
        assert said[-1] == ("settle", 1, "m", Usage(), 3)

    asyncio.run(story())


def test_what_is_lent_shows_no_key() -> None:
    lent = Lent(
        Plan(), {"openai": "sk-secret"}, LentPurse(lambda _: None, {}, listening, counted=False), lambda _: None
    )
    assert "sk-secret" not in repr(lent)
    assert pickle.loads(pickle.dumps(job(1))).attempt.number == 1
