"""How fast and how stubbornly a connection is used. The clock is a loop's own: nobody waits in these tests."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from random import Random
from typing import Any, TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seedbed.core.chat import Capabilities, Completion, Message, RateState, Request, Usage
from seedbed.core.connection import Connection
from seedbed.core.errors import ProviderError
from seedbed.providers.limits import (
    DEAD_AT_FIRST_SECONDS,
    DEAD_SECONDS,
    ILL_SECONDS,
    MOST_TRIES,
    TOLERATED,
    WINDOW,
    Bucket,
    Gate,
    Limited,
)

calm = settings(deadline=None, max_examples=60)

T = TypeVar("T")
QUESTION = Request("m", (Message(role="user", content="Write one reply."),), max_tokens=100)


class Clock(asyncio.SelectorEventLoop):
    """A loop whose time jumps to the next thing that is due."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 1000.0

    def time(self) -> float:
        return self.now

    def _run_once(self) -> None:
        if not self._ready and self._scheduled:  # type: ignore[attr-defined]
            self.now = max(self.now, self._scheduled[0].when())  # type: ignore[attr-defined]
        super()._run_once()  # type: ignore[misc]


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


Behaviour = Callable[[float, int], Completion | ProviderError]
"""(seconds since the start, number of the request) → what the server does."""


class Server:
    """A provider whose answers take a while; it notes when it was asked."""

    capabilities = Capabilities()

    def __init__(self, clock: Clock, behaviour: Behaviour, latency: float = 0.1) -> None:
        self.clock = clock
        self.behaviour = behaviour
        self.latency = latency
        self.start = clock.time()
        self.asked: list[float] = []
        self.inside = self.most = 0
        self.closed = 0

    async def complete(self, request: Request) -> Completion:
        self.asked.append(self.clock.time() - self.start)
        number = len(self.asked) - 1
        self.inside += 1
        self.most = max(self.most, self.inside)
        try:
            await asyncio.sleep(self.latency)
        finally:
            self.inside -= 1
        answer = self.behaviour(self.clock.time() - self.start, number)
        if isinstance(answer, ProviderError):
            raise answer
        return answer

    async def aclose(self) -> None:
        self.closed += 1


def ok(rate: RateState | None = None, tokens: int = 20) -> Completion:
    return Completion("Hello.", usage=Usage(tokens, 0), model="m", rate=rate)


def busy(retry_after: float | None = None) -> ProviderError:
    return ProviderError("rate_limited", "slow down", retry_after=retry_after, status=429)


def limited(server: Server, concurrency: int = 8, **connection: Any) -> Limited:
    door = Limited(server, Connection(provider="scripted", **connection), concurrency)
    for name, per_minute in (("_requests", "requests_per_minute"), ("_tokens", "tokens_per_minute")):
        if per_minute in connection:
            setattr(door, name, Bucket(connection[per_minute], server.clock.time))
    return door


async def ask_all(door: Limited, number: int, callers: int) -> list[Completion | ProviderError]:
    """So many questions by so many callers, as the engine asks them: a few more while some wait out a retry."""
    left = iter(range(number))
    found: list[Completion | ProviderError] = []

    async def caller() -> None:
        for _ in left:
            try:
                found.append(await door.complete(QUESTION))
            except ProviderError as error:
                found.append(error)

    await asyncio.gather(*(caller() for _ in range(callers)))
    return found


# The gate


def test_a_gate_lets_in_as_many_as_its_limit() -> None:
    async def story() -> None:
        gate, inside, most = Gate(3), 0, 0

        async def one(rng: Random) -> None:
            nonlocal inside, most
            await gate.enter()
            inside += 1
            most = max(most, inside)
            for _ in range(rng.randrange(4)):
                await asyncio.sleep(0)
            inside -= 1
            gate.leave()

        await asyncio.gather(*(one(Random(number)) for number in range(50)))
        assert (inside, most) == (0, 3)

    asyncio.run(story())


