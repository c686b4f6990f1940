"""One suite for all providers, each against a server that speaks its dialect as documented."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

from seedbed.core.chat import Capabilities, Completion, Message, Request, Usage
from seedbed.core.connection import Connection
from seedbed.core.errors import ProviderError
from seedbed.providers.catalog import check, open_provider
from seedbed.providers.http import Http

from .dialect_server import ANSWER, KEY, Out
from .provider_dialects import SERVERS

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from seedbed.core.ports import Provider

    from .dialect_server import Server

T = TypeVar("T")

CHAT = (Message(role="system", content="You answer briefly."), Message(role="user", content="Where is my parcel?"))
SCHEMA = {
    "type": "object",
    "properties": {"text": {"type": "string"}},
    "required": ["text"],
    "additionalProperties": False,
}

KINDS = {
    "rate limited": "rate_limited",
    "tokens limited": "rate_limited",
    "burst": "rate_limited",
    "throttled": "rate_limited",
    "no quota": "quota",
    "unpaid": "quota",
    "free tier": "quota",
    "free quota": "quota",
    "server error": "server",
    "overloaded": "server",
    "timed out": "timeout",
    "too long": "context",
    "too large": "context",
    "bad request": "request",
    "forbidden": "auth",
    "model offline": "model",
}
FINISHES = {
    "truncated": "length",
    "window full": "length",
    "filtered answer": "content_filter",
    "filtered prompt": "content_filter",
}
VERDICTS = {
    "rate limited": "rate limited",
    "no quota": "no quota",
    "server error": "unreachable",
    "forbidden": "invalid key",
    "bad request": "failed",
}

every = pytest.mark.parametrize("name", SERVERS)


def known(table: dict[str, str]) -> list[tuple[str, str]]:
    """Each provider with each situation of the table that its documentation knows."""
    return [(name, each) for name, server in SERVERS.items() for each in table if each in server().situations(False)]


def connection(name: str, url: str, **settings: Any) -> Connection:
    return Connection(provider=name, base_url=url, timeout=settings.pop("timeout", 5), **settings)


def talk(
    name: str,
    speak: Callable[[Provider, Server], Awaitable[T]],
    situation: str = "",
    key: str | None = KEY,
    **settings: Any,
) -> T:
    """Opens the provider against its server and lets `speak` use it."""

    async def run() -> T:
        async with SERVERS[name]() as server:
            server.situation = situation
            provider = open_provider(connection(name, server.url, **settings), key)
            try:
                return await speak(provider, server)
            finally:
                await provider.aclose()

    return asyncio.run(run())


def ask(name: str, situation: str = "", **settings: Any) -> Completion:
    """The answer to a plain chat."""

    async def speak(provider: Provider, server: Server) -> Completion:
        return await provider.complete(Request(model=server.model, messages=CHAT))

    return talk(name, speak, situation, **settings)


def refused(name: str, situation: str = "", **settings: Any) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        ask(name, situation, **settings)
    return caught.value


@every
def test_a_chat_is_answered(name: str) -> None:
    async def speak(provider: Provider, server: Server) -> None:
        answer = await provider.complete(Request(model=server.model, messages=CHAT, attempt="run-1.7"))
        assert (answer.text, answer.finish_reason, answer.model) == (ANSWER, "stop", server.model)
        assert answer.usage == Usage(31, 7)
        assert answer.tries == 1
        assert 0 < answer.seconds < 5
        assert not answer.structured
        (seen,) = server.seen
        assert seen.path == server.path
        assert seen.headers["X-Seedbed-Attempt"] == "run-1.7"
        assert seen.headers["Content-Type"] == "application/json"

    talk(name, speak)


@every
def test_all_parameters_arrive_where_the_documentation_says(name: str) -> None:
    async def speak(provider: Provider, server: Server) -> None:
        request = Request(
            model=server.model,
            messages=CHAT,
            temperature=0.7,
            top_p=0.9,
            max_tokens=200,
            stop=("END", "\n\n"),
            seed=7,
        )
        await provider.complete(request)
        read = server.understand(server.seen[0])
        assert read.system == CHAT[0]["content"]
        assert read.turns == [("user", CHAT[1]["content"])]
        assert (read.temperature, read.top_p, read.max_tokens) == (0.7, 0.9, 200)
        assert read.stop == ["END", "\n\n"]
        assert read.seed == (7 if server.seeds else None)
        assert provider.capabilities.seed == server.seeds

    talk(name, speak)


@every
def test_what_is_not_set_is_not_sent(name: str) -> None:
    async def speak(provider: Provider, server: Server) -> None:
        await provider.complete(Request(model=server.model, messages=CHAT[1:]))
        read = server.understand(server.seen[0])
        assert (read.temperature, read.top_p, read.stop, read.seed, read.schema, read.system) == (None,) * 6
        assert read.max_tokens in (None, 1024)
        assert "X-Seedbed-Attempt" not in server.seen[0].headers

    talk(name, speak)


@every
def test_extra_is_passed_unchanged(name: str) -> None:
    async def speak(provider: Provider, server: Server) -> None:
        field, value = server.extra
        await provider.complete(Request(model=server.model, messages=CHAT, extra={field: value}))
        assert server.seen[0].body[field] == value

    talk(name, speak)


@every
def test_system_texts_are_folded_into_the_first_user_turn_where_there_is_no_system_role(name: str) -> None:
    async def speak(provider: Provider, server: Server) -> None:
        await provider.complete(Request(model=server.model, messages=CHAT))
        read = server.understand(server.seen[0])
        assert read.system is None
        assert read.turns == [("user", "You answer briefly.\n\nWhere is my parcel?")]

    talk(name, speak, system_role=False)


@every
def test_a_schema_constrains_the_answer(name: str) -> None:
    async def speak(provider: Provider, server: Server) -> None:
        assert provider.capabilities.json_schema
        answer = await provider.complete(Request(model=server.model, messages=CHAT, schema=SCHEMA))
        assert answer.structured
        assert json.loads(answer.text) == {"text": ANSWER}
        assert server.understand(server.seen[0]).schema == SCHEMA

    talk(name, speak)


@every
def test_no_schema_is_sent_where_the_connection_cannot(name: str) -> None:
    async def speak(provider: Provider, server: Server) -> None:
        answer = await provider.complete(Request(model=server.model, messages=CHAT, schema=SCHEMA))
        assert not answer.structured
        assert server.understand(server.seen[0]).schema is None

    talk(name, speak, json_schema=False)


@every
def test_a_refused_schema_is_left_out_from_then_on(name: str) -> None:
    async def speak(provider: Provider, server: Server) -> None:
        request = Request(model=server.model, messages=CHAT, schema=SCHEMA)
        server.fixed = Out(400, {"error": {"message": "response format is unavailable now", "type": "x"}})
        with pytest.raises(ProviderError) as caught:
            await provider.complete(request)
        assert (caught.value.kind, caught.value.tries) == ("request", 2)
        assert provider.capabilities.json_schema, "the second try failed too, so nothing is known"
        server.fixed, server.refuse_schema = None, True
        answers = [await provider.complete(request) for _ in range(2)]
        assert [answer.tries for answer in answers] == [2, 1]
        assert not answers[0].structured
        assert not provider.capabilities.json_schema

    talk(name, speak)


@pytest.mark.parametrize("name", [name for name, server in SERVERS.items() if server.raw])
def test_raw_completions(name: str) -> None:
    async def speak(provider: Provider, server: Server) -> None:
        assert provider.capabilities.raw_completions
        request = Request(model=server.model, prompt="REPLY:", stop=("\n",), max_tokens=60, top_logprobs=2)
        answer = await provider.complete(request)
        assert (answer.text, answer.usage) == (ANSWER, Usage(31, 7))
        assert [token.strip() for token, _ in answer.logprobs] == ["polite", "rude"]
        read = server.understand(server.seen[0])
        assert (read.prompt, read.stop, read.max_tokens, read.turns) == ("REPLY:", ["\n"], 60, [])

    talk(name, speak)


@pytest.mark.parametrize("name", [name for name, server in SERVERS.items() if server.logprobs])
def test_the_first_tokens_alternatives(name: str) -> None:
    async def speak(provider: Provider, server: Server) -> None:
        assert provider.capabilities.logprobs
        answer = await provider.complete(Request(model=server.model, messages=CHAT, top_logprobs=2))
        assert answer.logprobs == (("polite", -0.1), ("rude", -2.4))
        assert server.understand(server.seen[0]).top_logprobs == 2

    talk(name, speak)


@pytest.mark.parametrize("name", [name for name, server in SERVERS.items() if not server.logprobs])
def test_logprobs_are_not_asked_where_there_are_none(name: str) -> None:
    async def speak(provider: Provider, server: Server) -> None:
        assert not provider.capabilities.logprobs
        answer = await provider.complete(Request(model=server.model, messages=CHAT, top_logprobs=2))
        assert answer.logprobs == ()

    talk(name, speak)


@pytest.mark.parametrize(("name", "situation"), known(FINISHES))
def test_finish_reasons(name: str, situation: str) -> None:
    answer = ask(name, situation)
    assert answer.finish_reason == FINISHES[situation]
    assert answer.usage.input_tokens > 0


@pytest.mark.parametrize(("name", "situation"), known({"no usage": ""}))
def test_missing_usage_is_estimated(name: str, situation: str) -> None:
    assert ask(name, situation).usage == Usage(16, len(ANSWER) // 4 + 1)


@pytest.mark.parametrize(("name", "situation"), known(KINDS))
def test_each_documented_error_has_its_kind(name: str, situation: str) -> None:
    error = refused(name, situation)
    assert error.kind == KINDS[situation]
    assert (error.tries, error.exit_code) == (1, 1)
    assert error.status is not None
    assert error.status >= 400
    assert "\n" not in error.message
    assert error.message.endswith((".", "…"))
    assert error.hint


@pytest.mark.parametrize(("name", "situation"), known(VERDICTS))
def test_check_gives_a_verdict(name: str, situation: str) -> None:
    async def speak(provider: Provider, server: Server) -> None:
        result = await check(provider, server.model)
        assert result.verdict == VERDICTS[situation]
        assert result.message

    talk(name, speak, situation)


@every
def test_check_of_what_works_a_missing_model_and_a_wrong_key(name: str) -> None:
    async def speak(provider: Provider, server: Server) -> None:
        assert (await check(provider, server.model)).verdict == "valid"
        missing = await check(provider, "no-such-thing")
        assert missing.verdict == "no such model"
        stranger = open_provider(connection(name, server.url), "another-key-1234")
        assert (await check(stranger, server.model)).verdict == "invalid key"
        await stranger.aclose()

    talk(name, speak)


@every
def test_the_key_is_in_no_message_even_when_the_server_echoes_it(name: str) -> None:
    async def speak(provider: Provider, server: Server) -> None:
        for key in ("wrong-key-abcdefghijklmnop", KEY[:-1] + "!"):
            stranger = open_provider(connection(name, server.url), key)
            with pytest.raises(ProviderError) as caught:
                await stranger.complete(Request(model=server.model, messages=CHAT))
            assert caught.value.kind == "auth"
            shown = caught.value.message + caught.value.hint + repr(caught.value)
            assert not any(key[at : at + 8] in shown for at in range(len(key) - 7))
            await stranger.aclose()
        server.fixed = Out(500, f"<html><title>{KEY}</title>".encode())
        with pytest.raises(ProviderError) as caught:
            await provider.complete(Request(model=server.model, messages=CHAT))
        assert KEY not in str(caught.value)
        assert "***" in str(caught.value)

    talk(name, speak)


@every
def test_the_key_is_taken_out_of_answers(name: str) -> None:
    async def speak(provider: Provider, server: Server) -> None:
        usual = server.accept({"messages": [1]})
        server.fixed = Out(200, json.dumps(usual.body).replace(ANSWER, f"The key is {KEY}, sir.").encode())
        answer = await provider.complete(Request(model=server.model, messages=CHAT))
        assert answer.text == "The key is ***, sir."

    talk(name, speak)


@every
def test_without_a_key_none_is_sent(name: str) -> None:
    async def speak(provider: Provider, server: Server) -> None:
        server.fixed = server.accept({"messages": [1]})
        await provider.complete(Request(model=server.model, messages=CHAT))
        assert not {"Authorization", "api-key", "x-api-key"} & set(server.seen[0].headers)

    talk(name, speak, key=None)


@every
def test_a_wrong_path_points_at_the_base_url(name: str) -> None:
    async def speak(_: Provider, server: Server) -> None:
        lost = open_provider(connection(name, server.url + "/nowhere"), KEY)
        with pytest.raises(ProviderError) as caught:
            await lost.complete(Request(model=server.model, messages=CHAT))
        assert (caught.value.kind, caught.value.status) == ("request", 404)
        assert "base_url" in caught.value.hint
        await lost.aclose()

    talk(name, speak)


@every
def test_redirects_are_not_followed(name: str) -> None:
    async def speak(provider: Provider, server: Server) -> None:
        async with SERVERS[name]() as other:
            server.fixed = Out(307, b"", {"Location": other.url + other.path})
            with pytest.raises(ProviderError) as caught:
                await provider.complete(Request(model=server.model, messages=CHAT))
            assert caught.value.kind == "request"
            assert other.seen == []

    talk(name, speak)


@pytest.mark.parametrize(
    ("name", "left", "reset"),
    [
        ("openai", (59, 149984), (1.0, 360.0)),
        ("azure", (59, 149984), (1.0, 360.0)),
        ("qianfan", (59, 149984), (None, None)),
    ],
)
def test_rate_limit_headers(name: str, left: tuple[int, int], reset: tuple[float | None, float | None]) -> None:
    rate = ask(name).rate
    assert rate is not None
    assert (rate.requests_left, rate.tokens_left) == left
    assert (rate.requests_reset, rate.tokens_reset) == reset


def test_anthropics_rate_limit_headers_are_times() -> None:
    rate = ask("anthropic").rate
    assert rate is not None
    assert (rate.requests_left, rate.tokens_left, rate.requests_reset) == (59, 149984, 0.0)
    assert rate.tokens_reset is not None
    assert rate.tokens_reset > 1e9


@pytest.mark.parametrize(("name", "seconds"), [("openai", 1.5), ("azure", 2.0), ("anthropic", 2.0)])
def test_how_long_to_wait(name: str, seconds: float) -> None:
    assert refused(name, "rate limited").retry_after == seconds


@every
def test_an_answer_that_is_no_json_is_a_protocol_error(name: str) -> None:
    async def speak(provider: Provider, server: Server) -> list[ProviderError]:
        errors = []
        for body in (b"<html><title>Log in</title></html>", b"", b"[1]", b'{"choices": []}', b'{"content": 3}'):
            server.fixed = Out(200, body)
            with pytest.raises(ProviderError) as caught:
                await provider.complete(Request(model=server.model, messages=CHAT))
            errors.append(caught.value)
        return errors

    errors = talk(name, speak)
    assert {error.kind for error in errors} == {"protocol"}
    assert "Log in" in errors[0].message
    assert errors[0].retryable


class Rude(asyncio.Protocol):
    """Answers a request with fixed bytes, then closes the connection, resets it or stays silent."""

    def __init__(self, reply: bytes, end: str) -> None:
        self.reply, self.end = reply, end

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.transport.write(self.reply)
        if self.end == "reset":
            self.transport.abort()
        elif self.end == "close":
            self.transport.close()


async def rude_server(reply: bytes, end: str) -> asyncio.Server:
    return await asyncio.get_running_loop().create_server(lambda: Rude(reply, end), "127.0.0.1", 0)


@every
@pytest.mark.parametrize(
    ("reply", "end", "kind", "words"),
    [
        (b"", "reset", "unreachable", "closed the connection before it answered"),
        (b"", "close", "unreachable", "closed the connection before it answered"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{", "reset", "unreachable", "in the middle of its answer"),
        (b"", "wait", "timeout", "gave no answer within 0.1 s"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{", "wait", "timeout", "gave no answer within 0.1 s"),
        (b"220 mail.example.com ESMTP\r\n\r\n", "close", "protocol", "valid HTTP"),
    ],
)
def test_network_failures(name: str, reply: bytes, end: str, kind: str, words: str) -> None:
    async def run() -> ProviderError:
        async with await rude_server(reply, end) as server:
            url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            provider = open_provider(connection(name, url, timeout=0.1), KEY)
            with pytest.raises(ProviderError) as caught:
                await provider.complete(Request(model="m", messages=CHAT))
            await provider.aclose()
            await asyncio.sleep(0.01)  # the server hears of it
            return caught.value

    error = asyncio.run(run())
    assert error.kind == kind
    assert words in error.message
    assert error.hint
    assert error.retryable


@every
def test_a_refused_connection(name: str) -> None:
    async def run() -> None:
        async with await rude_server(b"", "close") as server:
            port = server.sockets[0].getsockname()[1]
        provider = open_provider(connection(name, f"http://127.0.0.1:{port}"), KEY)
        result = await check(provider, "m")
        assert result.verdict == "unreachable"
        assert "connection refused" in result.message
        await provider.aclose()

    asyncio.run(run())


@every
def test_closing_twice_and_without_use(name: str) -> None:
    async def speak(provider: Provider, server: Server) -> None:
        await open_provider(connection(name, server.url), KEY).aclose()
        await provider.complete(Request(model=server.model, messages=CHAT))
        await provider.aclose()
        await provider.aclose()

    talk(name, speak)


@every
def test_a_shared_session_outlives_its_providers(name: str) -> None:
    async def run() -> None:
        http = Http()
        async with SERVERS[name]() as server:
            for _ in range(2):
                provider = open_provider(connection(name, server.url), KEY, http)
                await provider.complete(Request(model=server.model, messages=CHAT))
                await provider.aclose()
        await http.aclose()

    asyncio.run(run())


@every
def test_the_connection_overrides_what_is_declared(name: str) -> None:
    said = {"system_role": False, "json_schema": False, "prefers_raw": True, "prefix_cache": True}
    can = open_provider(connection(name, "http://127.0.0.1:1", **said), KEY).capabilities
    assert {field: getattr(can, field) for field in said} == said
    assert can.free == SERVERS[name].free
    assert isinstance(can, Capabilities)
