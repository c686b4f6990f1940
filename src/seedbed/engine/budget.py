"""What a run may spend, kept also while calls are in flight."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from seedbed.core.chat import Usage
from seedbed.core.errors import BudgetSpent
from seedbed.core.ports import Reservation

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

FIRST_CALLS = 20
"""Until so many answers are known, an answer is expected to be as long as it may be."""


class Price(Protocol):
    """What a model costs."""

    def cost(self, usage: Usage) -> float:
        """US dollars for these tokens."""
        ...


@dataclass(frozen=True, slots=True)
class Limits:
    """The most a run may take; None is no limit. `cost` in US dollars, `minutes` of working time."""

    cost: float | None = None
    tokens: int | None = None
    calls: int | None = None
    minutes: float | None = None


@dataclass(slots=True)
class Spent:
    """What a run took so far, over all its processes."""

    cost: float = 0.0
    tokens: int = 0
    calls: int = 0
    seconds: float = 0.0


class Budget:
    """Lends calls out of what is left (the `Purse` port).

    A call reserves its input and the 99th percentile of the answers so far. If that does not fit, it waits for
    reservations to come back; if none is out, one call may still go over the line: tokens and money are overshot by
    no more than the calls in flight. HTTP requests are set aside one by one, so their number is never overshot.
    """

    def __init__(
        self, limits: Limits, spent: Spent, prices: Mapping[str, Price | None], clock: Callable[[], float] | None = None
    ) -> None:
        self.limits = limits
        self.spent = spent
        self._prices = prices
        self._clock = clock or time.monotonic
        self._began = self._clock() - spent.seconds
        self._tokens_out = 0
        self._cost_out = 0.0
        self._calls_out = 0
        self._outputs: deque[int] = deque(maxlen=500)
        self._expected = 0
        self._answers = 0
        self._freed = asyncio.Event()
        self._counts = any(value is not None for value in (limits.cost, limits.tokens, limits.calls))

    @property
    def counts(self) -> bool:
        """Whether calls need reservations: anything but the time is limited."""
        return self._counts

    @property
    def seconds(self) -> float:
        """Working time of the run up to now."""
        return self._clock() - self._began

    def over(self) -> str:
        """Which limit is reached, in words; empty if none is."""
        limits, spent = self.limits, self.spent
        if limits.tokens is not None and spent.tokens >= limits.tokens:
            return f"the budget of {limits.tokens:,} tokens is used up"
        if limits.cost is not None and spent.cost >= limits.cost:
            return f"the budget of ${limits.cost:,.2f} is used up"
        if limits.calls is not None and spent.calls >= limits.calls:
            return f"the budget of {limits.calls:,} calls is used up"
        if limits.minutes is not None and self.seconds >= limits.minutes * 60:
            return f"the budget of {limits.minutes:g} minutes is used up"
        return ""

    async def reserve(self, model: str, input_tokens: int, max_tokens: int | None) -> Reservation:
        """See `Purse.reserve`."""
        if not self._counts:
            if self.limits.minutes is not None and self.over():
                raise BudgetSpent(self.over())
            return Reservation(model)
        wanted = self._estimate(model, input_tokens, max_tokens)
        while True:
            reached = self.over()
            if reached:
                raise BudgetSpent(reached)
            if self._fits(wanted) or not self._calls_out:
                self._move(wanted, 1)
                return wanted
            self._freed.clear()
            await self._freed.wait()

    def again(self, reservation: Reservation) -> bool:
        """See `Purse.again`."""
        limit = self.limits.calls
        if self.over() or (limit is not None and self.spent.calls + self._calls_out >= limit):
            return False
        if self._counts:
            reservation.calls += 1
            self._calls_out += 1
        return True

    def settle(self, reservation: Reservation, usage: Usage, tries: int) -> float | None:
        """See `Purse.settle`."""
        price = self._prices.get(reservation.model)
        cost = price.cost(usage) if price else None
        self.spent.calls += tries
        self.spent.tokens += usage.total
        self.spent.cost += cost or 0.0
        if self._counts:
            self._move(reservation, -1)
            if usage.output_tokens:
                self._observe(usage.output_tokens)
            self._freed.set()
        return cost

    def _estimate(self, model: str, input_tokens: int, max_tokens: int | None) -> Reservation:
        output = self._expected if self._answers >= FIRST_CALLS else (max_tokens or 1024)
        output = 0 if max_tokens == 0 else output  # a vector
        price = self._prices.get(model)
        cost = price.cost(Usage(input_tokens, output)) if price else 0.0
        return Reservation(model, input_tokens + output, cost, calls=1)

    def _fits(self, wanted: Reservation) -> bool:
        limits, spent = self.limits, self.spent
        return (
            (limits.tokens is None or spent.tokens + self._tokens_out + wanted.tokens <= limits.tokens)
            and (limits.cost is None or spent.cost + self._cost_out + wanted.cost <= limits.cost)
            and (limits.calls is None or spent.calls + self._calls_out + 1 <= limits.calls)
        )

    def _move(self, reservation: Reservation, sign: int) -> None:
        self._tokens_out += sign * reservation.tokens
        self._cost_out += sign * reservation.cost
        self._calls_out += sign * reservation.calls

    def _observe(self, output_tokens: int) -> None:
        self._outputs.append(output_tokens)
        self._answers += 1
        if self._answers < FIRST_CALLS or self._answers % 25 == 0 or output_tokens > self._expected:
            ordered = sorted(self._outputs)
            self._expected = ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)]
