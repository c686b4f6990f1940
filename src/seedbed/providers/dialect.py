"""What all providers that are reached over HTTP have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import replace
from time import perf_counter
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import orjson
from yarl import URL

from seedbed.core.chat import Capabilities, Completion, FinishReason, Usage
from seedbed.core.errors import InputError, ProviderError, ProviderErrorKind
from seedbed.core.redact import Redactor
from seedbed.core.vectors import as_text, packed

from .faults import COMMON_CODES, Fault, error_of, fault_of, kind_of, parsed
from .http import Http, Reply
from .lessons import Form, Lesson, parameter_lesson, refuses_logprobs, refuses_system
from .rates import OPENAI_NAMES, RateNames, rate_state, retry_after

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seedbed.core.chat import Request
    from seedbed.core.connection import Connection

_MOST_TRIES = 5
_OVERRIDES = ("system_role", "json_schema", "raw_completions", "prefers_raw", "logprobs", "prefix_cache")


class Said(NamedTuple):
    """What was read from an answer."""

    text: str
    finish_reason: FinishReason
    usage: Usage
    logprobs: tuple[tuple[str, float], ...] = ()


class Put(NamedTuple):
    """A request in the provider's words, and how it was put."""

    url: URL
    body: dict[str, Any]
    form: Form


