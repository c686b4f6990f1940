"""How fast and how stubbornly one connection is used: concurrency, rates, retries, and who need not wait any more.

An address that answered before and is out of order now is borne for the connection's `patience`: calls wait, no try of
theirs counts, and one at a time finds out whether it answers again. It is given up at once for questions that another
model can answer (`replaceable`).
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from seedbed.core.errors import ProviderError

from .breaker import PATIENCE, Breaker, Patience, Verdict, is_overload
from .gate import Gate, buckets
from .outage import TOLD_SECONDS, Outage, span

if TYPE_CHECKING:
    from collections.abc import Callable

    from seedbed.core.chat import Capabilities, Completion, RateState, Request
    from seedbed.core.connection import Connection
    from seedbed.core.ports import Provider

    from .gate import Bucket
    from .sharing import Share

BACKOFF_SECONDS = 0.4
LONGEST_BACKOFF_SECONDS = 30.0

MOST_TRIES = 100
"""So many HTTP requests for one question are enough, also when all the others were "too many requests"."""

LONG_SECONDS = 10.0
"""A pause that people should know of."""

QUIET_SECONDS = 60.0
"""How long nothing more is said of pauses once one was told of."""


@dataclass(slots=True)
class _Call:
    """One question on its way. `off` is done when it need not be sent any more; `bears` says for how many seconds it
    waits for an address that is out of order, `probes` that it finds out whether one still is."""

    request: Request
    off: asyncio.Future[ProviderError]
    bears: float
    probes: Outage | None = None
    tries: int = 0
    faults: int = 0
    lost: int = 0

    def failed(self, error: ProviderError) -> None:
        """Counts what this error took; the error then speaks for all tries."""
        self.tries += error.tries
        self.lost += error.lost
        self.faults += error.kind != "rate_limited"
        error.tries, error.lost = self.tries, self.lost


class Limited:
    """A provider used within its connection's limits, with retries; gives up on an address that is out of order.

    A model that was given up, or that every call to would fail alike, is not asked again: calls that wait to be sent
    to it end at once with the same error.

    Args:
        provider: who answers.
        connection: the limits.
        concurrency: calls at once, at the start and at most.
        patience: how soon it is clear that an address is out of order.
        share: the run's part of a connection that others use, too: its limits are kept there, and its provider is not
            closed here.

    Attributes:
        say: hears of a long pause, once: how many seconds, and why.
        tell: hears that the address is out of order, and that it answers again.
        sleeping: how many calls wait out a pause.
        bears: for how many seconds an address is borne that answered before and is out of order.
        replaceable: models of which it is not borne, as another one takes over.
    """

    def __init__(
        self,
        provider: Provider,
        connection: Connection,
        concurrency: int,
        patience: Patience = PATIENCE,
        share: Share | None = None,
    ) -> None:
        self.provider = provider
        self._retries = connection.retries
        self._share = share
        self._requests, self._tokens = (None, share.line.tokens) if share else buckets(connection)
        self._queued = 0
        self._random = Random()
        self._concurrency = concurrency
        self.gate = Gate(concurrency)
        self.say: Callable[[float, str], None] = lambda *_: None
        self.tell: Callable[[str], None] = lambda _: None
        self.sleeping = 0
        self.bears = connection.patience
        self.replaceable: set[str] = set()
        self._outage: Outage | None = None
        self._breaker = Breaker(patience)
        self._offs: dict[str, asyncio.Future[ProviderError]] = {}
        self._halted = False
        self._quiet_until = 0.0

    @property
    def capabilities(self) -> Capabilities:
        """See `Provider.capabilities`."""
        return self.provider.capabilities

    @property
    def outage(self) -> Outage | None:
        """What is waited out, if the address is out of order now."""
        return self._outage

    @property
    def room(self) -> int:
        """How many jobs may be under way: those that wait out a retry do not take a place."""
        return self.gate.ceiling + min(self.sleeping, self.gate.ceiling)

    @property
    def parts(self) -> int:
        """See `Line.parts`; one where nobody else uses the connection."""
        return self._share.line.parts if self._share else 1

    async def aclose(self) -> None:
        """See `Provider.aclose`."""
        if self._share is None:
            await self.provider.aclose()

    def part(self, place: int, of: int) -> None:
        """From now on this is number `place` of `of` that keep the connection's limits together."""
        self.gate.resize(self._concurrency // of + (place < self._concurrency % of))
        for bucket in filter(None, (self._requests, self._tokens)):
            bucket.divide(of)

    def halt(self) -> None:
        """From now on nothing is sent; calls that wait for that end at once, those in flight come in."""
        self._halted = True
        for model in self._offs:
            self._end(model, ProviderError.stopped())

    async def complete(self, request: Request) -> Completion:
        """See `Provider.complete`; several exchanges if need be.

        Raises:
            ProviderError: after all tries; `unsent` where the run's end or its budget kept it from another one.
        """
        call = _Call(request, self._offs.get(request.model) or self._first(request.model), self._bears(request))
        try:
            while True:
                await self._turn(call)
                try:
                    completion = await self.provider.complete(request)
                except ProviderError as error:
                    pause = self._failed(error, call)
                else:
                    return self._answered(completion, call)
                finally:
                    self._leave()
                if pause:
                    await self._sleep(pause, call.off)
        finally:
            if call.probes:
                call.probes.next()

    def _bears(self, request: Request) -> float:
        """Vectors of two models cannot be compared: nobody takes over for one that makes them."""
        return self.bears if request.embed is not None or request.model not in self.replaceable else 0.0

    def _first(self, model: str) -> asyncio.Future[ProviderError]:
        if not self._offs:
            self._breaker.starts()
        off = self._offs[model] = asyncio.get_running_loop().create_future()
        if self._halted:
            off.set_result(ProviderError.stopped())
        return off

    def _end(self, model: str, error: ProviderError) -> None:
        if not self._offs[model].done():
            self._offs[model].set_result(error)

    async def _turn(self, call: _Call) -> None:
        """Waits until the call may be sent, and takes its place; raises where it need not be sent any more."""
        while True:
            while (outage := self._outage) and call.bears and not call.probes and not call.off.done():
                if await outage.turn(call.off):
                    call.probes = outage
            await self._place(call)
            if not self._outage or not call.bears or call.probes:
                return
            self._give_back(call)

    async def _place(self, call: _Call) -> None:
        off = call.off
        while (wait := self.gate.closed_until - time.monotonic()) > 0 and not off.done():
            await self._sleep(wait + self._random.random() * 0.1, off)
        if self._share is None and (self._requests or self._tokens):
            await self._pace(call)
        if call.probes:
            self.gate.inside += 1
        elif not self.gate.take():
            await self.gate.enter(off)
        if off.done() or (self._share and not await self._taken_turn(self._share, call)):
            self.gate.leave()
            raise off.result().repeated(call.tries, call.lost)

    def _leave(self) -> None:
        self.gate.leave()
        if self._share:
            self._share.leave()

    def _give_back(self, call: _Call) -> None:
        """What it was let in with: the address went out of order meanwhile."""
        self._leave()
        tolls = self._share.line.tolls(self._token_estimate(call.request)) if self._share else self._tolls(call.request)
        for bucket, size in tolls:
            bucket.give(size)

    async def _taken_turn(self, share: Share, call: _Call) -> bool:
        """Whether the run's turn came before the call was off."""
        self._queued += 1
        try:
            return await share.enter(self._token_estimate(call.request), call.off)
        except asyncio.CancelledError:
            self.gate.leave()
            raise
        finally:
            self._queued -= 1

    async def _pace(self, call: _Call) -> None:
        """Keeps the rates; only whether an address answers at all is found out without delay."""
        tolls = self._tolls(call.request)
        wait = max(bucket.take(size) for bucket, size in tolls)
        if wait and (self._breaker.alive or not call.faults):
            await asyncio.wait((call.off,), timeout=wait)
        if call.off.done():
            for bucket, size in tolls:
                bucket.give(size)

    def _tolls(self, request: Request) -> list[tuple[Bucket, int]]:
        tolls = ((self._requests, 1), (self._tokens, self._token_estimate(request)))
        return [(bucket, size) for bucket, size in tolls if bucket]

    def _token_estimate(self, request: Request) -> int:
        return request.input_size() + min(256 if request.max_tokens is None else request.max_tokens, 256)

    async def _sleep(self, seconds: float, off: asyncio.Future[ProviderError]) -> None:
        self.sleeping += 1
        try:
            await asyncio.wait((off,), timeout=seconds)
        finally:
            self.sleeping -= 1

    def _answered(self, completion: Completion, call: _Call) -> Completion:
        self._breaker.answered()
        self.gate.saw(overload=False)
        if self._outage:
            self._in_order(call)
        if self._tokens:
            self._tokens.give(self._token_estimate(call.request) - completion.usage.total)
        if completion.rate:
            self._heed(completion.rate)
        if call.tries:
            completion = completion.by(completion.model, call.tries + completion.tries)
            completion.lost = call.lost
        return completion

    def _heed(self, rate: RateState) -> None:
        """Stops before the server must: nothing is left until the reset."""
        for left, reset in ((rate.requests_left, rate.requests_reset), (rate.tokens_left, rate.tokens_reset)):
            if left is not None and left <= 0 and reset:
                self._close(min(reset, 60.0))
                self._tell(min(reset, 60.0), "its limit is used up.")

    def _failed(self, error: ProviderError, call: _Call) -> float:
        """Seconds until the next try; where there is none, raises the error."""
        call.failed(error)
        if error.unsent:
            raise error
        self.gate.saw(overload=is_overload(error), failed=True)
        verdict = self._breaker.failed(error, self.gate.inside - self._queued - 1, call, call.bears)
        error.gave_up = error.gave_up or verdict == "give up"
        if self._outage and (not error.retryable or (error.kind == "rate_limited" and not self._outage.limited)):
            self._in_order(call)  # it refuses or limits: it is there
        if error.gave_up:
            if self._outage and error.retryable:
                error.hint = f"It has been so for {span(self._outage.lasts())}; later the same command goes on."
            self._end(call.request.model, error)
        elif error.retryable and self._again(call, verdict):
            if not call.request.again():
                error.unsent = True
            elif verdict == "out of order" or (self._outage and call.bears):
                return self._out_of_order(error, call)
            else:
                return self._pause(error, call.tries)
        if self._breaker.streak > PATIENCE.failures:
            self._close(min(1.0, 0.02 * self._breaker.streak))  # it is failing: find out whether for good, not how fast
        raise error

    def _again(self, call: _Call, verdict: Verdict) -> bool:
        """Whether the question is worth another try; what an address out of order takes is not its fault."""
        if call.bears and (self._outage or verdict == "out of order" or self._breaker.doubtful):
            return True
        return call.faults <= self._retries and call.tries < MOST_TRIES

    def _out_of_order(self, error: ProviderError, call: _Call) -> float:
        """The call waits with the others; there is no pause of its own."""
        if self._outage is None:
            self._outage = Outage(error, self._breaker.since, call.bears)
            self.gate.restart()
        elif call.probes is self._outage:
            self._outage.failed(error)
        call.probes = None
        now, long = time.monotonic(), self._outage.lasts() >= TOLD_SECONDS or self._outage.wait > LONG_SECONDS
        if long and (now >= self._quiet_until or not self._outage.told):
            self._quiet_until = now + QUIET_SECONDS
            self._outage.told = True
            self.tell(self._outage.words())
        return 0.0

    def _in_order(self, call: _Call) -> None:
        assert self._outage
        if self._outage.told:
            self.tell(f"answers again, after {span(self._outage.lasts())}.")
        self._outage.over()
        self._outage = call.probes = None

    def _pause(self, error: ProviderError, tries: int) -> float:
        pause = min(self._longest(error), BACKOFF_SECONDS * 2.0 ** (tries - 1)) * (0.3 + 0.7 * self._random.random())
        if error.retry_after is not None:
            pause = max(error.retry_after + self._random.random() * 0.05, min(pause, 1.0))
            if self.gate.overloaded:
                self._close(error.retry_after)
        self._tell(pause, error.message)
        return pause

    def _longest(self, error: ProviderError) -> float:
        if not self._breaker.alive and not is_overload(error):
            return 1.0
        return 2.0 if error.kind == "unreachable" else LONGEST_BACKOFF_SECONDS

    def _close(self, seconds: float) -> None:
        self.gate.closed_until = max(self.gate.closed_until, time.monotonic() + seconds)

    def _tell(self, seconds: float, why: str) -> None:
        now = time.monotonic()
        if seconds > LONG_SECONDS and now >= self._quiet_until:
            self._quiet_until = now + QUIET_SECONDS
            self.say(seconds, why)
