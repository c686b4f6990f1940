"""A budget lent out: a worker elsewhere asks for each reservation, and the coordinator keeps the one account.

With every reservation a further HTTP request is set aside where there is one left, so that a worker need not wait to
hear whether it may send a question again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from seedbed.core.chat import Usage
from seedbed.core.errors import BudgetSpent
from seedbed.core.ports import Reservation

if TYPE_CHECKING:
    from seedbed.core.ports import Purse

Said: TypeAlias = tuple[Any, ...]
"""What one side says to the other: a word, the number of the reservation, and what belongs to it."""

Tell: TypeAlias = Callable[[Said], None]


class Priced(Protocol):
    """What a model costs."""

    def cost(self, usage: Usage) -> float:
        """US dollars for these tokens."""
        ...


@dataclass(slots=True)
class _Lent(Reservation):
    """A reservation as the worker has it; `spare` HTTP requests may be made beside the first."""

    number: int = 0
    spare: int = 0


class LentPurse:
    """The `Purse` port at a worker.

    Args:
        tell: sends what is said to the coordinator.
        prices: of the models, by the user's names.
        listened: waits until the coordinator listens; each call does.
        counted: whether anything is limited; if not, nobody is asked.
    """

    def __init__(
        self,
        tell: Tell,
        prices: Mapping[str, Priced | None],
        listened: Callable[[], Awaitable[None]],
        *,
        counted: bool,
    ) -> None:
        self._tell = tell
        self._listened = listened
        self._prices = prices
        self._counted = counted
        self._number = 0
        self._asked: dict[int, asyncio.Future[int]] = {}
        self._out: dict[int, _Lent] = {}

    async def reserve(self, model: str, input_tokens: int, max_tokens: int | None) -> Reservation:
        """See `Purse.reserve`."""
        await self._listened()
        if not self._counted:
            return Reservation(model)
        self._number += 1
        number = self._number
        answer = self._asked[number] = asyncio.get_running_loop().create_future()
        self._tell(("reserve", number, model, input_tokens, max_tokens))
        try:
            spare = await answer
        except asyncio.CancelledError:
            self._tell(("settle", number, model, Usage(), 0))
            raise
        finally:
            self._asked.pop(number, None)
        lent = self._out[number] = _Lent(model, number=number, spare=spare)
        return lent

    def again(self, reservation: Reservation) -> bool:
        """See `Purse.again`."""
        if not isinstance(reservation, _Lent):
            return True
        if not reservation.spare:
            return False
        reservation.spare -= 1
        self._tell(("again", reservation.number))
        return True

    def settle(self, reservation: Reservation, usage: Usage, tries: int) -> float | None:
        """See `Purse.settle`."""
        if isinstance(reservation, _Lent):
            self._out.pop(reservation.number, None)
            self._tell(("settle", reservation.number, reservation.model, usage, tries))
        price = self._prices.get(reservation.model)
        return price.cost(usage) if price else None

    def hear(self, said: Said) -> None:
        """What the coordinator says: a reservation is lent, one more request may be made, nothing is left."""
        word, number, what = said
        answer = self._asked.get(number)
        if word == "spare":
            if number in self._out:
                self._out[number].spare += what
        elif answer is not None and not answer.done():
            if word == "lent":
                answer.set_result(what)
            else:
                answer.set_exception(BudgetSpent(what))


class Cashier:
    """One worker's account at the coordinator.

    Args:
        purse: what may be spent by all.
        tell: sends what is said to the worker.
    """

    def __init__(self, purse: Purse, tell: Tell) -> None:
        self._purse = purse
        self._tell = tell
        self._lent: dict[int, tuple[Reservation, int]] = {}
        self._waiting: dict[int, asyncio.Task[None]] = {}

    def hear(self, said: Said) -> None:
        """What the worker says."""
        word, number, *rest = said
        if word == "reserve":
            self._waiting[number] = asyncio.create_task(self._reserve(number, *rest))
        elif word == "again":
            lent = self._lent.get(number)
            self._tell(("spare", number, int(lent is not None and self._purse.again(lent[0]))))
        else:
            self._settle(number, *rest)

    def close(self) -> None:
        """The worker is gone. What was lent for calls nobody will hear of is taken as spent: it may have been."""
        for waiting in self._waiting.values():
            waiting.cancel()
        for reservation, input_tokens in self._lent.values():
            usage = Usage(input_tokens, max(0, reservation.tokens - input_tokens))
            self._purse.settle(reservation, usage, 1)
        self._lent.clear()

    async def _reserve(self, number: int, model: str, input_tokens: int, max_tokens: int | None) -> None:
        try:
            reservation = await self._purse.reserve(model, input_tokens, max_tokens)
        except BudgetSpent as error:
            self._tell(("spent", number, error.message))
            return
        finally:
            self._waiting.pop(number, None)
        self._lent[number] = (reservation, input_tokens)
        self._tell(("lent", number, int(self._purse.again(reservation))))

    def _settle(self, number: int, model: str, usage: Usage, tries: int) -> None:
        if waiting := self._waiting.pop(number, None):
            waiting.cancel()
        if lent := self._lent.pop(number, None):
            lent[0].model = model
            self._purse.settle(lent[0], usage, tries)
