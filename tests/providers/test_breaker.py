"""When an address is given up, and when not."""

from __future__ import annotations

import asyncio
import time
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seedbed.core.chat import Completion, Request
from seedbed.core.errors import ProviderError
from seedbed.providers.limits.breaker import PATIENCE

from .limits_play import QUESTION, Clock, Server, ask_all, busy, limited, ok

calm = settings(deadline=None, max_examples=60)


@pytest.mark.parametrize("concurrency", [1, 8])
def test_a_dead_address_is_given_up_within_seconds(play: Any, concurrency: int) -> None:
    async def story(clock: Clock) -> None:
        server = Server(clock, lambda _, __: ProviderError("unreachable", "nobody there"), latency=0.01)
        door = limited(server, concurrency)
        found = await ask_all(door, concurrency, concurrency)
        assert all(isinstance(one, ProviderError) and one.gave_up for one in found)
        assert PATIENCE.at_first <= clock.time() - server.start <= 3

    play(story)


@pytest.mark.parametrize("pace", [{}, {"requests_per_minute": 20}, {"tokens_per_minute": 2000}])
@pytest.mark.parametrize("concurrency", [1, 32])
@pytest.mark.parametrize("kind", ["unreachable", "server", "protocol"])
def test_an_address_that_never_answers_well_is_given_up_within_seconds(
    play: Any, kind: Any, concurrency: int, pace: dict[str, int]
) -> None:
    async def story(clock: Clock) -> None:
        server = Server(clock, lambda _, __: ProviderError(kind, "dead", status=500), latency=0.05)
        door = limited(server, concurrency, **pace)
        found = await ask_all(door, 2 * concurrency, 2 * concurrency)
        assert all(isinstance(one, ProviderError) and one.gave_up for one in found), "and no call fails by itself"
        assert clock.time() - server.start <= (6 if "tokens_per_minute" in pace else 3.5)
        with pytest.raises(ProviderError, match="dead"):
            await door.complete(QUESTION)
        assert sum(one.tries for one in found) == len(server.asked), "nor is it asked again"  # type: ignore[union-attr]

    play(story)


@pytest.mark.parametrize("concurrency", [1, 32])
def test_a_server_that_never_answers_is_given_up_after_the_first_round_of_timeouts(play: Any, concurrency: int) -> None:
    async def story(clock: Clock) -> None:
        server = Server(clock, lambda _, __: ProviderError("timeout", "no answer within 60 s"), latency=60.0)
        found = await ask_all(limited(server, concurrency), concurrency, concurrency)
        assert all(isinstance(one, ProviderError) and one.gave_up for one in found)
        assert clock.time() - server.start < 62
        assert [one.lost for one in found] == [one.tries for one in found] == [1] * concurrency  # type: ignore[union-attr]

    play(story)


@pytest.mark.parametrize(
    ("kind", "status"), [("timeout", 504), ("server", 503), ("server", 500), ("protocol", 200), ("unreachable", None)]
)
@pytest.mark.parametrize("concurrency", [1, 4, 64])
def test_a_bad_first_second_is_survived(play: Any, kind: Any, status: int | None, concurrency: int) -> None:
    async def story(clock: Clock) -> None:
        server = Server(clock, lambda now, _: ProviderError(kind, "oh", status=status) if now < 1.0 else ok())
        found = await ask_all(limited(server, concurrency), 4 * concurrency, concurrency)
        assert all(isinstance(one, Completion) for one in found)

    play(story)


def test_a_server_that_is_still_loading_is_waited_for(play: Any) -> None:
    async def story(clock: Clock) -> None:
        server = Server(clock, lambda now, _: ok() if now > 12 else ProviderError("server", "loading", status=503))
        found = await ask_all(limited(server, 8, retries=20), 64, 8)
        assert all(isinstance(one, Completion) for one in found)

    play(story)