class Dialect(ABC):
    """One provider's way of speaking; a subclass says where, with which headers, in which words.

    `complete` makes one exchange. Only when the server refuses a request (400, 422) for something that can be left
    out, it sends the question again without that at once, and remembers it if that worked: a parameter for the model,
    JSON Schema and the system role for the connection.

    Which of them speaks of vectors says `embeds`.

    Args:
        connection: address, timeout and what the user says of the capabilities.
        key: the secret itself; without it none is sent.
        http: a session to share; without it the provider has its own and closes it.
    """

    name: ClassVar[str]
    default_url: ClassVar[str] = ""
    endings: ClassVar[tuple[str, ...]] = ()
    declared: ClassVar[Capabilities] = Capabilities()
    embeds: ClassVar[bool] = False
    codes: ClassVar[Mapping[str, ProviderErrorKind]] = COMMON_CODES
    rate_names: ClassVar[RateNames] = OPENAI_NAMES
    timeout: ClassVar[float] = 120.0

    def __init__(self, connection: Connection, key: str | None = None, http: Http | None = None) -> None:
        self.connection = connection
        self._key = _sound(key, self.name)
        self.base = _base_url(connection.base_url or self.default_url, self.name, self.endings)
        self._http = http or Http()
        self._owns_http = http is None
        self._timeout = connection.timeout or self.timeout
        self._capabilities = _overridden(self.declare(), connection)
        self._lessons: dict[str, tuple[Lesson, ...]] = {}
        self._headers = {
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            "Content-Type": "application/json",
            "User-Agent": "seedbed",
            **self.auth(),
        }
        self._clean = Redactor([self._key] if self._key else [])
        self._clean_answer = Redactor([self._key] if self._key else [], whole=True)

    @property
    def capabilities(self) -> Capabilities:
        """What is declared, as overridden by the connection and as learnt since."""
        return self._capabilities

    async def complete(self, request: Request) -> Completion:
        """The model's answer.

        Raises:
            ProviderError: there is none; `tries` says how often it was asked.
        """
        if request.embed is not None and not self.embeds:
            raise ProviderError.no_embeddings(self.who())
        start = perf_counter()
        said, reply, form, tries = await self._converse(request)
        return self._completion(said, reply, request, form, tries, perf_counter() - start)

    def put(self, request: Request, form: Form | None = None) -> Put:
        """The request as it is sent, by whatever way; `form` is another than the one that is known to work."""
        form = form or Form(self._capabilities, self._lessons.get(request.model, ()))
        return Put(self.url(request), self._put(request, form), form)

    def heard(self, reply: Reply, request: Request, put: Put, tries: int, seconds: float) -> Completion | Form:
        """What came back for a request that was put, or how to put it instead.

        Raises:
            ProviderError: it was refused, whatever the form.
        """
        said = self._hear(reply, request)
        if isinstance(said, Fault):
            return self._learn(said, put.body, request, put.form, tries)
        if tries > 1 and reply.status == 200:
            self._remember(request.model, put.form)
        return self._completion(said, reply, request, put.form, tries, seconds)

    async def exchange(self, url: URL, body: bytes | None = None, headers: Mapping[str, str] | None = None) -> bytes:
        """What the server answers to something that is no question to a model: a POST where there is a body.

        Raises:
            ProviderError: it refused, or did not answer.
        """
        sent = {**self._headers, **(headers or {})}
        if body is None:
            reply = await self._http.get(url, sent, self._timeout)
        else:
            reply = await self._http.post(url, body, sent, self._timeout)
        if reply.status // 100 == 2:
            return reply.body
        fault = fault_of(reply)
        fault = replace(fault, words=self._clean(fault.words))
        wait = retry_after(fault.headers, rate_state(fault.headers, self.rate_names))
        raise error_of(self.kind_of(fault), fault, self.who(), "", wait)

    def _completion(
        self, said: Said, reply: Reply, request: Request, form: Form, tries: int, seconds: float
    ) -> Completion:
        return Completion(
            text=self._clean_answer(_cut(said.text, request.stop) if form.lessons else said.text),
            finish_reason=said.finish_reason,
            usage=said.usage,
            model=request.model,
            logprobs=said.logprobs,
            tries=tries,
            seconds=seconds,
            structured=self.constrains(request, form.can) and said.finish_reason != "content_filter",
            rate=rate_state(reply.headers, self.rate_names),
        )

    async def aclose(self) -> None:
        """Closes the session if it is its own; may be called twice."""
        if self._owns_http:
            await self._http.aclose()

    def declare(self) -> Capabilities:
        """What is known of the provider before it is asked."""
        return self.declared

    def who(self) -> str:
        """What it is called in messages."""
        return self.name

    @abstractmethod
    def auth(self) -> dict[str, str]:
        """The headers that carry the key."""

    @abstractmethod
    def url(self, request: Request) -> URL:
        """Where this request goes."""

    @abstractmethod
    def body(self, request: Request, can: Capabilities) -> dict[str, Any]:
        """The request in the provider's words, without `extra`."""

    @abstractmethod
    def said(self, answer: dict[str, Any], request: Request) -> Said:
        """What an answer says.

        Raises:
            KeyError, IndexError, TypeError, AttributeError: it is not built as documented.
        """

    def constrains(self, request: Request, can: Capabilities) -> bool:
        """Whether the answer to this request is held to its schema by the server."""
        return can.json_schema and request.schema is not None and request.prompt is None

    def kind_of(self, fault: Fault) -> ProviderErrorKind:
        """The kind of error a refusal is."""
        return kind_of(fault, self.codes)

    def forgiven(self, fault: Fault, request: Request) -> Said | None:
        """A refusal that is really an answer: of a content filter, or cut off before its first word."""
        del fault, request
        return None

    def lesson(self, fault: Fault, body: dict[str, Any], request: Request) -> Lesson | None:
        """What to change in requests to this model after such a refusal."""
        return parameter_lesson(fault, body, request)

    async def _converse(self, request: Request) -> tuple[Said, Reply, Form, int]:
        form = Form(self._capabilities, self._lessons.get(request.model, ()))
        url, headers, tries = self.url(request), self._headers_for(request), 0
        try:
            while True:
                tries += 1
                body = self._put(request, form)
                reply = await self._http.post(url, orjson.dumps(body), headers, self._timeout)
                said = self._hear(reply, request)
                if not isinstance(said, Fault):
                    break
                form = self._learn(said, body, request, form, tries)
                if not request.again():
                    raise ProviderError.stopped()
        except ProviderError as error:
            error.tries = tries
            raise
        if tries > 1 and reply.status == 200:
            self._remember(request.model, form)
        return said, reply, form, tries

    def _put(self, request: Request, form: Form) -> dict[str, Any]:
        body = self.body(request, form.can)
        for lesson in form.lessons:
            lesson.apply(body)
        if request.extra:
            merge(body, request.extra)
        return body

    def _headers_for(self, request: Request) -> dict[str, str]:
        return {**self._headers, "X-Seedbed-Attempt": request.attempt} if request.attempt else self._headers

    def _hear(self, reply: Reply, request: Request) -> Said | Fault:
        if reply.status == 200:
            answer = parsed(reply.body)
            if isinstance(answer, dict) and not answer.get("error"):
                try:
                    return self.said(answer, request)
                except (KeyError, IndexError, TypeError, AttributeError):
                    pass
        fault = fault_of(reply)
        return self.forgiven(fault, request) or fault

    def _learn(self, fault: Fault, body: dict[str, Any], request: Request, form: Form, tries: int) -> Form:
        """The form to try next; raises the error where there is nothing left to change."""
        kind = self.kind_of(fault)
        if tries < _MOST_TRIES and fault.status in (400, 403, 422) and refuses_logprobs(fault, body, request):
            return form._replace(can=replace(form.can, logprobs=False))
        if tries < _MOST_TRIES and fault.status in (400, 422) and kind == "request":
            lesson = self.lesson(fault, body, request)
            if lesson is not None and lesson not in form.lessons:
                return form._replace(lessons=(*form.lessons, lesson))
            if refuses_system(fault, request, form.can):
                return form._replace(can=replace(form.can, system_role=False))
            if self.constrains(request, form.can):
                return form._replace(can=replace(form.can, json_schema=False))
            if "logprobs" in body and "logprobs" not in request.extra:
                return form._replace(can=replace(form.can, logprobs=False))
        wait = retry_after(fault.headers, rate_state(fault.headers, self.rate_names))
        fault = replace(fault, words=self._clean(fault.words))
        raise error_of(kind, fault, self.who(), request.model, wait)

    def _remember(self, model: str, form: Form) -> None:
        now = self._capabilities
        self._capabilities = replace(
            now,
            json_schema=now.json_schema and form.can.json_schema,
            system_role=now.system_role and form.can.system_role,
            logprobs=now.logprobs and form.can.logprobs,
        )
        self._lessons[model] = tuple(dict.fromkeys((*self._lessons.get(model, ()), *form.lessons)))


