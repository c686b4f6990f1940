"""A provider that is asked in batches: each question waits until its batch has been answered."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar

import orjson

from seedbed.core.batches import BatchLine, StoredBatch
from seedbed.core.chat import Completion, request_hash
from seedbed.core.errors import ProviderError, StoreFailed

from ..limits.outage import span
from .slices import Batch, Slice, Waiting
from .wires import KEPT_BYTES, BatchWire, Look, Result, unanswered

if TYPE_CHECKING:
    from seedbed.core.batches import BatchBook
    from seedbed.core.chat import Capabilities, Request
    from seedbed.core.connection import Connection
    from seedbed.providers.dialect import Dialect, Put

T = TypeVar("T")

LONGEST_POLL = 60.0
"""Seconds between two looks at a batch, at most."""

LONGEST_CROWD = 600.0
"""Seconds until a batch is handed over again that did not fit into the account's queue, at most."""

FAILED = 3
"""So many batches in a row that failed as a whole, and none answered, are enough."""

MOST_LOOKS = 60
"""So often in a row, over half an hour, a batch may not be looked at in vain: a network that is gone comes back."""

QUIET_SECONDS = 60.0
"""How long nothing more is said of an address that goes on failing."""

SUBMIT_SECONDS = 30.0
"""How long the end of the work waits for a batch that is just being handed over."""


