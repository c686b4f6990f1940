"""How fast and how stubbornly a connection is used. The clock is a loop's own: nobody waits in these tests."""

from __future__ import annotations

import asyncio
from random import Random
from typing import Any

import pytest

from seedbed.core.chat import Completion, RateState, Request
from seedbed.core.errors import ProviderError
from seedbed.providers.limits.breaker import Patience
from seedbed.providers.limits.limited import MOST_TRIES

from .limits_play import QUESTION, Clock, Server, ask_all, busy, limited, ok


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
        server = Server(clock, lambda _, number: faults[number - 1] if 0 < number < 6 else ok())
        _, found = await ask_all(limited(server), 2, 1)
        assert isinstance(found, Completion)
        assert found.tries == 6
        pauses = [later - earlier - 0.1 for earlier, later in zip(server.asked[1:], server.asked[2:], strict=False)]
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
        server = Server(clock, lambda _, number: ProviderError("server", "oh", status=500) if number else ok())
        _, found = await ask_all(limited(server, clear=Patience(ill=1000), patience=0, retries=retries), 2, 1)
        assert isinstance(found, ProviderError)
        assert found.tries == len(server.asked) - 1 == retries + 1
        assert not found.gave_up

    play(story)


def test_too_many_requests_are_no_fault_but_have_an_end_too(play: Any) -> None:
    async def story(clock: Clock) -> None:
        server = Server(clock, lambda _, number: busy(0.5) if number < 30 else ok())
        [found] = await ask_all(limited(server, retries=1), 1, 1)
        assert isinstance(found, Completion)
        assert found.tries == 31

    play(story)


def test_a_question_that_is_always_too_much_ends_while_others_are_answered(play: Any) -> None:
    async def story(clock: Clock) -> None:
        class Fussy(Server):
            async def complete(self, request: Request) -> Completion:
                if request.max_tokens == 7:
                    raise busy(0.5)
                return await super().complete(request)

        server = Fussy(clock, lambda _, __: ok(), latency=1.0)
        door = limited(server, 2)
        others = asyncio.create_task(ask_all(door, 2000, 1))
        with pytest.raises(ProviderError) as caught:
            await door.complete(Request("m", QUESTION.messages, max_tokens=7))
        assert (caught.value.tries, caught.value.gave_up) == (MOST_TRIES, False)
        assert all(isinstance(one, Completion) for one in await others)

    play(story)


def test_a_long_pause_is_told_of_once(play: Any) -> None:
    async def story(clock: Clock) -> None:
        server = Server(clock, lambda now, _: busy(20.0) if now % 100 < 15 else ok())
        door, said = limited(server, 8), list[tuple[float, str]]()
        door.say = lambda seconds, why: said.append((round(seconds), why))
        await ask_all(door, 40, 16)
        assert said == [(20, "slow down")]
        server.start -= 100
        await asyncio.sleep(100 - (clock.time() - server.start) % 100)
        await ask_all(door, 40, 16)
        assert said == [(20, "slow down")] * 2

    play(story)


def test_short_pauses_are_not_told_of(play: Any) -> None:
    async def story(clock: Clock) -> None:
        server = Server(clock, lambda now, _: busy(9.0) if now < 15 else ok())
        door, said = limited(server, 8), list[tuple[float, str]]()
        door.say = lambda seconds, why: said.append((seconds, why))
        await ask_all(door, 40, 16)
        assert said == []

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