def merge(body: dict[str, Any], extra: Mapping[str, Any]) -> None:
    """Puts the user's own parameters over ours; objects on both sides are joined one level deep."""
    for name, value in extra.items():
        ours = body.get(name)
        body[name] = {**ours, **value} if isinstance(ours, dict) and isinstance(value, dict) else value


def embedded(numbers: Sequence[float], tokens: int | None, request: Request) -> Said:
    """The vector a text was embedded as, and how many tokens the text had, where the provider says so.

    Raises:
        TypeError: it is no vector.
    """
    usage = Usage(request.input_size() if tokens is None else tokens, 0)
    return Said(as_text(packed(numbers)), "stop", usage)


def estimated(request: Request, text: str) -> Usage:
    """Tokens where the provider does not say: four characters each."""
    return Usage(request.input_size(), len(text) // 4 + 1 if text else 0)


def _overridden(declared: Capabilities, connection: Connection) -> Capabilities:
    said = {name: value for name in _OVERRIDES if (value := getattr(connection, name)) is not None}
    return replace(declared, **said)


def _sound(key: str | None, name: str) -> str | None:
    """The key as it can stand in a header."""
    key = (key or "").strip()
    if not key.isascii() or not key.isprintable() or " " in key:
        raise InputError(f"The key of {name} holds characters that no key has.", "Copy it again, without line breaks.")
    return key or None


def _base_url(text: str, name: str, endings: tuple[str, ...]) -> URL:
    if not text:
        raise InputError(f"A connection to {name} needs a `base_url`.", "Give the address of your resource.")
    text = text.strip().rstrip("/")
    for ending in endings:
        text = text.removesuffix(ending)
    try:
        url = URL(text)
        good = url.scheme in ("http", "https") and bool(url.host) and url.port is not None and url.user is None
    except ValueError:
        good = False
    if not good:
        hint = "It begins with http:// or https:// and holds no user name, as in http://127.0.0.1:8000/v1."
        raise InputError(f"The `base_url` of {name} is not a web address.", hint)
    return url


def _cut(text: str, stops: tuple[str, ...]) -> str:
    """Ends the text where the server would have, had it not refused `stop`."""
    for stop in stops:
        text = text.partition(stop)[0]
    return text
