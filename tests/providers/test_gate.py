"""How many calls at once, and how many a minute."""

from __future__ import annotations

import asyncio
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seedbed.providers.limits.gate import TOLERATED, WINDOW, Bucket, Gate

calm = settings(deadline=None, max_examples=60)


def test_a_gate_lets_in_as_many_as_its_limit() -> None:
    async def story() -> None:
        gate, inside, most = Gate(3), 0, 0
        off = asyncio.get_running_loop().create_future()

        async def one(rng: Random) -> None:
            nonlocal inside, most
            await gate.enter(off)
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
        off = asyncio.get_running_loop().create_future()

        async def one() -> None:
            nonlocal inside, finished
            await gate.enter(off)
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
        assert inside == gate.inside == 0

    asyncio.run(story())


def test_when_it_is_off_everybody_gets_in_to_leave() -> None:
    async def story() -> None:
        gate, off = Gate(1), asyncio.get_running_loop().create_future()
        await gate.enter(off)
        waiting = [asyncio.create_task(gate.enter(off)) for _ in range(3)]
        await asyncio.sleep(0)
        off.set_result(None)
        await asyncio.gather(*waiting)
        for _ in range(4):
            gate.leave()
        assert gate.inside == 0

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


@pytest.mark.parametrize("ceiling", [8, 32, 64, 256])
def test_five_per_cent_of_overload_are_weather(ceiling: int) -> None:
    rng = Random(7)
    limits = [outcomes(Gate(ceiling), *(rng.random() < 0.05 for _ in range(1000))) for _ in range(50)]
    assert sum(map(sum, limits)) / 50_000 >= 0.99 * ceiling


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