@calm
@given(st.integers(1, 5), st.integers(0, 2**32))
def test_those_who_give_up_waiting_leave_the_gate_to_others(limit: int, seed: int) -> None:
    async def story() -> None:
        rng, gate, inside, finished = Random(seed), Gate(limit), 0, 0

        async def one() -> None:
            nonlocal inside, finished
            await gate.enter()
            inside += 1
            assert inside <= limit
            try:
                for _ in range(rng.randrange(5)):
                    await asyncio.sleep(0)
            finally:
                inside -= 1
                gate.leave()
            finished += 1

        tasks = [asyncio.create_task(one()) for _ in range(30)]
        for task in rng.sample(tasks, 12):
            for _ in range(rng.randrange(3)):
                await asyncio.sleep(0)
            task.cancel()
        done = await asyncio.gather(*tasks, return_exceptions=True)
        assert finished == sum(result is None for result in done) >= 18
        assert inside == 0

    asyncio.run(story())


def outcomes(gate: Gate, *overloads: bool) -> list[float]:
    limits = []
    for overload in overloads:
        gate.saw(overload=overload)
        limits.append(gate.limit)
    return limits


@pytest.mark.parametrize("ceiling", [1, 2, 8, 64, 256])
def test_the_limit_goes_down_while_a_server_is_overloaded_and_never_below_one(ceiling: int) -> None:
    gate = Gate(ceiling)
    limits = outcomes(gate, *[True] * 2000)
    assert limits == sorted(limits, reverse=True)
    assert limits[-1] == 1.0
    assert limits[0] > ceiling * 0.5, "not at the first sign"


@pytest.mark.parametrize("ceiling", [2, 8, 64, 256])
def test_the_limit_recovers_to_its_ceiling_and_stays_there(ceiling: int) -> None:
    gate = Gate(ceiling)
    outcomes(gate, *[True] * 500)
    limits = outcomes(gate, *[False] * (WINDOW + 40 * ceiling))
    assert limits == sorted(limits)
    assert limits[-1] == ceiling
    assert next(n for n, limit in enumerate(limits) if limit >= 2) <= WINDOW


@calm
@given(st.integers(1, 300), st.lists(st.booleans(), max_size=300))
def test_the_limit_stays_between_one_and_its_ceiling(ceiling: int, overloads: list[bool]) -> None:
    assert all(1.0 <= limit <= ceiling for limit in outcomes(Gate(ceiling), *overloads))


@calm
@given(st.integers(8, 256), st.integers(0, 2**32))
def test_five_per_cent_of_overload_are_weather(ceiling: int, seed: int) -> None:
    rng = Random(seed)
    limits = outcomes(Gate(ceiling), *(rng.random() < 0.05 for _ in range(1000)))
    assert sum(limits) / len(limits) >= 0.97 * ceiling


def test_overload_is_the_rule_when_more_than_is_tolerated_say_so() -> None:
    gate = Gate(8)
    assert not gate.overloaded
    outcomes(gate, *[False] * 30, *[True] * 10)
    assert not gate.overloaded
    outcomes(gate, True)
    assert gate.overloaded
    assert TOLERATED == 10 / WINDOW


# The bucket


@calm
@given(st.floats(1, 6000), st.lists(st.tuples(st.floats(0, 5), st.floats(0.1, 50)), max_size=60))
def test_a_bucket_keeps_its_rate_over_any_time(per_minute: float, takes: list[tuple[float, float]]) -> None:
    now = [0.0]
    bucket = Bucket(per_minute, clock=lambda: now[0])
    used: list[tuple[float, float]] = []
    for pause, amount in takes:
        now[0] += pause
        used.append((now[0] + bucket.take(amount), amount))
    burst = max(1.0, per_minute / 60)
    for start, _ in used:
        for end, _ in used:
            if start <= end:
                inside = sum(amount for at, amount in used if start <= at <= end)
                largest = max(amount for at, amount in used if start <= at <= end)
                assert inside <= (end - start) * per_minute / 60 + burst + largest + 1e-6