class Batched:
    """The `Provider` port over one that has batches. Vectors are asked for at once, as ever.

    Args:
        provider: whose words requests are put in.
        wire: how its batches are spoken.
        connection: its settings; with how many requests a batch has, and how often it is looked at.
        name: the connection's.
        owned: whether the provider is closed with this.

    Attributes:
        say: hears in a sentence of every batch.
    """

    def __init__(
        self, provider: Dialect, wire: BatchWire, connection: Connection, name: str, *, owned: bool = True
    ) -> None:
        self.provider = provider
        self.say: Callable[[str], None] = lambda _: None
        self._wire = wire
        self._settings = connection.batch
        self._retries = connection.retries
        self._name = name
        self._owned = owned
        self._book: BatchBook | None = None
        self._known: dict[tuple[str, str], tuple[Batch, str]] = {}
        self._slices: dict[tuple[str, str], Slice] = {}
        self._replies: set[asyncio.Future[Result]] = set()
        self._sending: set[asyncio.Task[None]] = set()
        self._following: set[asyncio.Task[None]] = set()
        self._remotes: set[str] = set()
        self._under_way: dict[str, Batch] = {}
        self._failures = 0
        self._left = asyncio.Event()
        self._said = float("-inf")

    @property
    def capabilities(self) -> Capabilities:
        """See `Provider.capabilities`."""
        return self.provider.capabilities

    async def take_up(self, book: BatchBook) -> None:
        """From now on batches are written into the book, and those that are in it already are waited for.

        Raises:
            ProviderError: it cannot be found out which of them the provider has.
        """
        self._book = book
        pending = {batch.token for batch in await asyncio.to_thread(book.pending)}
        for stored in await asyncio.to_thread(book.waiting):
            if stored.connection != self._name:
                continue
            if not stored.remote and stored.token in pending:
                await self._search(stored)
            if stored.remote:
                batch = Batch(stored.token, stored.remote, stored.began)
                self._remotes.add(stored.remote)
                self._known.update({(line.name, line.hash): (batch, line.custom_id) for line in stored.lines})

    async def _search(self, stored: StoredBatch) -> None:
        """Whether a batch was handed over when the process died."""
        stored.remote = await self._patiently(lambda: self._wire.find(stored, self._remotes))
        if stored.remote:
            await self._write(lambda book: book.sent(stored.token, stored.remote))
        else:
            await self._write(lambda book: book.withdraw(stored.token))

    async def complete(self, request: Request) -> Completion:
        """See `Provider.complete`."""
        if request.embed is not None:
            return await self.provider.complete(request)
        start, tries, put = time.monotonic(), 0, self.provider.put(request)
        while True:
            tries += 1
            reply = await self._reply(request, put)
            if isinstance(reply, ProviderError):
                raise reply
            heard = self.provider.heard(reply, request, put, tries, time.monotonic() - start)
            if isinstance(heard, Completion):
                self._failures = 0
                heard.tries = tries
                return heard
            if not request.again():
                raise ProviderError.stopped().repeated(tries, 0)
            put = self.provider.put(request, heard)

    async def cancel(self, book: BatchBook) -> int:
        """Cancels this connection's batches that may still be answered, and closes; answers how many there were.

        Raises:
            ProviderError: the provider does not answer.
        """
        found = [one for one in await asyncio.to_thread(book.pending) if one.remote and one.connection == self._name]
        try:
            for one in found:
                await self._patiently(lambda remote=one.remote: self._wire.cancel(remote))  # type: ignore[misc]
                await asyncio.to_thread(book.over, one.token)
        finally:
            await self.aclose()
        return len(found)

    def words(self) -> str:
        """What people are told of the batches that are waited for, after the connection's name; empty if none is."""
        batches = list(self._under_way.values())
        if not batches:
            return ""
        requests = sum(len(batch.replies) for batch in batches)
        lasts = span(max(0.0, time.time() - min(batch.began for batch in batches)))
        return f"has {_requests(requests)} in batches, the oldest for {lasts}; most are over within an hour."

    def leave(self) -> None:
        """Waits for nothing any more: what was handed over stays so, for whoever takes it up again."""
        self._left.set()
        for one in self._slices.values():
            if one.timer:
                one.timer.cancel()
        self._slices.clear()
        for reply in list(self._replies):
            if not reply.done():
                reply.set_result(ProviderError.stopped())

    async def aclose(self) -> None:
        """See `Provider.aclose`. A batch that is being handed over just now is waited for, a little."""
        self.leave()
        if self._sending:
            await asyncio.wait(self._sending, timeout=SUBMIT_SECONDS)
        for task in (*self._sending, *self._following):
            task.cancel()
        if self._owned:
            await self.provider.aclose()

    async def _reply(self, request: Request, put: Put) -> Result:
        if self._left.is_set():
            return ProviderError.stopped()
        reply: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._replies.add(reply)
        try:
            known = self._known.pop((request.attempt, _hash(request)), None)
            if known:
                batch, custom_id = known
                if batch.found is not None:
                    return batch.result(custom_id)
                batch.replies[custom_id] = reply
                self._follow(batch)
            else:
                self._gather(Waiting(request, put, reply, len(orjson.dumps(put.body)) + 200))
            return await reply
        finally:
            self._replies.discard(reply)

    def _gather(self, waiting: Waiting) -> None:
        """Puts a question into the open batch of its kind, which is sent when it is full or nothing more comes."""
        key = (str(waiting.put.url), waiting.request.model)
        found = self._slices.get(key)
        if found and found.size + waiting.size > KEPT_BYTES:
            self._send(key)
            found = None
        if found is None:
            found = self._slices[key] = Slice()
        found.waiting.append(waiting)
        found.size += waiting.size
        if found.timer:
            found.timer.cancel()
        if len(found.waiting) >= self._settings.size:
            self._send(key)
        else:
            found.timer = asyncio.get_running_loop().call_later(self._settings.wait, self._send, key)

    def _send(self, key: tuple[str, str]) -> None:
        found = self._slices.pop(key, None)
        if found is None:
            return
        if found.timer:
            found.timer.cancel()
        waiting = [one for one in found.waiting if not one.reply.done()]
        if waiting:
            _kept(self._sending, self._submit(waiting))

    async def _submit(self, waiting: list[Waiting]) -> None:
        """Writes a batch down, hands it over, and follows it."""
        replies = [one.reply for one in waiting]
        try:
            batch = await self._handed_over(waiting)
        except ProviderError as error:
            _tell(replies, _final(error))
        except StoreFailed as error:
            _tell(replies, _final(ProviderError("request", error.message, hint=error.hint)))
        else:
            if not self._left.is_set():
                self._follow(batch, waiting)

    async def _handed_over(self, waiting: list[Waiting]) -> Batch:
        token = secrets.token_hex(8)
        lines = [
            BatchLine(one.request.attempt, _hash(one.request), f"{token}-{number}", one.request.of)
            for number, one in enumerate(waiting)
        ]
        stored = StoredBatch(token, self._name, waiting[0].request.model, time.time(), lines=lines)
        await self._write(lambda book: book.begin(stored))
        rows = [self._wire.line(line.custom_id, one.put) for line, one in zip(lines, waiting, strict=True)]
        try:
            remote = await self._patiently(lambda: self._wire.submit(rows, waiting[0].put, token), stored)
        except ProviderError:
            if not self._left.is_set():  # else the next start finds out whether the provider has it
                await self._write(lambda book: book.withdraw(token))
            raise
        self._remotes.add(remote)
        await self._write(lambda book: book.sent(token, remote))
        self.say(f"Batch {remote} of {self.provider.who()}: {_requests(len(waiting))} handed over.")
        replies = {line.custom_id: one.reply for line, one in zip(lines, waiting, strict=True)}
        return Batch(token, remote, stored.began, replies)

    def _follow(self, batch: Batch, waiting: list[Waiting] | None = None) -> None:
        if not batch.followed:
            batch.followed = True
            self._under_way[batch.token] = batch
            _kept(self._following, self._await(batch, waiting))

    async def _await(self, batch: Batch, waiting: list[Waiting] | None) -> None:
        """Looks at a batch until it is over, then gives everybody what came back."""
        try:
            look = await self._over(batch)
            await self._write(lambda book: book.over(batch.token))
            if look.crowded and waiting:
                await self._again(waiting)
                return
            found = await self._patiently(lambda: self._wire.results(look), most=MOST_LOOKS) if look.places else {}
        except ProviderError as error:
            batch.tell({}, _final(error))
            return
        except StoreFailed as error:
            batch.tell({}, _final(ProviderError("request", error.message, hint=error.hint)))
            return
        finally:
            del self._under_way[batch.token]
        self._hand_out(batch, look, found)

    async def _over(self, batch: Batch) -> Look:
        pause = self._settings.poll
        while True:
            await asyncio.sleep(0)  # those who wait for the same batch come first
            try:
                look = await self._patiently(lambda: self._wire.look(batch.remote), most=MOST_LOOKS)
            except ProviderError as error:
                if error.status != 404:
                    raise
                return Look(over=True)  # it was removed there: what it held is asked again
            if look.over:
                return look
            await asyncio.sleep(pause)
            pause = max(self._settings.poll, min(pause * 1.25, LONGEST_POLL))

    async def _again(self, waiting: list[Waiting]) -> None:
        """The account's queue is full: what is in it has to be answered first."""
        pause = min(LONGEST_CROWD, 30 * self._settings.poll)
        self.say(f"{self.provider.who()} has no room for another batch yet: it is handed over again in {pause:.0f} s.")
        await asyncio.sleep(pause)
        left = [one for one in waiting if not one.reply.done()]
        if left:
            await self._submit(left)

    def _hand_out(self, batch: Batch, look: Look, found: dict[str, Result]) -> None:
        who = self.provider.who()
        problem = look.problem or unanswered(who, look.unanswered, "")
        if look.problem:
            problem = self._whole(look.problem, batch)
        answered = sum(isinstance(found.get(custom_id), tuple) for custom_id in batch.replies)
        self.say(f"Batch {batch.remote} of {who} is over: {answered:,} of {_requests(len(batch.replies))} answered.")
        batch.tell(found, problem)

    def _whole(self, problem: ProviderError, batch: Batch) -> ProviderError:
        """A batch that failed as a whole is asked again, unless all fail or every other would fail, too."""
        self._failures += 1
        message = f"The batch {batch.remote} failed: {problem.message}"
        kind = problem.kind if problem.fatal else "server"
        error = ProviderError(kind, message, hint=problem.hint)
        error.gave_up = problem.fatal or self._failures >= FAILED
        return error

    async def _patiently(
        self, act: Callable[[], Awaitable[T]], sent: StoredBatch | None = None, most: int | None = None
    ) -> T:
        """Does it, again where that may help. `sent` is a batch that may be there although no answer said so."""
        tries, unsure = 0, False
        while True:
            try:
                if sent and unsure and (remote := await self._wire.find(sent, self._remotes)):
                    return remote  # type: ignore[return-value]
                return await act()
            except (KeyError, TypeError, AttributeError, ValueError) as error:
                failed = ProviderError("protocol", f"{self.provider.who()} answered in a form that is not understood.")
                failed.__cause__ = error
            except ProviderError as error:
                failed = error
            tries += 1
            unsure = unsure or failed.kind != "rate_limited"
            if not failed.retryable or tries > (self._retries if most is None else most):
                raise self._explained(failed)
            pause = max(min(30.0, 0.4 * 2.0**tries), min(failed.retry_after or 0.0, 300.0))
            self._trouble(failed, tries, pause)
            if sent is None:
                await asyncio.sleep(pause)
                continue
            with suppress(TimeoutError):
                await asyncio.wait_for(self._left.wait(), pause)
                raise self._explained(failed)  # nobody waits for an answer any more

    def _trouble(self, failed: ProviderError, tries: int, pause: float) -> None:
        """Says once in a while that something fails, unless it may pass at once."""
        if tries > 2 and time.monotonic() - self._said >= QUIET_SECONDS:
            self._said = time.monotonic()
            self.say(f"{failed.message} It is tried again in {pause:.0f} s.")

    def _explained(self, error: ProviderError) -> ProviderError:
        """An address where there are no batches says so."""
        if error.status not in (404, 405) or error.fatal:
            return error
        words = f"{self.provider.who()} has no batches at {self.provider.base}."
        hint = "OpenAI and Anthropic have batches; ask others without `batch`."
        return ProviderError("request", words, status=error.status, hint=hint)

    async def _write(self, act: Callable[[BatchBook], Any]) -> None:
        if self._book is not None:
            await asyncio.to_thread(act, self._book)


def _requests(many: int) -> str:
    return f"{many:,} request{'' if many == 1 else 's'}"


def _hash(request: Request) -> str:
    return request_hash(request.to_json())


def _kept(tasks: set[asyncio.Task[None]], work: Any) -> None:
    task = asyncio.ensure_future(work)
    tasks.add(task)
    task.add_done_callback(tasks.discard)


def _final(error: ProviderError) -> ProviderError:
    """After all tries: whoever would ask again meets the same."""
    error.gave_up = True
    return error


def _tell(replies: Any, error: ProviderError) -> None:
    for reply in replies:
        if not reply.done():
            reply.set_result(error.repeated(0, 0))
