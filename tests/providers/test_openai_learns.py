"""What a server's refusals teach, by the words real servers use."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, TypeVar

import pytest
from aiohttp import web

from seedbed.core.chat import Completion, Message, Request
from seedbed.core.connection import Connection
from seedbed.core.errors import ProviderError
from seedbed.providers.anthropic import Anthropic
from seedbed.providers.dashscope import DashScope
from seedbed.providers.openai import OpenAI

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from seedbed.providers.dialect import Dialect

T = TypeVar("T")

CHAT = (Message(role="system", content="Be brief."), Message(role="user", content="Hello"))
SCHEMA = {"type": "object", "properties": {"text": {"type": "string"}}}


def unsupported(name: str, value: Any = None) -> dict[str, Any]:
    """As api.openai.com refuses a parameter of a reasoning model."""
    words = f"Unsupported parameter: '{name}' is not supported with this model."
    if value is not None:
        words = f"Unsupported value: '{name}' does not support {value} with this model. Only the default (1) value is…"
    return {
        "error": {"message": words, "type": "invalid_request_error", "param": name, "code": "unsupported_parameter"}
    }


def answer_of(body: dict[str, Any]) -> dict[str, Any]:
    choice = {"message": {"content": f"{body.get('model')} says hello. STOP and more"}, "finish_reason": "stop"}
    return {"choices": [choice], "content": [{"type": "text", "text": "hello"}]}


class Strict:
    """Answers unless a rule refuses; keeps the bodies it got."""

    def __init__(self, *rules: Callable[[dict[str, Any]], dict[str, Any] | None], status: int = 400) -> None:
        self.rules = rules
        self.status = status
        self.bodies: list[dict[str, Any]] = []

    async def handle(self, request: web.Request) -> web.Response:
        body = await request.json()
        self.bodies.append(body)
        for rule in self.rules:
            if (refusal := rule(body)) is not None:
                return web.json_response(refusal, status=self.status)
        return web.json_response(answer_of(body))

    def talk(self, speak: Callable[[Dialect], Awaitable[T]], kind: type[Dialect] = OpenAI, **settings: Any) -> T:
        async def run() -> T:
            app = web.Application()
            app.router.add_post("/{path:.*}", self.handle)
            runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.01)
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            url = "http://{}:{}/v1".format(*runner.addresses[0][:2])
            provider = kind(Connection(provider="x", base_url=url, **settings), "key-of-this-test")
            try:
                return await speak(provider)
            finally:
                await provider.aclose()
                await runner.cleanup()

        return asyncio.run(run())

    def ask(self, *requests: Request, kind: type[Dialect] = OpenAI, **settings: Any) -> list[Completion]:
        async def speak(provider: Dialect) -> list[Completion]:
            return [await provider.complete(request) for request in requests]

        return self.talk(speak, kind, **settings)


def test_max_tokens_is_renamed_for_the_model_that_wants_it() -> None:
    def newer(body: dict[str, Any]) -> dict[str, Any] | None:
        if body["model"] != "gpt-5" or "max_tokens" not in body:
            return None
        refusal = unsupported("max_tokens")
        refusal["error"]["message"] += " Use 'max_completion_tokens' instead."
        return refusal

    server = Strict(newer)
    five, four = (Request(model, messages=CHAT, max_tokens=99) for model in ("gpt-5", "gpt-4o"))
    answers = server.ask(five, five, four)
    assert [answer.tries for answer in answers] == [2, 1, 1]
    assert server.bodies[2]["max_completion_tokens"] == 99
    assert "max_tokens" not in server.bodies[2]
    assert server.bodies[3]["max_tokens"] == 99


def test_several_lessons_for_one_request() -> None:
    rules = [
        lambda body: unsupported("temperature", 0.9) if "temperature" in body else None,
        lambda body: unsupported("logprobs") if "logprobs" in body else None,
        lambda body: unsupported("stop") if "stop" in body else None,
    ]
    server = Strict(*rules)
    request = Request("o4", messages=CHAT, temperature=0.9, top_p=0.8, top_logprobs=3, stop=("STOP",))
    answers = server.ask(request, request)
    assert [answer.tries for answer in answers] == [4, 1]
    assert answers[1].text == "o4 says hello. ", "what the server would have stopped at is cut here"
    assert server.bodies[-1].keys() == {"model", "messages", "top_p"}


def test_a_wrong_value_is_an_error_and_not_dropped() -> None:
    words = "Invalid 'temperature': decimal above maximum value. Expected a value <= 2, but got 3 instead."
    server = Strict(
        lambda body: {"error": {"message": words, "param": "temperature", "code": "decimal_above_max_value"}}
    )
    with pytest.raises(ProviderError, match="decimal above maximum") as caught:
        server.ask(Request("m", messages=CHAT, temperature=3))
    assert (caught.value.kind, caught.value.tries) == ("request", 1)


def test_what_the_user_put_into_extra_is_never_dropped() -> None:
    server = Strict(lambda body: unsupported("seed") if "seed" in body else None)
    with pytest.raises(ProviderError) as caught:
        server.ask(Request("m", messages=CHAT, extra={"seed": 5}))
    assert caught.value.tries == 1


@pytest.mark.parametrize(
    "refusal",
    [
        {
            "object": "error",
            "message": "System role not supported",
            "type": "BadRequestError",
            "param": None,
            "code": 400,
        },
        {"error": {"code": 400, "message": "Conversation roles must alternate user/assistant/user/assistant/..."}},
        {"detail": "Only user and assistant roles are supported; the system role is not."},
    ],
)
def test_the_system_role_is_given_up(refusal: dict[str, Any]) -> None:
    server = Strict(lambda body: refusal if body["messages"][0]["role"] == "system" else None)

    async def speak(provider: Dialect) -> None:
        request = Request("gemma", messages=CHAT, schema=SCHEMA)
        assert (await provider.complete(request)).tries == 2
        assert (await provider.complete(request)).tries == 1
        assert not provider.capabilities.system_role
        assert provider.capabilities.json_schema, "the schema was not to blame"

    server.talk(speak)
    assert server.bodies[-1]["messages"] == [{"role": "user", "content": "Be brief.\n\nHello"}]
    assert "response_format" in server.bodies[-1]


@pytest.mark.parametrize("status", [400, 422])
def test_a_schema_is_given_up_when_the_request_works_without(status: int) -> None:
    detail = {"detail": [{"loc": ["body", "response_format", "type"], "msg": "unexpected value", "type": "enum"}]}
    server = Strict(lambda body: detail if "response_format" in body else None, status=status)

    async def speak(provider: Dialect) -> None:
        requests = [provider.complete(Request("m", messages=CHAT, schema=SCHEMA)) for _ in range(3)]
        answers = await asyncio.gather(*requests)
        assert [answer.tries for answer in answers] == [2, 2, 2]
        assert not any(answer.structured for answer in answers)
        assert not provider.capabilities.json_schema
        assert (await provider.complete(Request("m", messages=CHAT, schema=SCHEMA))).tries == 1

    server.talk(speak)


@pytest.mark.parametrize("status", [401, 404, 429, 500])
def test_other_refusals_teach_nothing(status: int) -> None:
    server = Strict(lambda _: {"error": {"message": "response_format is not supported"}}, status=status)
    with pytest.raises(ProviderError) as caught:
        server.ask(Request("m", messages=CHAT, schema=SCHEMA))
    assert caught.value.tries == len(server.bodies) == 1


def test_a_server_that_refuses_everything_is_asked_a_few_times_only() -> None:
    def moody(body: dict[str, Any]) -> dict[str, Any]:
        return next(
            (unsupported(name) for name in ("top_p", "temperature", "seed", "stop", "logprobs") if name in body), {}
        )

    server = Strict(moody)
    request = Request("m", messages=CHAT, temperature=1, top_p=1, seed=1, stop=("x",), top_logprobs=1, schema=SCHEMA)
    with pytest.raises(ProviderError) as caught:
        server.ask(request)
    assert caught.value.tries == len(server.bodies) == 5


def test_a_schema_is_strict_only_if_it_is_closed() -> None:
    closed = SCHEMA | {"required": ["text"], "additionalProperties": False, "title": "One reply!"}
    server = Strict()
    server.ask(Request("m", messages=CHAT, schema=SCHEMA), Request("m", messages=CHAT, schema=closed))
    loose, strict = (body["response_format"]["json_schema"] for body in server.bodies)
    assert loose == {"name": "answer", "schema": SCHEMA}
    assert strict == {"name": "One_reply", "schema": closed, "strict": True}


def test_raw_completions_are_declared_for_servers_other_than_openais_own() -> None:
    assert not OpenAI(Connection(provider="openai")).capabilities.raw_completions
    assert OpenAI(Connection(provider="openai", base_url="http://127.0.0.1:1/v1")).capabilities.raw_completions


def test_a_model_that_thinks_until_its_tokens_are_used_up_is_truncated() -> None:
    words = "Could not finish the message because max_tokens or model output limit was reached. Please try again."
    server = Strict(lambda _: {"error": {"message": words, "type": "invalid_request_error"}})
    (answer,) = server.ask(Request("gpt-5", messages=CHAT, max_tokens=16))
    assert (answer.text, answer.finish_reason, answer.usage.output_tokens) == ("", "length", 16)


def test_anthropics_newer_models_take_no_sampling() -> None:
    def newer(body: dict[str, Any]) -> dict[str, Any] | None:
        words = "`temperature` is deprecated for this model."
        refusal = {"type": "error", "error": {"type": "invalid_request_error", "message": words}}
        return refusal if "temperature" in body else None

    server = Strict(newer)
    request = Request("claude-opus-5-5", messages=CHAT, temperature=0.9)
    assert [answer.tries for answer in server.ask(request, request, kind=Anthropic)] == [2, 1]


def test_anthropic_closes_schemas_and_leaves_limits_out() -> None:
    schema = {"type": "object", "properties": {"n": {"type": "integer", "minimum": 3}, "maximum": {"type": "string"}}}
    server = Strict()
    server.ask(Request("m", messages=CHAT, schema=schema, extra={"output_config": {"effort": "low"}}), kind=Anthropic)
    config = server.bodies[0]["output_config"]
    assert config["effort"] == "low"
    properties = {"n": {"type": "integer"}, "maximum": {"type": "string"}}
    assert config["format"]["schema"] == {"type": "object", "properties": properties, "additionalProperties": False}


def test_anthropic_has_no_raw_completions() -> None:
    with pytest.raises(ProviderError, match="no raw completions"):
        Strict().ask(Request("m", prompt="Once"), kind=Anthropic)


def test_dashscope_turns_thinking_off_where_an_answer_in_one_piece_needs_it() -> None:
    words = "parameter.enable_thinking must be set to false for non-streaming calls"
    server = Strict(lambda body: None if body.get("enable_thinking") is False else {"error": {"message": words}})
    request = Request("qwen3-8b", messages=CHAT, seed=2**40 + 3)
    assert [answer.tries for answer in server.ask(request, request, kind=DashScope)] == [2, 1]
    assert server.bodies[0]["seed"] == 3


NO_PROBABILITIES = [
    "logprobs not supported",
    "This model does not support logprobs",
    "You are not allowed to request logprobs from this model.",
    "top_logprobs must be between 0 and 5",
    "Gaudi doesn't support logprobs. Please remove 'logprobs'/'top_logprobs' from the request.",
    "Requested sample logprobs of 20, which is greater than max allowed: 10",
    "No.",
]


@pytest.mark.parametrize("words", NO_PROBABILITIES)
def test_probabilities_that_are_refused_in_whatever_words_are_not_asked_for_again(words: str) -> None:
    server = Strict(lambda body: {"error": {"message": words}} if "logprobs" in body else None)
    request = Request("m", messages=CHAT, top_logprobs=20)

    async def speak(provider: Dialect) -> tuple[list[int], bool]:
        tries = [(await provider.complete(request)).tries for _ in range(2)]
        return tries, provider.capabilities.logprobs

    assert server.talk(speak) == ([2, 1], False)


def test_a_403_about_probabilities_is_no_wrong_key() -> None:
    words = "You are not allowed to request logprobs from this model."
    server = Strict(lambda body: {"error": {"message": words}} if "logprobs" in body else None, status=403)
    assert [answer.tries for answer in server.ask(Request("m", messages=CHAT, top_logprobs=20))] == [2]
