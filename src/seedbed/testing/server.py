"""A fake server that speaks OpenAI's HTTP API (and Anthropic's batches) over real sockets: invented answers, faults and
limits as one likes.

In a shell: `python -m seedbed.testing.server --latency 0.2 --rate-limited-share 0.05`. In a test:

    with running_server(Settings(latency=0.2)) as server:
        ...  # server.url, server.stats(), server.change(rate_limited_share=0.5)

Besides the API it has `GET /stats`, `POST /reset`, `POST /settings` (a JSON patch of `Settings`) and
`GET /requests?last=N`; every path works with and without `/v1`. It listens on loopback only.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import socket
import struct
import sys
from collections import deque
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from threading import Thread, get_ident
from typing import TYPE_CHECKING, Any, Self, TypeVar

import orjson
from aiohttp import web
from pydantic import ValidationError

from seedbed.app.loop import run
from seedbed.core.errors import InputError
from seedbed.testing.batches import PATHS, Batches
from seedbed.testing.behaviour import Author, Bucket, Counters, Names, Settings
from seedbed.testing.wire import ApiError, Question, described, models_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

__all__ = ["FakeServer", "Settings", "main", "running_server"]

T = TypeVar("T")


class _Sent(web.StreamResponse):
    """Tells aiohttp that the bytes are on their way already; one object serves all requests, which saves much time."""

    def __init__(self, *, keep_alive: bool) -> None:
        super().__init__()
        self._keep_alive = keep_alive

    async def prepare(self, request: web.BaseRequest) -> None:
        """Nothing is left to prepare."""

    async def write_eof(self, data: bytes = b"") -> None:
        """Nothing is left to write."""


_KEPT, _CLOSED = _Sent(keep_alive=True), _Sent(keep_alive=False)
_CALLS = {"/chat/completions", "/completions", "/embeddings"}
_REASONS = {200: "OK", 400: "Bad Request", 401: "Unauthorized", 404: "Not Found", 429: "Too Many Requests"}


class FakeServer:
    """A server on a port of this machine; use it with `async with`, or through `running_server` where nothing is async.

    Args:
        settings: how it behaves at first.
        port: where to listen; 0 takes a free one.
    """

    def __init__(self, settings: Settings | None = None, port: int = 0) -> None:
        self._settings = settings or Settings()
        self._port = port
        self._counters = Counters()
        self._author = Author(self._settings, self._counters)
        self._batches = Batches(self._author, self._counters)
        self._bucket = Bucket(self._settings.requests_per_minute)
        self._names = Names()
        self._seen: deque[tuple[str, Mapping[str, str], bytes]] = deque(maxlen=200)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = 0
        self._runner: web.ServerRunner | None = None

    async def __aenter__(self) -> Self:
        server = web.Server(self._handle, request_factory=_request, handler_cancellation=True, access_log=None)
        self._runner = web.ServerRunner(server, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port, backlog=4096)
        await site.start()
        self._port = self._runner.addresses[0][1]
        self._loop, self._thread = asyncio.get_running_loop(), get_ident()
        return self

    async def __aexit__(self, *_: object) -> None:
        runner, self._runner, self._loop = self._runner, None, None
        if runner is not None and runner.server is not None:
            for site in runner.sites:
                await site.stop()
            for connection in runner.server.connections:
                if connection.transport is not None:
                    connection.transport.abort()
            for _turn in range(5):  # of the loop, in which the calls of those connections end
                await asyncio.sleep(0)
            await runner.cleanup()

    @property
    def url(self) -> str:
        """The base URL for clients, once it listens."""
        return f"http://127.0.0.1:{self._port}/v1"

    def stats(self) -> dict[str, Any]:
        """The counters as described at `Counters`; from any thread."""
        return self._in_turn(self._counters.to_dict)

    def requests(self, last: int = 200) -> list[dict[str, Any]]:
        """The latest calls, oldest first: `path`, `headers` (names in lower case) and `body`; at most 200 are kept."""
        return [described(*seen) for seen in list(self._seen)[-last:]] if last > 0 else []

    def change(self, **patch: Any) -> Settings:
        """Changes some settings from now on; from any thread.

        Raises:
            ValidationError: a name or value is not allowed.
        """
        return self._in_turn(lambda: self._change(patch))

    def reset(self) -> None:
        """Counts from zero; forgets requests, attempts and the texts to repeat (new ones go on being new)."""
        self._in_turn(self._reset)

    def _in_turn(self, act: Callable[[], T]) -> T:
        async def act_there() -> T:
            return act()

        loop = self._loop
        if loop is None or get_ident() == self._thread:
            return act()
        return asyncio.run_coroutine_threadsafe(act_there(), loop).result()

    def _change(self, patch: dict[str, Any]) -> Settings:
        old = self._settings
        new = Settings.model_validate({**old.model_dump(), **patch})
        self._author.change(new)
        if new.requests_per_minute != old.requests_per_minute:
            self._bucket = Bucket(new.requests_per_minute)
        self._settings = new
        return new

    def _reset(self) -> None:
        self._counters.reset()
        self._names = Names()
        self._seen.clear()
        self._author.answers.forget()
        self._batches.reset()

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        path = request.raw_path.partition("?")[0].removeprefix("/v1")
        content = await request.read()
        try:
            if path in _CALLS and request.method == "POST":
                await self._call(request, path, content)
            else:
                _send(request, self._control(request, path, content))
        except ApiError as error:
            _send(request, error.body, error.status, error.headers)
        return _KEPT if request.keep_alive else _CLOSED

    async def _call(self, request: web.BaseRequest, path: str, content: bytes) -> None:
        counters = self._counters
        counters.requests += 1
        self._seen.append((path, request.headers, content))
        try:
            question = self._admitted(request, path, content)
            counters.in_flight += 1
            counters.max_in_flight_seen = max(counters.max_in_flight_seen, counters.in_flight)
            try:
                await self._answer(request, question)
            finally:
                counters.in_flight -= 1
        except ApiError as error:
            counters.refused(error.status)
            raise
        except asyncio.CancelledError:
            counters.abandoned += 1
            raise

    def _admitted(self, request: web.BaseRequest, path: str, content: bytes) -> Question:
        settings = self._settings
        self._check_key(request)
        question = Question.read(path, content)
        if settings.models and question.model not in settings.models:
            raise ApiError(404, "model_not_found", f"The model `{question.model}` does not exist.")
        if question.schema is not None and not settings.json_schema:
            raise ApiError(400, None, "response_format is not supported")
        self._check_limits()
        return question

    def _check_key(self, request: web.BaseRequest) -> None:
        key = self._settings.key
        sent = request.headers.get("Authorization", "") or request.headers.get("x-api-key", "")
        if key is None or sent in (f"Bearer {key}", key):
            return
        sent = sent.removeprefix("Bearer").strip()
        message = f"Incorrect API key provided: {sent[:6]}{'*' * 8}{sent[-4:]}." if sent else "You sent no API key."
        if sent and self._settings.echo_key:
            message += f" Your request had the header Authorization: Bearer {sent}."
        raise ApiError(401, "invalid_api_key", message)

    def _check_limits(self) -> None:
        settings, bucket = self._settings, self._bucket
        full = settings.max_in_flight is not None and self._counters.in_flight >= settings.max_in_flight
        if full or self._author.draw(settings.rate_limited_share):
            raise bucket.refusal(settings.retry_after)
        wait = bucket.take()
        if wait:
            raise bucket.refusal(wait)

    async def _answer(self, request: web.BaseRequest, question: Question) -> None:
        settings, author = self._settings, self._author
        if settings.latency:
            await asyncio.sleep(author.latency())
        if author.draw(settings.reset_share):
            self._counters.resets += 1
            _abort(request)
            return
        if author.draw(settings.error_share):
            raise ApiError(500, None, "The server had an error while processing your request.")
        body = author.write(question)
        headers = self._bucket.headers() if settings.rate_headers else ""
        pause = settings.slow_seconds if author.draw(settings.slow_share) else 0
        sent = await _send_slowly(request, body, headers, pause) if pause else _send(request, body, 200, headers)
        if sent:
            self._count_answer(request, question)
        else:
            self._counters.abandoned += 1

    def _count_answer(self, request: web.BaseRequest, question: Question) -> None:
        counters = self._counters
        counters.answered += 1
        counters.by_model[question.model] = counters.by_model.get(question.model, 0) + 1
        attempt = request.headers.get("X-Seedbed-Attempt")
        if attempt is not None and self._names.met(attempt):
            counters.answered_twice += 1

    def _control(self, request: web.BaseRequest, path: str, content: bytes) -> bytes:
        if path.startswith(PATHS):
            self._check_key(request)
            return self._batches.answer(request.method, path, content)
        match request.method, path:
            case "GET", "/models":
                self._check_key(request)
                return orjson.dumps(models_of(self._settings.models or ("fake-model",)))
            case "GET", "/stats":
                return orjson.dumps(self.stats())
            case "GET", "/requests":
                last = request.query.get("last", "200")
                return orjson.dumps(self.requests(int(last) if last.isdecimal() else 200))
            case "POST", "/reset":
                self.reset()
                return orjson.dumps(self.stats())
            case "POST", "/settings":
                return self._changed(content)
        raise ApiError(404, "unknown_url", f"Unknown request URL: {request.method} {request.raw_path}.")

    def _changed(self, content: bytes) -> bytes:
        try:
            return self.change(**orjson.loads(content)).model_dump_json().encode()
        except (ValueError, TypeError, InputError) as error:
            raise ApiError(400, None, str(error)) from error


def _request(message: Any, payload: Any, protocol: Any, writer: Any, task: Any) -> web.BaseRequest:
    loop = asyncio.get_running_loop()
    return web.BaseRequest(message, payload, protocol, writer, task, loop, client_max_size=0)  # bodies of any size


def _send(request: web.BaseRequest, body: bytes, status: int = 200, headers: str = "") -> bool:
    return _write(request, _head(body, status, headers) + body)


async def _send_slowly(request: web.BaseRequest, body: bytes, headers: str, pause: float) -> bool:
    half = len(body) // 2
    if not _write(request, _head(body, 200, headers) + body[:half]):
        return False
    await asyncio.sleep(pause)
    return _write(request, body[half:])


def _write(request: web.BaseRequest, data: bytes) -> bool:
    transport = request.transport
    if transport is None or transport.is_closing():
        return False
    transport.write(data)
    return True


def _head(body: bytes, status: int, headers: str) -> bytes:
    reason = _REASONS.get(status, "Internal Server Error")
    lines = f"HTTP/1.1 {status} {reason}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    return f"{lines}{headers}\r\n".encode()


def _abort(request: web.BaseRequest) -> None:
    transport = request.transport
    if transport is not None:
        sock = transport.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()


@contextmanager
def running_server(settings: Settings | None = None, port: int = 0) -> Iterator[FakeServer]:
    """A server in a thread of its own, for code that is not async; gone when the block ends."""
    server = FakeServer(settings, port)
    ready: Future[Callable[[], object]] = Future()

    async def serve() -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        async with server:
            ready.set_result(lambda: loop.call_soon_threadsafe(stop.set))
            await stop.wait()

    def run() -> None:
        try:
            asyncio.run(serve())
        except OSError as error:
            ready.set_exception(error)

    thread = Thread(target=run, name="seedbed fake server", daemon=True)
    thread.start()
    stop = ready.result()
    try:
        yield server
    finally:
        stop()
        thread.join()


def main(arguments: Sequence[str] | None = None) -> None:
    """Serves until it is told to stop; the first line it prints says where."""
    parser = _parser()
    given = vars(parser.parse_args(arguments))
    port, until_stdin_closes = int(given.pop("port")), given.pop("until_stdin_closes")
    try:
        server = FakeServer(Settings.model_validate(given), port)
    except ValidationError as error:
        first = error.errors()[0]
        parser.error(f"--{str(first['loc'][0]).replace('_', '-')}: {first['msg']}")
    except InputError as error:
        parser.error(error.message)
    try:
        run(_serve(server, until_stdin_closes=until_stdin_closes))
    except OSError as error:
        parser.error(f"--port: {error}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("seedbed.testing.server", description=Settings.__doc__)
    parser.add_argument("--port", type=int, default=0, help="where to listen on 127.0.0.1; 0 takes a free port")
    parser.add_argument("--until-stdin-closes", action="store_true", help="end when standard input ends")
    for name, setting in Settings.model_fields.items():
        option: dict[str, Any] = {"default": argparse.SUPPRESS, "help": f"{setting.description} [{setting.default}]"}
        if isinstance(setting.default, bool):
            option["action"] = argparse.BooleanOptionalAction
        elif isinstance(setting.default, tuple):
            option["nargs"] = "*"
        parser.add_argument(f"--{name.replace('_', '-')}", **option)
    return parser


async def _serve(server: FakeServer, *, until_stdin_closes: bool) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop.set))
    if until_stdin_closes:
        Thread(target=_follow_stdin, args=(lambda: loop.call_soon_threadsafe(stop.set),), daemon=True).start()
    async with server:
        ready = {"ready": True, "url": server.url, "pid": os.getpid()}
        sys.stdout.write(orjson.dumps(ready).decode() + "\n")
        sys.stdout.flush()
        await stop.wait()


def _follow_stdin(stop: Callable[[], object]) -> None:
    with suppress(OSError):
        while os.read(0, 65_536):
            pass
    with suppress(RuntimeError):  # it has ended already
        stop()


if __name__ == "__main__":
    main()
