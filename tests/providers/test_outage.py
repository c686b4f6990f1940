"""An address that answered before and is out of order for a while is waited for, and hardly asked meanwhile."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from typing import Any

import pytest

from seedbed.core.chat import Completion, Request
from seedbed.core.errors import ProviderError
from seedbed.providers.limits.gate import Gate
from seedbed.providers.limits.limited import Limited
from seedbed.providers.limits.outage import LONGEST_SECONDS

from .limits_play import QUESTION, Behaviour, Clock, Server, ask_all, busy, limited, ok

FAULTS: list[tuple[Any, int | None]] = [("server", 500), ("server", 503), ("unreachable", None), ("protocol", 200)]


def out_from(start: float, until: float, kind: Any = "server", status: int | None = 500) -> Behaviour:
    """A server that is out of order between two moments."""
    return lambda now, _: ProviderError(kind, "oh", status=status) if start < now < until else ok()


class Choosy(Server):
    """One question it can never answer."""

    async def complete(self, request: Request) -> Completion:
        answer = await super().complete(request)
        if request.max_tokens == 7:
            raise ProviderError("server", "it makes me ill", status=500)
        return answer


def gave_up(found: list[Completion | ProviderError]) -> list[ProviderError]:
    return [one for one in found if isinstance(one, ProviderError) and one.gave_up]


@pytest.mark.parametrize(("kind", "status"), FAULTS)
@pytest.mark.parametrize(("concurrency", "retries"), [(1, 2), (8, 1), (64, 0), (64, 6)])
@pytest.mark.parametrize("seconds", [30, 300])
def test_an_outage_is_waited_out_without_losing_a_question(
    play: Any, kind: Any, status: int | None, concurrency: int, retries: int, seconds: int
) -> None:
    async def story(clock: Clock) -> None:
        server = Server(clock, out_from(5, 5 + seconds, kind, status))
        door = limited(server, concurrency, retries=retries)
        found = await ask_all(door, 100 * concurrency, 2 * concurrency)
        lost = [one for one in found if isinstance(one, ProviderError)]
        assert len(lost) <= (40 if retries == 0 else 0), "but those that are not to be tried again before it is clear"
        vain = [at for at in server.asked if 5 < at + 0.1 < 5 + seconds]
        assert len(vain) <= 2 * concurrency + (12 if concurrency > 1 else 20) + seconds / LONGEST_SECONDS
        later = [at for at in vain if at > 12]
        assert all(after - before >= 4 for before, after in pairwise(later))
        assert server.asked[-1] < 5 + 2 * seconds + 40

    play(story)


def test_it_is_back_soon_after_a_short_outage_and_not_all_at_once(play: Any) -> None:
    async def story(clock: Clock) -> None:
        server = Server(clock, out_from(4.95, 8))
        door = limited(server, 64)
        await ask_all(door, 6400, 128)
        assert server.asked[-1] < 10 + 3 + 3
        first = next(at for at in server.asked if at > 8)
        assert sum(first < at < first + 0.15 for at in server.asked) <= 10
        assert sum(first + 1 < at < first + 2 for at in server.asked) >= 500

    play(story)


def test_silence_is_waited_out_too(play: Any) -> None:
    async def story(clock: Clock) -> None:
        class Mute(Server):
            async def complete(self, request: Request) -> Completion:
                if 5 < clock.time() - self.start < 200:
                    self.asked.append(clock.time() - self.start)
                    await asyncio.sleep(20)
                    raise ProviderError("timeout", "no answer within 20 s")
                return await super().complete(request)

        server = Mute(clock, lambda _, __: ok())
        found = await ask_all(limited(server, 8), 600, 16)
        assert all(isinstance(one, Completion) for one in found)
        assert sum(5 < at < 200 for at in server.asked) <= 8 * 2 + 12

    play(story)


@pytest.mark.parametrize("retry_after", [None, 3.0, 45.0])
def test_nothing_but_too_many_requests_for_long_is_probed_as_well(play: Any, retry_after: float | None) -> None:
    async def story(clock: Clock) -> None:
        server = Server(clock, lambda now, _: busy(retry_after) if 5 < now < 400 else ok())
        found = await ask_all(limited(server, 8), 1000, 16)
        assert all(isinstance(one, Completion) for one in found)
        assert sum(80 < at < 400 for at in server.asked) <= 5 + 320 / LONGEST_SECONDS

    play(story)


def test_who_says_when_to_come_back_is_asked_then(play: Any) -> None:
    async def story(clock: Clock) -> None:
        server = Server(clock, lambda now, _: busy(300.0) if 5 < now < 300 else ok())
        door, said = limited(server, 4), list[str]()
        door.tell = said.append
        found = await ask_all(door, 400, 4)
        assert all(isinstance(one, Completion) for one in found)
        assert [words.partition(".")[0] for words in said] == [
            "has been out of order for 0",
            "answers again, after 5 minutes",
        ]
        assert "slow down. It is asked again every 5 minutes" in said[0]
        assert said[1] == "answers again, after 5 minutes."
        assert not [at for at in server.asked if 5.2 < at < 304]

    play(story)


@pytest.mark.parametrize("patience", [30.0, 600.0])
@pytest.mark.parametrize("concurrency", [1, 16])
def test_what_is_borne_has_an_end_for_all_that_wait(play: Any, concurrency: int, patience: float) -> None:
    async def story(clock: Clock) -> None:
        server = Server(clock, out_from(5, 1e9))
        door = limited(server, concurrency, patience=patience)
        while clock.time() - server.start < 4.5:
            await ask_all(door, concurrency, concurrency)
        await asyncio.sleep(1)
        found = await ask_all(door, 2 * concurrency, 2 * concurrency)
        assert len(gave_up(found)) == 2 * concurrency
        assert patience <= clock.time() - server.start - 5 <= patience + 2
        assert {one.message for one in gave_up(found)} == {"oh"}
        assert sum(one.tries for one in gave_up(found)) == sum(at > 4.9 for at in server.asked)
        assert (
            "The same command goes on" in gave_up(found)[0].hint or "the same command goes on" in gave_up(found)[0].hint
        )

    play(story)


def test_two_models_of_a_connection_are_given_up_one_after_the_other(play: Any) -> None:
    async def story(clock: Clock) -> None:
        server = Server(clock, out_from(1, 1e9))
        door = limited(server, 4, patience=60)
        await ask_all(door, 20, 4)

        async def asked(model: str) -> ProviderError:
            with pytest.raises(ProviderError) as caught:
                await door.complete(Request(model, QUESTION.messages))
            return caught.value

        await asyncio.sleep(1)
        found = await asyncio.gather(*(asked(model) for model in ("m", "n") * 4))
        assert all(one.gave_up for one in found)
        assert clock.time() - server.start < 70

    play(story)


def test_one_question_that_fails_alone_is_no_outage(play: Any) -> None:
    async def story(clock: Clock) -> None:
        server = Choosy(clock, lambda _, __: ok())
        door = limited(server, 4)
        await ask_all(door, 4, 4)
        with pytest.raises(ProviderError) as caught:
            await door.complete(Request("m", QUESTION.messages, max_tokens=7))
        assert (caught.value.tries, caught.value.gave_up) == (7, False)
        assert clock.time() - server.start < 60

    play(story)


def test_a_question_that_fails_always_does_not_keep_the_others_out(play: Any) -> None:
    async def story(clock: Clock) -> None:
        server = Choosy(clock, out_from(5, 100))
        door = limited(server, 2)
        await ask_all(door, 90, 2)
        bad = asyncio.create_task(door.complete(Request("m", QUESTION.messages, max_tokens=7)))
        assert all(isinstance(one, Completion) for one in await ask_all(door, 200, 3))
        with pytest.raises(ProviderError, match="ill"):
            await bad

    play(story)


async def in_an_outage(server: Server, door: Limited) -> asyncio.Task[list[Completion | ProviderError]]:
    asking = asyncio.create_task(ask_all(door, 10_000, 16))
    await asyncio.sleep(40)
    assert door.outage
    return asking


def test_a_halt_ends_the_wait_at_once(play: Any) -> None:
    async def story(clock: Clock) -> None:
        server = Server(clock, out_from(5, 1e9))
        door = limited(server, 8)
        asking = await in_an_outage(server, door)
        start = clock.time()
        door.halt()
        found = await asking
        assert clock.time() - start < 0.2
        assert {one.unsent for one in found if isinstance(one, ProviderError)} == {True}

    play(story)


def test_who_goes_away_while_it_finds_out_leaves_that_to_the_next(play: Any) -> None:
    async def story(clock: Clock) -> None:
        class Watched(Server):
            busy = asyncio.Event()

            async def complete(self, request: Request) -> Completion:
                self.busy.set()
                return await super().complete(request)

        server = Watched(clock, out_from(5, 60), latency=2.0)
        door = limited(server, 2)
        await ask_all(door, 4, 2)
        callers = [asyncio.create_task(door.complete(QUESTION)) for _ in range(8)]
        await asyncio.sleep(20)
        server.busy.clear()
        await server.busy.wait()
        before = len(server.asked)
        for caller in callers[::2]:
            caller.cancel()
        await asyncio.sleep(2.5)
        assert len(server.asked) <= before + 1
        found = await asyncio.gather(*callers, return_exceptions=True)
        assert sum(isinstance(one, Completion) for one in found) == 4
        assert (door.gate.inside, server.inside) == (0, 0)

    play(story)


def test_a_probe_that_the_budget_does_not_cover_is_not_sent(play: Any) -> None:
    async def story(clock: Clock) -> None:
        server = Server(clock, out_from(1, 1e9))
        door = limited(server, 4)
        await ask_all(door, 20, 4)
        await asyncio.sleep(1)
        tries = iter(range(6))
        poor = Request("m", QUESTION.messages, again=lambda: next(tries, None) is not None)

        async def asked() -> ProviderError:
            with pytest.raises(ProviderError) as caught:
                await door.complete(poor)
            return caught.value

        found = await asyncio.gather(*(asked() for _ in range(3)))
        assert all(one.unsent for one in found)

    play(story)


def test_people_are_told_that_it_is_out_of_order_and_that_it_is_back(play: Any) -> None:
    async def story(clock: Clock) -> None:
        server = Server(clock, out_from(5, 160))
        door, said = limited(server, 8), list[str]()
        door.tell = said.append
        asking = asyncio.create_task(ask_all(door, 1000, 8))
        await asyncio.sleep(100)
        assert door.outage
        assert door.outage.words() == (
            "has been out of order for 2 minutes: oh. It is asked again every 30 s, for 8 minutes more; all "
            "that was made is kept."
        )
        await asking
        assert len(said) == 4
        assert said[0].startswith("has been out of order for 4 s: oh. It is asked again every 4 s, for 10 minutes more")
        assert said[-1].startswith("answers again, after 3 minutes")

    play(story)


def test_a_blink_is_not_worth_a_word(play: Any) -> None:
    async def story(clock: Clock) -> None:
        server = Server(clock, out_from(5, 6))
        door, said = limited(server, 8), list[str]()
        door.tell = said.append
        assert all(isinstance(one, Completion) for one in await ask_all(door, 1000, 8))
        assert said == []

    play(story)


def test_rates_are_kept_after_an_outage(play: Any) -> None:
    async def story(clock: Clock) -> None:
        server = Server(clock, out_from(20, 200))
        await ask_all(limited(server, 16, requests_per_minute=120), 400, 32)
        for start in server.asked:
            assert sum(start <= at < start + 60 for at in server.asked) <= 122 + 16

    play(story)


def test_a_gate_that_starts_again_opens_by_one_with_every_answer() -> None:
    gate = Gate(64)
    gate.restart()
    assert gate.limit == 8
    for _ in range(56):
        gate.saw(overload=False)
    assert gate.limit == 64
    gate.restart()
    gate.resize(16)
    for _ in range(20):
        gate.saw(overload=False)
    assert gate.limit == 16