def test_what_was_not_used_comes_back_to_the_bucket() -> None:
    bucket = Bucket(60, clock=lambda: 0.0)
    assert bucket.take(1) == 0
    assert bucket.take(5) == pytest.approx(5)
    bucket.give(5)
    assert bucket.take(1) == pytest.approx(1)


# All of it


def test_a_faultless_server_is_used_at_full_concurrency(play: Any) -> None:
    async def story(clock: Clock) -> None:
        server = Server(clock, lambda _, __: ok())
        found = await ask_all(limited(server, 8), 80, 8)
        assert all(isinstance(one, Completion) and one.tries == 1 for one in found)
        assert server.most == 8
        assert clock.time() - server.start == pytest.approx(1.0)

    play(story)


@pytest.mark.parametrize("per_minute", [30, 120, 600])
def test_requests_per_minute_are_kept(play: Any, per_minute: int) -> None:
    async def story(clock: Clock) -> None:
        server = Server(clock, lambda _, __: ok(), latency=1.0)
        number = 3 * per_minute
        await ask_all(limited(server, 64, requests_per_minute=per_minute), number, 64)
        burst = max(1, per_minute // 60)
        for start in server.asked:
            assert sum(start <= at < start + 60 for at in server.asked) <= per_minute + burst
        assert server.asked[-1] <= 60 * number / per_minute + 1, "and used up"

    play(story)


def test_repetitions_count_in_the_requests_per_minute(play: Any) -> None:
    async def story(clock: Clock) -> None:
        server = Server(clock, lambda _, number: ok() if number % 2 else ProviderError("server", "oh", status=500))
        await ask_all(limited(server, 16, requests_per_minute=120), 120, 16)
        assert len(server.asked) > 200
        for start in server.asked:
            assert sum(start <= at < start + 60 for at in server.asked) <= 122

    play(story)


def test_tokens_per_minute_are_kept(play: Any) -> None:
    async def story(clock: Clock) -> None:
        server = Server(clock, lambda _, __: ok(tokens=300))
        await ask_all(limited(server, 16, tokens_per_minute=6000), 80, 16)
        most = max(300 * sum(start <= at < start + 60 for at in server.asked) for start in server.asked)
        assert most <= 6000 + 100 + 16 * 300
        assert 80 * 300 / 6000 * 60 * 0.7 <= server.asked[-1] <= 80 * 300 / 6000 * 60 * 1.2

    play(story)


def test_a_passing_fault_is_tried_again_and_counted(play: Any) -> None:
    async def story(clock: Clock) -> None:
        faults = [
            ProviderError(kind, "oh") for kind in ("server", "timeout", "unreachable", "protocol", "rate_limited")
        ]
        server = Server(clock, lambda _, number: faults[number] if number < 5 else ok())
        [found] = await ask_all(limited(server), 1, 1)
        assert isinstance(found, Completion)
        assert found.tries == 6
        pauses = [later - earlier - 0.1 for earlier, later in zip(server.asked, server.asked[1:], strict=False)]
        assert all(0.1 <= pause <= 30 for pause in pauses)

    play(story)


@pytest.mark.parametrize("kind", ["auth", "model", "quota", "request", "context"])
def test_a_lasting_fault_is_not_tried_again(play: Any, kind: Any) -> None:
    async def story(clock: Clock) -> None:
        server = Server(clock, lambda _, __: ProviderError(kind, "no", status=400))
        [found] = await ask_all(limited(server), 1, 1)
        assert isinstance(found, ProviderError)
        assert (found.tries, found.message) == (1, "no")
        assert len(server.asked) == 1

    play(story)


@pytest.mark.parametrize("retries", [0, 2, 6])
def test_repetitions_have_an_end(play: Any, retries: int) -> None:
    async def story(clock: Clock) -> None:
        server = Server(clock, lambda _, __: ProviderError("server", "oh", status=500))
        [found] = await ask_all(limited(server, retries=retries), 1, 1)
        assert isinstance(found, ProviderError)
        assert found.tries == len(server.asked) == retries + 1

    play(story)


def test_too_many_requests_are_no_fault_but_have_an_end_too(play: Any) -> None:
    async def story(clock: Clock) -> None:
        server = Server(clock, lambda _, number: busy(0.5) if number < 30 else ok())
        [found] = await ask_all(limited(server, retries=1), 1, 1)
        assert isinstance(found, Completion)
        assert found.tries == 31
        endless = Server(clock, lambda _, __: busy(0.5))
        [found] = await ask_all(limited(endless), 1, 1)
        assert isinstance(found, ProviderError)
        assert found.tries == MOST_TRIES

    play(story)


def test_retry_after_is_heeded(play: Any) -> None:
    async def story(clock: Clock) -> None:
        server = Server(clock, lambda now, _: busy(7.0) if now < 5 else ok())
        [found] = await ask_all(limited(server), 1, 1)
        assert isinstance(found, Completion)
        assert len(server.asked) == 2
        assert 7.1 <= server.asked[1] <= 7.2

    play(story)


def test_when_too_many_requests_are_the_rule_all_wait_as_they_are_told(play: Any) -> None:
    async def story(clock: Clock) -> None:
        server = Server(clock, lambda now, _: busy(max(0.0, 20.0 - now)) if now < 20 else ok(), latency=0.1)
        door = limited(server, 16)
        found = await ask_all(door, 64, 32)
        assert all(isinstance(one, Completion) for one in found)
        early = [at for at in server.asked if at < 20]
        assert len(early) <= 2 * 16, "those on their way when it was said, and no others"

    play(story)


def test_some_too_many_requests_hold_up_only_those_they_meet(play: Any) -> None:
    async def story(clock: Clock) -> None:
        rng = Random(4)
        server = Server(clock, lambda _, __: busy(1.0) if rng.random() < 0.05 else ok(), latency=0.2)
        door = limited(server, 64)
        found = await ask_all(door, 4000, 128)
        assert all(isinstance(one, Completion) for one in found)
        faultless = 4000 * 0.2 / 64
        assert clock.time() - server.start <= 1.25 * faultless
        assert server.most <= 64

    play(story)


def test_concurrency_adapts_to_what_a_server_bears_and_recovers(play: Any) -> None:
    async def story(clock: Clock) -> None:
        bears = 6
        server = Server(clock, lambda _, __: ok(), latency=0.2)

        def behaviour(now: float, _: int) -> Completion | ProviderError:
            return busy() if now < 60 and server.inside >= bears else ok()

        server.behaviour = behaviour
        door = limited(server, 64)
        asking = asyncio.create_task(ask_all(door, 6000, 64))
        await asyncio.sleep(55)
        assert door.gate.limit < 32
        answered_then = len(server.asked)
        assert answered_then > 0.3 * 55 / 0.2 * bears, "it goes on meanwhile"
        await asyncio.sleep(40)
        assert door.gate.limit == 64
        assert all(isinstance(one, Completion) for one in await asking)

    play(story)


def test_who_waits_out_a_retry_makes_room_for_others(play: Any) -> None:
    async def story(clock: Clock) -> None:
        server = Server(clock, lambda _, number: busy(10.0) if number == 0 else ok())
        door = limited(server, 1)
        assert door.room == 1
        first = asyncio.create_task(door.complete(QUESTION))
        await asyncio.sleep(1)
        assert door.room == 2
        await door.complete(QUESTION)
        assert not first.done()
        await first
        assert door.room == 1

    play(story)


def test_headers_that_say_nothing_is_left_stop_before_the_server_must(play: Any) -> None:
    async def story(clock: Clock) -> None:
        server = Server(clock, lambda _, number: ok(RateState(0 if number == 2 else 5, 9.0, 1000, 1.0)))
        await ask_all(limited(server, 1), 6, 1)
        assert server.asked[2] == pytest.approx(0.2)
        assert 9.3 <= server.asked[3] <= 9.5
        assert server.asked[5] < 10

    play(story)


@pytest.mark.parametrize("concurrency", [1, 8])
def test_a_dead_address_is_given_up_within_seconds(play: Any, concurrency: int) -> None:
    async def story(clock: Clock) -> None:
        server = Server(clock, lambda _, __: ProviderError("unreachable", "nobody there"), latency=0.01)
        door = limited(server, concurrency)
        while True:
            found = await ask_all(door, concurrency, concurrency)
            if any(isinstance(one, ProviderError) and one.gave_up for one in found):
                break
        assert DEAD_AT_FIRST_SECONDS <= clock.time() - server.start <= 4.5

    play(story)


@pytest.mark.parametrize(("kind", "seconds"), [("unreachable", DEAD_SECONDS), ("server", ILL_SECONDS)])
def test_an_address_that_dies_later_is_given_more_time(play: Any, kind: Any, seconds: float) -> None:
    async def story(clock: Clock) -> None:
        server = Server(clock, lambda now, _: ok() if now < 5 else ProviderError(kind, "gone", status=500))
        door = limited(server, 8)
        while clock.time() - server.start < 6:
            await ask_all(door, 8, 8)
        gave_up = False
        while not gave_up:
            found = await ask_all(door, 8, 8)
            gave_up = any(isinstance(one, ProviderError) and one.gave_up for one in found)
        assert seconds <= clock.time() - server.start - 5 <= seconds + 15

    play(story)


def test_one_answer_in_between_is_a_sign_of_life(play: Any) -> None:
    async def story(clock: Clock) -> None:
        server = Server(clock, lambda _, n: ok() if n % 2 else ProviderError("unreachable", "a blink"))
        found = await ask_all(limited(server, 4, retries=20), 400, 4)
        assert all(isinstance(one, Completion) for one in found)
        assert clock.time() - server.start > 2 * DEAD_SECONDS

    play(story)


def test_requests_that_are_all_refused_are_wrong_as_such(play: Any) -> None:
    async def story(clock: Clock) -> None:
        server = Server(clock, lambda _, __: ProviderError("request", "unknown parameter", status=400))
        found = await ask_all(limited(server, 1), 8, 1)
        gave_up = [isinstance(one, ProviderError) and one.gave_up for one in found]
        assert gave_up.index(True) == 4
        mixed = Server(clock, lambda _, n: ok() if n == 0 else ProviderError("request", "too long", status=400))
        found = await ask_all(limited(mixed, 1), 30, 1)
        assert not any(isinstance(one, ProviderError) and one.gave_up for one in found)

    play(story)


def test_one_who_is_cancelled_gives_the_place_back(play: Any) -> None:
    async def story(clock: Clock) -> None:
        server = Server(clock, lambda _, __: ok(), latency=5.0)
        door = limited(server, 2)
        asking = [asyncio.create_task(door.complete(QUESTION)) for _ in range(6)]
        await asyncio.sleep(1)
        for task in asking[:4]:
            task.cancel()
        found = await asyncio.gather(*asking, return_exceptions=True)
        assert [type(one) for one in found[4:]] == [Completion, Completion]
        assert clock.time() - server.start == pytest.approx(6.0)

    play(story)


def test_a_defect_of_the_provider_gives_the_place_back(play: Any) -> None:
    async def story(clock: Clock) -> None:
        def behaviour(_: float, number: int) -> Completion:
            if number < 3:
                raise ZeroDivisionError
            return ok()

        door = limited(Server(clock, behaviour), 1)
        for _ in range(3):
            with pytest.raises(ZeroDivisionError):
                await door.complete(QUESTION)
        assert isinstance(await door.complete(QUESTION), Completion)

    play(story)


def test_it_closes_its_provider(play: Any) -> None:
    async def story(clock: Clock) -> None:
        server = Server(clock, lambda _, __: ok())
        await limited(server).aclose()
        assert server.closed == 1

    play(story)
