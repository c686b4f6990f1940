"""What a run may spend, while many calls are under way at once."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seedbed.core.attempt import Answered, Attempt, Job
from seedbed.core.chat import Capabilities, Completion, Message, Request, Usage
from seedbed.core.connection import Connection
from seedbed.core.errors import BudgetSpent, ProviderError
from seedbed.core.ports import Reservation
from seedbed.engine.budget import FIRST_CALLS, Budget, Limits, Spent
from seedbed.engine.worker import Asker
from seedbed.providers.limits.limited import Limited
from seedbed.providers.scripted import Scripted

calm = settings(deadline=None, max_examples=100)
seeds = st.integers(0, 2**32).map(Random)

MOST_OUTPUT = 100
INPUT = 20


@dataclass
class PerToken:
    """A price: so many dollars for each token of an answer."""

    dollars: float

    def cost(self, usage: Usage) -> float:
        return self.dollars * usage.output_tokens


def budget(limits: Limits, spent: Spent | None = None, dollars: float = 0.01) -> Budget:
    return Budget(limits, spent or Spent(), {"m": PerToken(dollars), "dear": PerToken(1.0), "unknown": None})


class Clients:
    """So many callers at once, each calling until the budget is spent, with answers and faults of any size."""

    def __init__(self, purse: Budget, rng: Random, most_tries: int) -> None:
        self.purse = purse
        self.rng = rng
        self.most_tries = most_tries
        self.refused = 0
        self.in_flight = 0
        self.at_the_line = 0

    async def one(self) -> None:
        while True:
            try:
                reservation = await self.purse.reserve("m", INPUT, MOST_OUTPUT)
            except BudgetSpent:
                self.refused += 1
                return
            self.in_flight += 1
            for _ in range(self.rng.randrange(4)):
                await asyncio.sleep(0)
            usage = Usage(INPUT, self.rng.choice([0, 1, 10, MOST_OUTPUT, MOST_OUTPUT]))
            reached = bool(self.purse.over())
            tries = self.rng.randint(0, 1)
            while tries and tries < self.most_tries and self.rng.random() < 0.7 and self.purse.again(reservation):
                await asyncio.sleep(0)
                tries += 1
            self.purse.settle(reservation, usage, tries)
            if not reached and self.purse.over():
                self.at_the_line = self.in_flight
            self.in_flight -= 1

    async def all(self, number: int) -> None:
        await asyncio.gather(*(self.one() for _ in range(number)))
        assert self.refused == number
        assert self.in_flight == 0


@calm
@given(st.integers(1, 20), st.integers(1, 5_000), seeds)
def test_tokens_are_overshot_by_no_more_than_the_calls_in_flight(callers: int, tokens: int, rng: Random) -> None:
    purse = budget(Limits(tokens=tokens))
    clients = Clients(purse, rng, 3)
    asyncio.run(clients.all(callers))
    assert tokens <= purse.spent.tokens < tokens + clients.at_the_line * (INPUT + MOST_OUTPUT)
    assert purse.over() == f"the budget of {tokens:,} tokens is used up"


@calm
@given(st.integers(1, 20), st.integers(1, 60), seeds)
def test_calls_are_never_overshot_and_those_not_made_are_left_to_others(callers: int, calls: int, rng: Random) -> None:
    purse = budget(Limits(calls=calls))
    asyncio.run(Clients(purse, rng, 3).all(callers))
    assert purse.spent.calls == calls


@calm
@given(st.integers(1, 20), st.floats(0.01, 20), seeds)
def test_money_is_overshot_by_no_more_than_the_calls_in_flight(callers: int, cost: float, rng: Random) -> None:
    purse = budget(Limits(cost=cost))
    clients = Clients(purse, rng, 1)
    asyncio.run(clients.all(callers))
    assert cost <= purse.spent.cost < cost + clients.at_the_line * MOST_OUTPUT * 0.01 + 1e-9


@calm
@given(st.integers(1, 20), seeds)
def test_the_first_limit_that_is_reached_ends_all(callers: int, rng: Random) -> None:
    purse = budget(Limits(cost=3.0, tokens=2_000, calls=15, minutes=10))
    asyncio.run(Clients(purse, rng, 2).all(callers))
    assert purse.spent.cost >= 3.0 or purse.spent.tokens >= 2_000 or purse.spent.calls >= 15


def test_a_repetition_is_set_aside_like_any_call() -> None:
    async def story() -> None:
        purse = budget(Limits(calls=3))
        first, second = [await purse.reserve("m", INPUT, MOST_OUTPUT) for _ in range(2)]
        assert purse.again(first)
        assert not purse.again(second)
        assert not await fits(purse)
        purse.settle(first, Usage(INPUT, 5), 1)
        assert purse.again(second)
        purse.settle(second, Usage(INPUT, 5), 2)
        assert purse.over() == "the budget of 3 calls is used up"

    asyncio.run(story())


@pytest.mark.parametrize(
    "limits", [Limits(tokens=100), Limits(cost=0.5), Limits(minutes=0), Limits(tokens=99, calls=9)]
)
def test_nothing_is_repeated_beyond_any_budget(limits: Limits) -> None:
    purse = budget(limits, Spent())
    reservation = Reservation("m", calls=1)
    assert purse.again(reservation) == (limits.minutes is None)
    purse.settle(reservation, Usage(INPUT, 80), 1)
    assert not purse.again(Reservation("m"))


async def fits(purse: Budget, tokens: int | None = MOST_OUTPUT, model: str = "m") -> bool:
    """Whether a call could be made now; takes its reservation if so."""
    waiting = asyncio.ensure_future(purse.reserve(model, INPUT, tokens))
    for _ in range(3):
        await asyncio.sleep(0)
    if waiting.done():
        waiting.result()
        return True
    waiting.cancel()
    return False


def test_what_does_not_fit_waits_for_reservations_to_come_back() -> None:
    async def story() -> None:
        purse = budget(Limits(tokens=200))
        first = await purse.reserve("m", INPUT, MOST_OUTPUT)
        second = asyncio.ensure_future(purse.reserve("m", INPUT, MOST_OUTPUT))
        await asyncio.sleep(0)
        assert not second.done()
        purse.settle(first, Usage(INPUT, 5), 1)
        reservation = await second
        purse.settle(reservation, Usage(INPUT, 5), 1)
        assert purse.spent.tokens == 50

    asyncio.run(story())


def test_those_who_wait_are_told_when_nothing_comes_back() -> None:
    async def story() -> None:
        purse = budget(Limits(tokens=130))
        first = await purse.reserve("m", INPUT, MOST_OUTPUT)
        waiting = [asyncio.ensure_future(purse.reserve("m", INPUT, MOST_OUTPUT)) for _ in range(5)]
        await asyncio.sleep(0)
        purse.settle(first, Usage(INPUT, 110), 1)
        answers = await asyncio.gather(*waiting, return_exceptions=True)
        assert all(isinstance(answer, BudgetSpent) for answer in answers)

    asyncio.run(story())


def test_one_who_gives_up_waiting_takes_nothing_along() -> None:
    async def story() -> None:
        purse = budget(Limits(tokens=200))
        first = await purse.reserve("m", INPUT, MOST_OUTPUT)
        assert not await fits(purse)
        purse.settle(first, Usage(INPUT, 10), 1)
        assert await fits(purse)

    asyncio.run(story())


def test_the_last_call_may_go_over_the_line_alone() -> None:
    async def story() -> None:
        purse = budget(Limits(tokens=10))
        assert await fits(purse)
        assert not await fits(purse)

    asyncio.run(story())


def test_after_twenty_answers_the_observed_length_is_reserved() -> None:
    async def story() -> None:
        purse = budget(Limits(tokens=100_000))
        for _ in range(FIRST_CALLS):
            reservation = await purse.reserve("m", INPUT, 1000)
            assert reservation.tokens == INPUT + 1000
            purse.settle(reservation, Usage(INPUT, 30), 1)
        assert (await purse.reserve("m", INPUT, 1000)).tokens == INPUT + 30

    asyncio.run(story())


def test_one_long_answer_in_a_hundred_is_reckoned_with() -> None:
    async def story() -> None:
        purse = budget(Limits(tokens=1_000_000))
        for number in range(100):
            reservation = await purse.reserve("m", INPUT, 1000)
            purse.settle(reservation, Usage(INPUT, 900 if number == 40 else 30), 1)
        assert (await purse.reserve("m", INPUT, 1000)).tokens == INPUT + 900

    asyncio.run(story())


def test_failed_calls_do_not_teach_that_answers_are_short() -> None:
    async def story() -> None:
        purse = budget(Limits(tokens=100_000))
        for _ in range(FIRST_CALLS + 5):
            purse.settle(await purse.reserve("m", INPUT, 1000), Usage(), 1)
        assert (await purse.reserve("m", INPUT, 1000)).tokens == INPUT + 1000

    asyncio.run(story())


def test_an_answer_of_unknown_length_is_reserved_generously() -> None:
    reservation = asyncio.run(budget(Limits(tokens=100_000)).reserve("m", INPUT, None))
    assert reservation.tokens >= INPUT + 512


def test_money_is_reserved_at_the_models_price() -> None:
    reservation = asyncio.run(budget(Limits(cost=5.0)).reserve("m", INPUT, 50))
    assert reservation.cost == pytest.approx(0.5)


def test_the_price_is_that_of_the_model_that_answered() -> None:
    async def story() -> None:
        purse = budget(Limits(cost=100.0))
        reservation = await purse.reserve("m", INPUT, 50)
        reservation.model = "dear"
        assert purse.settle(reservation, Usage(INPUT, 7), 1) == pytest.approx(7.0)
        assert purse.spent.cost == pytest.approx(7.0)

    asyncio.run(story())


def test_an_unknown_price_is_said_to_be_unknown() -> None:
    async def story() -> None:
        for limits in (Limits(), Limits(tokens=1000)):
            purse = budget(limits)
            assert purse.settle(await purse.reserve("unknown", INPUT, 50), Usage(INPUT, 7), 2) is None
            assert (purse.spent.tokens, purse.spent.calls, purse.spent.cost) == (INPUT + 7, 2, 0.0)

    asyncio.run(story())


@pytest.mark.parametrize(
    ("limits", "spent"),
    [
        (Limits(tokens=100), Spent(tokens=100)),
        (Limits(cost=1.0), Spent(cost=1.0)),
        (Limits(calls=5), Spent(calls=7)),
        (Limits(minutes=1), Spent(seconds=60)),
        (Limits(minutes=1, tokens=1000), Spent(seconds=61)),
    ],
)
def test_what_earlier_processes_took_counts(limits: Limits, spent: Spent) -> None:
    with pytest.raises(BudgetSpent, match=r"the budget of .* is used up"):
        asyncio.run(budget(limits, spent).reserve("m", INPUT, MOST_OUTPUT))


def test_minutes_are_working_time_over_all_processes() -> None:
    now = [1000.0]
    purse = Budget(Limits(minutes=2), Spent(seconds=90.0), {"m": None}, clock=lambda: now[0])
    assert purse.seconds == 90
    asyncio.run(purse.reserve("m", INPUT, MOST_OUTPUT))
    now[0] += 29.9
    assert not purse.over()
    now[0] += 0.1
    assert purse.seconds == pytest.approx(120)
    with pytest.raises(BudgetSpent, match="2 minutes"):
        asyncio.run(purse.reserve("m", INPUT, MOST_OUTPUT))


def test_without_limits_nothing_is_ever_waited_for() -> None:
    async def story() -> None:
        purse = budget(Limits())
        assert all([await fits(purse, 10**9) for _ in range(100)])

    asyncio.run(story())


class Door:
    """All models of a run: one provider behind its limits; with another one, it takes over at the first error."""

    room = 1

    def __init__(self, provider: Scripted, spare: Scripted | None = None) -> None:
        self._limited = Limited(provider, Connection(provider="scripted"), 4)
        self._spare = Limited(spare, Connection(provider="scripted"), 4) if spare else None

    async def complete(self, request: Request) -> Completion:
        limited = self._spare if self._spare and request.model == "dear" else self._limited
        try:
            return await limited.complete(request)
        except ProviderError as error:
            error.model = request.model
            error.instead = "dear" if self._spare and limited is not self._spare else ""
            raise

    def halt(self) -> None:
        self._limited.halt()

    def capabilities(self, model: str) -> Capabilities:
        return Capabilities()

    async def aclose(self) -> None:
        return


class Purse:
    """A purse that notes what comes back, before and after."""

    def __init__(self) -> None:
        self.settled: list[tuple[Usage, int]] = []
        self.models: list[str] = []

    async def reserve(self, model: str, input_tokens: int, max_tokens: int | None) -> Reservation:
        return Reservation(model, input_tokens + (max_tokens or 0))

    def again(self, reservation: Reservation) -> bool:
        return True

    def settle(self, reservation: Reservation, usage: Usage, tries: int) -> float | None:
        self.models.append(reservation.model)
        self.settled.append((usage, tries))
        return None


QUESTION = Request("m", (Message(role="user", content="Write one reply, please."),), max_tokens=100)


def asked(*answers: str | Completion | ProviderError) -> tuple[Purse, list[Answered]]:
    """What is charged and noted for one question that gets these answers in turn."""
    return asked_of(Door(Scripted.answering(answers)))


def asked_of(door: Door) -> tuple[Purse, list[Answered]]:
    """What is charged and noted for one question at that door."""
    purse, noted = Purse(), list[Answered]()
    job = Job(Attempt("run", 0, 0, 0, "2026-01-01T00:00:00+00:00", 0, {}, "m"))

    async def story() -> None:
        with suppress(ProviderError):
            await Asker(job, door, purse, noted.append)(QUESTION)

    asyncio.run(story())
    return purse, noted


def test_an_answered_call_is_charged_what_it_took() -> None:
    purse, noted = asked(Completion("Hello.", usage=Usage(11, 3)))
    assert purse.settled == [(Usage(11, 3), 1)]
    assert (noted[0].input_tokens, noted[0].output_tokens, noted[0].tries) == (11, 3, 1)


def test_a_refused_call_is_charged_nothing() -> None:
    purse, noted = asked(ProviderError("request", "too long", status=400))
    assert purse.settled == [(Usage(0, 0), 1)]
    assert noted[0].completion is None


def test_calls_that_timed_out_are_charged_at_their_estimate() -> None:
    class Silent(Door):
        async def complete(self, request: Request) -> Completion:
            raise ProviderError("timeout", "no answer within 60 s")

    purse, noted = asked_of(Silent(Scripted()))
    assert purse.settled == [(Usage(QUESTION.input_size(), 100), 1)]
    assert (noted[0].input_tokens, noted[0].output_tokens) == (QUESTION.input_size(), 100)


def test_a_call_that_timed_out_once_and_was_answered_then_is_charged_for_both() -> None:
    late = ProviderError("timeout", "the gateway waited in vain", status=504)
    purse, noted = asked(late, Completion("Hello.", usage=Usage(11, 3)))
    assert sum(usage.output_tokens for usage, _ in purse.settled) >= 100 + 3
    assert sum(answered.tries for answered in noted) == 2


def test_each_model_that_was_asked_is_charged_for_itself() -> None:
    late = ProviderError("timeout", "no answer")
    spare = Scripted.answering([Completion("Hi.", usage=Usage(11, 3))])
    purse, noted = asked_of(Door(Scripted.answering([late]), spare))
    assert purse.models == [answered.model for answered in noted] == ["m", "dear"]
    assert purse.settled == [(Usage(QUESTION.input_size(), 100), 1), (Usage(11, 3), 1)]
    assert [answered.completion is None for answered in noted] == [True, False]
    assert {answered.hash for answered in noted} == {noted[0].hash}, "so that it is found again when the run goes on"


def test_the_one_that_took_over_is_charged_for_its_own_failure() -> None:
    no = ProviderError("request", "no", status=400)
    purse, noted = asked_of(Door(Scripted.answering([no]), Scripted.answering([no])))
    assert purse.models == [answered.model for answered in noted] == ["m", "dear"]
    assert [tries for _, tries in purse.settled] == [1, 1]


def test_what_was_not_sent_is_not_charged_and_not_noted() -> None:
    door = Door(Scripted())
    door.halt()
    purse, noted = asked_of(door)
    assert purse.settled == [(Usage(), 0)]
    assert noted == []
