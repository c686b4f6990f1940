"""Requests as they come: counted, timed, numbered, and a line of the log for each."""

from __future__ import annotations

import logging
import re
from bisect import bisect_left
from collections import Counter
from itertools import accumulate
from secrets import token_hex
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

from starlette.datastructures import Headers, MutableHeaders

from seedbed.app.operation.logs import REQUEST

from ..rights import PREFIX
from .exposition import Family

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADER: Final = "X-Request-Id"
BOUNDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Seconds."""

METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
NOWHERE: Final = "(none)"
"""The route of what was answered before a route was found: nobody was logged in, or there is none."""

STUDIO: Final = "/{path:path}"
"""The route of everything that is not the API."""

_SANE: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")
_log = logging.getLogger(__name__)


class Traffic:
    """What came to one server since it began. Belongs to one event loop.

    A stream of events counts as answered when it begins; `streams` are those that are open.
    """

    def __init__(self) -> None:
        self._answered: Counter[tuple[str, str, str]] = Counter()
        self._times: dict[tuple[str, str], list[int]] = {}
        self._seconds: Counter[tuple[str, str]] = Counter()
        self.streams = 0

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        """Counts one request that was answered."""
        self._answered[method, route, str(status)] += 1
        times = self._times.setdefault((method, route), [0] * (len(BOUNDS) + 1))
        times[bisect_left(BOUNDS, seconds)] += 1
        self._seconds[method, route] += seconds  # type: ignore[assignment]

    def families(self) -> list[Family]:
        """The figures."""
        answered = Family("seedbed_http_requests_total", "counter", "Requests answered.")
        for (method, route, status), count in sorted(self._answered.items()):
            answered.add(count, method=method, route=route, status=status)
        times = Family("seedbed_http_request_seconds", "histogram", "Seconds until a request was answered.")
        for (method, route), counts in sorted(self._times.items()):
            place = {"method": method, "route": route}
            for bound, count in zip((*BOUNDS, "+Inf"), accumulate(counts), strict=True):
                times.add(count, "_bucket", **place, le=str(bound))
            times.add(self._seconds[method, route], "_sum", **place)
            times.add(sum(counts), "_count", **place)
        streams = Family("seedbed_event_streams", "gauge", "Streams of events that are open.")
        streams.add(self.streams)
        return [answered, times, streams]


class Traced:
    """Gives each request an id (that of the client, if it is one), counts it, and writes a line about it: never what
    was asked for or sent, only by which route."""

    def __init__(self, app: ASGIApp, traffic: Traffic) -> None:
        self._app = app
        self._traffic = traffic

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope.setdefault("state", {})["request_id"] = name = _id_of(scope)
        REQUEST.set(name)
        answer = _Answer(name, send, self._traffic)
        try:
            await self._app(scope, receive, answer.send)
        except BaseException:
            answer.status = answer.status or 500
            raise
        finally:
            self._ended(scope, answer)

    def _ended(self, scope: Scope, answer: _Answer) -> None:
        taken = perf_counter() - answer.begun
        self._traffic.streams -= answer.streams
        method = scope["method"] if scope["method"] in METHODS else "other"
        route = _route_of(scope)
        status = answer.status or 499  # who asked has gone
        self._traffic.count(method, route, status, answer.head if answer.streams else taken)
        if _log.isEnabledFor(logging.INFO):
            person = getattr(scope["state"].get("person"), "name", None)
            said: dict[str, Any] = {"method": method, "route": route, "status": status, "ms": round(taken * 1000, 1)}
            _log.info("%s %s %d", method, route, status, extra={"said": {**said, "person": person}})


class _Answer:
    """What is known of an answer that is under way; `head` is how long it took to begin."""

    def __init__(self, name: str, send: Send, traffic: Traffic) -> None:
        self._name, self._send, self._traffic = name, send, traffic
        self.begun = perf_counter()
        self.head = 0.0
        self.status = 0
        self.streams = False

    async def send(self, message: Message) -> None:
        """Passes a part of it on."""
        if message["type"] == "http.response.start":
            self.status, self.head = message["status"], perf_counter() - self.begun
            headers = MutableHeaders(scope=message)
            headers[HEADER] = self._name
            if headers.get("content-type", "").startswith("text/event-stream"):
                self.streams = True
                self._traffic.streams += 1
        await self._send(message)


def _route_of(scope: Scope) -> str:
    """The template of the route that answered; newer versions of FastAPI tell it without what it lies below."""
    route = str(getattr(scope.get("route"), "path", NOWHERE))
    below = scope["path"].startswith(f"{PREFIX}/") and route not in (NOWHERE, STUDIO)
    return PREFIX + route if below and not route.startswith(PREFIX) else route


def _id_of(scope: Scope) -> str:
    given = Headers(scope=scope).get(HEADER, "")
    return given if _SANE.fullmatch(given) else token_hex(8)