@calm
@given(st.integers(0, 2**32), st.sampled_from([1, 4, 32, 256]), st.sampled_from([0.05, 1.0, 8.0]))
def test_the_usual_faults_never_end_it_also_not_in_the_beginning(seed: int, concurrency: int, latency: float) -> None:
    """Faults come at once, answers after a while: many of the first outcomes are faults."""

    async def story(clock: Clock) -> None:
        rng = Random(seed)

        class Usual(Server):
            async def complete(self, request: Request) -> Completion:
                draw = rng.random()
                if draw < 0.09:
                    await asyncio.sleep(0.02)
                    raise busy(1.0) if draw < 0.05 else ProviderError("server" if draw < 0.08 else "unreachable", "oh")
                return await super().complete(request)

        found = await ask_all(limited(Usual(clock, lambda _, __: ok(), latency), concurrency), 300, concurrency)
        assert all(isinstance(one, Completion) for one in found)

    with asyncio.Runner(loop_factory=Clock) as runner, pytest.MonkeyPatch.context() as patch:
        clock = runner.get_loop()
        assert isinstance(clock, Clock)
        patch.setattr(time, "monotonic", clock.time)
        runner.run(story(clock))


@pytest.mark.parametrize(("kind", "seconds"), [("unreachable", PATIENCE.gone), ("server", PATIENCE.ill)])
def test_an_address_that_dies_later_is_given_more_time(play: Any, kind: Any, seconds: float) -> None:
    async def story(clock: Clock) -> None:
        server = Server(clock, lambda now, _: ok() if now < 5 else ProviderError(kind, "gone", status=500))
        door = limited(server, 8, patience=0)
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
        assert clock.time() - server.start > 2 * PATIENCE.gone

    play(story)


def test_requests_that_are_all_refused_are_wrong_as_such(play: Any) -> None:
    async def story(clock: Clock) -> None:
        server = Server(clock, lambda _, __: ProviderError("request", "unknown parameter", status=400))
        found = await ask_all(limited(server, 1), 8, 1)
        gave_up = [isinstance(one, ProviderError) and one.gave_up for one in found]
        assert gave_up.index(True) == 4
        assert len(server.asked) == 5
        mixed = Server(clock, lambda _, n: ok() if n == 0 else ProviderError("request", "too long", status=400))
        found = await ask_all(limited(mixed, 1), 30, 1)
        assert not any(isinstance(one, ProviderError) and one.gave_up for one in found)

    play(story)


@pytest.mark.parametrize("status", [302, 404, 405])
def test_where_there_is_no_api_one_refusal_is_enough(play: Any, status: int) -> None:
    async def story(clock: Clock) -> None:
        server = Server(clock, lambda _, __: ProviderError("request", "not found", status=status))
        found = await ask_all(limited(server, 1), 3, 1)
        assert all(isinstance(one, ProviderError) and one.gave_up for one in found)
        assert len(server.asked) == 1

    play(story)


@pytest.mark.parametrize("retry_after", [None, 0.0, 0.5, 25.0])
@pytest.mark.parametrize("answered_before", [False, True])
def test_nothing_but_too_many_requests_is_given_up_after_a_minute(
    play: Any, retry_after: float | None, answered_before: bool
) -> None:
    async def story(clock: Clock) -> None:
        server = Server(clock, lambda now, _: ok() if answered_before and now < 5 else busy(retry_after))
        door = limited(server, 8, patience=0)
        while clock.time() - server.start < 5:
            await ask_all(door, 8, 8)
        start = server.start + 5 * answered_before
        found = await ask_all(door, 16, 16)
        assert {one.message for one in found if isinstance(one, ProviderError) and one.gave_up} == {"slow down"}
        assert len(found) == 16
        assert 60 <= clock.time() - start <= 95

    play(story)


@pytest.mark.parametrize("kind", ["rate_limited", "server"])
def test_a_wait_beyond_all_patience_is_not_waited_for(play: Any, kind: Any) -> None:
    async def story(clock: Clock) -> None:
        refusal = ProviderError(kind, "come back tomorrow", retry_after=3600, status=429)
        server = Server(clock, lambda _, number: refusal if number == 2 else ok())
        door = limited(server, 1)
        found = await ask_all(door, 6, 1)
        assert [isinstance(one, Completion) for one in found] == [True, True, False, False, False, False]
        assert {one.message for one in found[2:]} == {"come back tomorrow"}  # type: ignore[union-attr]
        assert [one.tries for one in found[2:]] == [1, 0, 0, 0]
        assert clock.time() - server.start < 1

    play(story)
