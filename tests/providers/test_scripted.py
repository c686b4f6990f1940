from __future__ import annotations

import asyncio
import json
import re
from typing import TYPE_CHECKING

import pytest
from rapidfuzz.distance import Levenshtein

from seedbed.core.chat import Capabilities, Completion, Message, Request, Usage
from seedbed.core.connection import Connection
from seedbed.core.errors import ProviderError
from seedbed.providers.catalog import open_provider
from seedbed.providers.scripted import Scripted

if TYPE_CHECKING:
    from seedbed.core.ports import Provider

CHAT = Request("m", messages=(Message(role="user", content="Write one reply."),))


def ask(provider: Provider, *requests: Request) -> list[Completion]:
    async def run() -> list[Completion]:
        return [await provider.complete(request) for request in requests]

    return asyncio.run(run())


def test_a_thousand_answers_are_no_near_duplicates_of_each_other() -> None:
    texts = [answer.text for answer in ask(open_provider(Connection(provider="scripted"), None), *[CHAT] * 1000)]
    tokens = [re.findall(r"\w+", text.lower()) for text in texts]
    assert len(set(texts)) == 1000
    assert {len(each) for each in tokens} == {13}
    for place, one in enumerate(tokens):
        assert all(Levenshtein.distance(one, other, score_cutoff=1) > 1 for other in tokens[:place])


def test_it_answers_the_same_each_time_it_is_started() -> None:
    requests = [CHAT, CHAT, Request("m", prompt="REPLY:")]
    first, again = (ask(Scripted(), *requests) for _ in range(2))
    assert [answer.text for answer in first] == [answer.text for answer in again]
    assert first[0].text != first[1].text


def test_a_schema_is_filled() -> None:
    schema = {
        "type": "object",
        "properties": {
            "text": {"type": "string"},
            "label": {"enum": ["polite", "rude"]},
            "kind": {"const": "reply"},
            "stars": {"type": "integer", "minimum": 1},
            "spam": {"type": "boolean"},
            "tags": {"type": "array", "items": {"type": "string"}, "minItems": 2},
            "note": {"anyOf": [{"type": "string"}, {"type": "null"}]},
            "more": {"type": ["object", "null"]},
        },
    }
    request = Request("m", messages=CHAT.messages, schema=schema)
    answers = ask(Scripted(), request, request)
    found = [json.loads(answer.text) for answer in answers]
    assert [each["label"] for each in found] == ["polite", "rude"]
    assert all(answer.structured for answer in answers)
    assert len(found[0]["tags"]) == 2
    assert found[0]["kind"] == "reply"
    assert found[0]["stars"] >= 1
    assert isinstance(found[0]["spam"], bool)
    assert found[0]["text"] != found[1]["text"]
    assert isinstance(found[0]["note"], str)
    assert found[0]["more"] == {}


def test_answers_come_in_turn() -> None:
    provider = Scripted.answering(["one", Completion("two", finish_reason="length", model="other")])
    answers = ask(provider, CHAT, CHAT, CHAT)
    assert [answer.text for answer in answers] == ["one", "two", "one"]
    assert [answer.model for answer in answers] == ["m", "other", "m"]
    assert answers[0].usage == Usage(CHAT.input_size(), 1)
    assert answers[1].finish_reason == "length"
    assert list(provider.requests) == [CHAT] * 3


def test_a_script_may_be_a_function_and_may_fail() -> None:
    def script(request: Request) -> str | ProviderError:
        return ProviderError("server", "Down.") if request.prompt else request.messages[0]["content"].upper()

    provider = Scripted.answering(script, latency=0.01, capabilities=Capabilities(prefers_raw=True))
    (answer,) = ask(provider, CHAT)
    assert answer.text == "WRITE ONE REPLY."
    assert answer.seconds >= 0.01
    assert provider.capabilities.prefers_raw
    with pytest.raises(ProviderError, match="Down"):
        ask(provider, Request("m", prompt="x"))


def test_only_the_latest_requests_are_kept() -> None:
    provider = Scripted.answering(["x"])
    ask(provider, *(Request("m", prompt=str(each)) for each in range(1200)))
    assert len(provider.requests) == 1000
    assert provider.requests[-1].prompt == "1199"
    asyncio.run(provider.aclose())


def test_the_connection_says_what_it_can() -> None:
    provider = open_provider(Connection(provider="scripted", json_schema=False, system_role=False), None)
    assert provider.capabilities == Capabilities(system_role=False, raw_completions=True, seed=True, free=True)
    (answer,) = ask(provider, Request("m", messages=CHAT.messages, schema={"type": "object"}))
    assert not answer.structured
    assert not answer.text.startswith("{")
