"""Who waits for a turn that will not come is told so at once."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from seedbed.core.chat import Completion, RateState, Request
from seedbed.core.errors import ProviderError
from seedbed.providers.limits.breaker import Patience
from seedbed.providers.limits.limited import Limited

from .limits_play import QUESTION, Clock, Server, ask_all, busy, limited, ok


async def halted(door: Limited, server: Server, callers: int) -> tuple[list[Completion | ProviderError], float, int]:
    """What so many callers got when it was halted after ten seconds, how long that took, and what was in flight."""
    asking = asyncio.create_task(ask_all(door, callers, callers))
    await asyncio.sleep(10)
    start, in_flight = server.clock.time(), server.inside
    door.halt()
    return await asking, server.clock.time() - start, in_flight


def unsent(found: list[Completion | ProviderError]) -> int:
    return sum(isinstance(one, ProviderError) and one.unsent for one in found)


@pytest.mark.parametrize(
    ("connection", "behaviour", "sent"),
    [
        ({"requests_per_minute": 6}, lambda _, __: ok(), 2),
        ({"tokens_per_minute": 700}, lambda _, __: ok(tokens=116), 1),
        ({}, lambda _, number: ok(RateState(0, 50.0)) if number < 8 else ok(), 8),
        ({}, lambda _, __: busy(40.0), 16),
        ({}, lambda _, number: ok() if number < 4 else ProviderError("server", "oh", status=500), 16),
    ],
    ids=["requests per minute", "tokens per minute", "rate headers", "too many requests", "errors"],
)
def test_nobody_waits_for_a_turn_that_will_not_come(play: Any, connection: Any, behaviour: Any, sent: int) -> None:
    async def story(clock: Clock) -> None:
        server = Server(clock, behaviour)
        door = limited(server, 8, **connection)
        found, seconds, in_flight = await halted(door, server, 16)
        assert seconds < 0.2
        answered = sum(isinstance(one, Completion) for one in found)
        assert 16 - in_flight <= unsent(found) + answered <= 16
        assert len(server.asked) >= sent
        assert sum(one.tries for one in found) == len(server.asked)
        before = len(server.asked)
        assert unsent(await ask_all(door, 8, 8)) == 8
        assert len(server.asked) == before

    play(story)


def test_what_is_in_flight_comes_in_and_what_waits_for_a_place_does_not(play: Any) -> None:
    async def story(clock: Clock) -> None:
        server = Server(clock, lambda _, __: ok(), latency=15.0)
        found, seconds, _ = await halted(limited(server, 4), server, 10)
        assert seconds == pytest.approx(5.0)
        assert unsent(found) == 6
        assert sum(isinstance(one, Completion) for one in found) == 4

    play(story)


def test_what_fails_after_the_halt_is_not_tried_again(play: Any) -> None:
    async def story(clock: Clock) -> None:
        server = Server(clock, lambda _, __: ProviderError("timeout", "no answer"), latency=15.0)
        found, seconds, _ = await halted(limited(server, 4, Patience(silent=600), patience=0), server, 4)
        assert seconds < 5.2
        assert len(server.asked) == 4
        assert sum(one.lost for one in found) == 4

    play(story)


@pytest.mark.parametrize("kind", ["auth", "model", "quota"])
def test_a_model_that_refuses_all_is_not_asked_by_those_who_wait_and_other_models_are(play: Any, kind: Any) -> None:
    async def story(clock: Clock) -> None:
        class Choosy(Server):
            async def complete(self, request: Request) -> Completion:
                answer = await super().complete(request)
                if request.model == "bad":
                    raise ProviderError(kind, "no", status=404)
                return answer

        server = Choosy(clock, lambda _, __: ok())
        door = limited(server, 8, requests_per_minute=60)
        bad = [asyncio.create_task(door.complete(Request("bad", QUESTION.messages))) for _ in range(20)]
        good = asyncio.create_task(door.complete(Request("good", QUESTION.messages)))
        await asyncio.sleep(0.5)
        errors = [task.exception() for task in bad if task.done()]
        assert [(error.message, error.tries) for error in errors] == [("no", 1)] + [("no", 0)] * 19  # type: ignore[union-attr]
        assert not good.done()
        await good
        assert len(server.asked) == 2
        await door.complete(QUESTION)
        assert server.asked[2] < 25, "the turns of those who did not go are for others"

    play(story)


def test_a_try_that_the_budget_does_not_cover_is_not_made(play: Any) -> None:
    async def story(clock: Clock) -> None:
        server = Server(clock, lambda _, __: ProviderError("server", "oh", status=500))
        left = iter([True, True, False])
        with pytest.raises(ProviderError) as caught:
            await limited(server).complete(Request("m", QUESTION.messages, again=lambda: next(left)))
        assert (caught.value.unsent, caught.value.tries, len(server.asked)) == (True, 3, 3)

    play(story)
