"""The fake OpenAI server, over HTTP."""

from __future__ import annotations

import asyncio
import re
import time
from collections import Counter
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import aiohttp
import orjson
import pytest

from seedbed.testing.server import FakeServer, Settings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

CHAT = "/chat/completions"
LABELLED = {"type": "object", "properties": {"text": {"type": "string"}, "label": {"enum": ["good", "bad"]}}}


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: Any

    @property
    def content(self) -> str:
        return str(self.body["choices"][0]["message"]["content"])

    @property
    def finish(self) -> str:
        return str(self.body["choices"][0]["finish_reason"])

    @property
    def error(self) -> str:
        return str(self.body["error"]["message"])


@dataclass
class Client:
    session: aiohttp.ClientSession
    server: FakeServer

    async def send(self, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Answer:
        method = "GET" if body is None else "POST"
        data = body if isinstance(body, bytes | None) else orjson.dumps(body)
        async with self.session.request(method, self.server.url + path, data=data, headers=headers) as response:
            seen = {name.lower(): value for name, value in response.headers.items()}
            return Answer(response.status, seen, orjson.loads(await response.read()))

    async def chat(self, prompt: str = "Write.", *, headers: dict[str, str] | None = None, **options: Any) -> Answer:
        return await self.send(CHAT, {"model": "m", "messages": [user(prompt)], **options}, headers)


def user(prompt: Any) -> dict[str, Any]:
    return {"role": "user", "content": prompt}


def following(schema: dict[str, Any]) -> dict[str, Any]:
    return {"response_format": {"type": "json_schema", "json_schema": {"name": "answer", "schema": schema}}}


@asynccontextmanager
async def client(**settings: Any) -> AsyncIterator[Client]:
    async with FakeServer(Settings(**settings)) as server, aiohttp.ClientSession() as session:
        yield Client(session, server)


def chat_once(prompt: str = "Write.", options: dict[str, Any] | None = None, **settings: Any) -> Answer:
    async def go() -> Answer:
        async with client(**settings) as api:
            return await api.chat(prompt, **(options or {}))

    return asyncio.run(go())


async def eventually(done: Callable[[], bool]) -> None:
    for _ in range(4000):
        if done():
            return
        await asyncio.sleep(0.005)
    raise AssertionError("It did not happen.")


def test_a_healthy_chat_answer_has_openais_shape() -> None:
    answer = chat_once("x" * 400)
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.body["object"] == "chat.completion"
    assert answer.body["model"] == "m"
    assert answer.body["choices"][0]["message"]["role"] == "assistant"
    assert answer.finish == "stop"
    usage = answer.body["usage"]
    assert usage["prompt_tokens"] == 100
    assert usage["completion_tokens"] == -(-len(answer.content) // 4)
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"]


def test_the_other_routes_answer_with_and_without_v1() -> None:
    async def go() -> None:
        async with client(models=["small", "large"]) as api:
            models = await api.send("/models")
            assert [model["id"] for model in models.body["data"]] == ["small", "large"]
            raw = await api.send("/completions", {"model": "small", "prompt": "Once"})
            assert raw.body["object"] == "text_completion"
            assert len(raw.body["choices"][0]["text"].split()) >= 12
            vectors = await api.send("/embeddings", {"model": "small", "input": ["Hi", "Ho"]})
            assert [item["index"] for item in vectors.body["data"]] == [0, 1]
            bare = api.server.url.removesuffix("/v1") + CHAT
            async with api.session.post(bare, json={"model": "large", "messages": [user("Hi")]}) as response:
                assert response.status == 200
            assert api.server.stats()["by_model"] == {"small": 2, "large": 1}

    asyncio.run(go())


def test_a_rate_limited_answer_says_when_to_come_back() -> None:
    answer = chat_once(rate_limited_share=1, retry_after=0.25)
    assert answer.status == 429
    assert answer.headers["retry-after"] == "0.25"
    assert answer.body["error"]["code"] == "rate_limit_exceeded"


def test_faults_come_in_the_share_that_was_asked_for() -> None:
    async def go() -> tuple[Counter[int], dict[str, Any]]:
        async with client(rate_limited_share=0.3, error_share=0.2, truncated_share=0.5) as api:
            statuses = Counter([(await api.chat()).status for _ in range(400)])
            return statuses, api.server.stats()

    statuses, stats = asyncio.run(go())
    assert (stats["rate_limited"], stats["errors"], stats["answered"]) == (statuses[429], statuses[500], statuses[200])
    assert 80 < statuses[429] < 160
    assert 25 < statuses[500] < 90
    assert 0.35 < stats["truncated"] / stats["answered"] < 0.65


def test_a_reset_breaks_the_connection_without_an_answer() -> None:
    async def go() -> dict[str, Any]:
        async with client(reset_share=1) as api:
            with pytest.raises(aiohttp.ClientConnectionError):
                await api.chat()
            return api.server.stats()

    stats = asyncio.run(go())
    assert (stats["resets"], stats["abandoned"], stats["in_flight"]) == (1, 0, 0)


def test_a_truncated_answer_is_cut_and_says_so() -> None:
    whole = chat_once()
    cut = chat_once(truncated_share=1)
    assert cut.finish == "length"
    assert whole.content.startswith(cut.content)
    assert len(cut.content) == len(whole.content) // 2


@pytest.mark.parametrize("options", [{}, following(LABELLED)])
def test_a_broken_answer_is_an_unfinished_object_that_claims_to_be_whole(options: dict[str, Any]) -> None:
    answer = chat_once(options=options, broken_share=1)
    assert answer.finish == "stop"
    assert answer.content.startswith('{"text":"')
    with pytest.raises(orjson.JSONDecodeError):
        orjson.loads(answer.content)


def test_a_slow_answer_sends_its_second_half_later() -> None:
    async def go() -> None:
        async with client(slow_share=1, slow_seconds=0.15) as api:
            started = time.monotonic()
            async with api.session.post(api.server.url + CHAT, json={"messages": [user("Hi")]}) as response:
                size = int(response.headers["Content-Length"])
                first = await response.content.readany()
                rest = await response.read()
            assert 0 < len(first) < size == len(first) + len(rest)
            assert time.monotonic() - started >= 0.15
            assert orjson.loads(first + rest)["choices"]

    asyncio.run(go())


def test_calls_above_the_limit_in_flight_are_refused() -> None:
    async def go() -> None:
        async with client(max_in_flight=2, latency=0.2, retry_after=3) as api:
            answers = await asyncio.gather(*(api.chat() for _ in range(5)))
            assert sorted(answer.status for answer in answers) == [200, 200, 429, 429, 429]
            assert {answer.headers["retry-after"] for answer in answers if answer.status == 429} == {"3"}
            assert api.server.stats()["max_in_flight_seen"] == 2

    asyncio.run(go())


def test_requests_per_minute_are_counted_and_announced() -> None:
    async def go() -> None:
        async with client(requests_per_minute=3, rate_headers=True) as api:
            left = [(await api.chat()).headers["x-ratelimit-remaining-requests"] for _ in range(3)]
            assert left == ["2", "1", "0"]
            refused = await api.chat()
            assert refused.status == 429
            assert 10 < float(refused.headers["retry-after"]) <= 20
            assert refused.headers["x-ratelimit-limit-requests"] == "3"
            assert re.fullmatch(r"(\d+m)?\d+(\.\d+)?s", refused.headers["x-ratelimit-reset-requests"])

    asyncio.run(go())


def test_answers_keep_to_max_tokens_and_stop_strings() -> None:
    short = chat_once(options={"max_tokens": 5})
    assert len(short.content) == 20
    assert short.finish == "length"
    stopped = chat_once(options={"stop": ["END"]}, answers=["One. END Two."])
    assert (stopped.content, stopped.finish) == ("One. ", "stop")


def test_a_wrong_key_is_refused_and_echoed() -> None:
    async def go() -> None:
        async with client(key="sk-right") as api:
            assert (await api.chat(headers={"Authorization": "Bearer sk-right"})).status == 200
            wrong = await api.chat(headers={"Authorization": "Bearer sk-wrong-0123456789"})
            assert wrong.status == 401
            assert wrong.body["error"]["code"] == "invalid_api_key"
            assert "sk-wro********6789" in wrong.error
            assert "sk-wrong-0123456789" in wrong.error
            api.server.change(echo_key=False)
            wrong = await api.chat(headers={"Authorization": "Bearer sk-wrong-0123456789"})
            assert "sk-wrong-0123456789" not in wrong.error
            assert (await api.chat()).status == 401
            assert (await api.send("/models")).status == 401
            assert api.server.stats()["unauthorised"] == 3

    asyncio.run(go())


def test_requests_that_cannot_be_answered_are_refused_with_a_reason() -> None:
    async def go() -> None:
        async with client(models=["m"], json_schema=False) as api:
            unknown = await api.chat(model="gpt-9")
            assert (unknown.status, unknown.body["error"]["code"]) == (404, "model_not_found")
            refused = await api.chat(response_format={"type": "json_object"})
            assert (refused.status, refused.error) == (400, "response_format is not supported")
            assert (await api.chat(response_format={"type": "text"})).status == 200
            bodies: list[Any] = [b"{", [], {"messages": []}, {"messages": [user("Hi")], "max_tokens": 0}]
            assert [(await api.send(CHAT, body)).status for body in bodies] == [400] * 4
            assert (await api.send("/nowhere", {})).status == 404
            assert api.server.stats()["errors"] == 6

    asyncio.run(go())


def test_an_answer_follows_the_response_format() -> None:
    value = orjson.loads(chat_once(options=following(LABELLED)).content)
    assert len(value["text"].split()) >= 12
    assert value["label"] in {"good", "bad"}
    free = chat_once(options={"response_format": {"type": "json_object"}}, answers=["Hello."])
    assert orjson.loads(free.content) == {"text": "Hello."}


def test_a_schema_that_cannot_be_followed_is_refused() -> None:
    async def go() -> tuple[int, dict[str, Any]]:
        async with client() as api:
            return (await api.chat(**following({"type": "colour"}))).status, api.server.stats()

    status, stats = asyncio.run(go())
    assert (status, stats["errors"], stats["in_flight"]) == (400, 1, 0)


QUESTION = "Which is better?\nA) this\nB) that\nC. neither\nAnswer:"


def test_a_short_answer_is_one_of_the_offered_letters() -> None:
    async def go() -> set[str]:
        async with client() as api:
            return {(await api.chat(QUESTION, max_tokens=1)).content for _ in range(40)}

    assert asyncio.run(go()) == {"A", "B", "C"}
    assert chat_once("No options.", {"max_tokens": 2}).content == "A"
    assert chat_once(QUESTION, {"max_tokens": 1}, choice="No").content == "No"


def test_chat_logprobs_rank_the_alternatives() -> None:
    answer = chat_once(QUESTION, {"max_tokens": 1, "logprobs": True, "top_logprobs": 5})
    (place,) = answer.body["choices"][0]["logprobs"]["content"]
    top = place["top_logprobs"]
    assert place["token"] == top[0]["token"] == answer.content
    assert {"A", "B", "C"} <= {entry["token"] for entry in top}
    chances = [entry["logprob"] for entry in top]
    assert len(top) == 5
    assert chances == sorted(chances, reverse=True)
    without = chat_once(QUESTION, {"logprobs": True}, logprobs=False)
    assert without.body["choices"][0]["logprobs"] is None


def test_a_script_is_given_in_order_and_again() -> None:
    async def go() -> list[str]:
        async with client(answers=["one", "two"]) as api:
            texts = [(await api.chat()).content for _ in range(3)]
            api.server.change(answers=None, grammar={"S": ["three"]})
            return [*texts, (await api.chat()).content]

    assert asyncio.run(go()) == ["one", "two", "one", "three"]


def test_the_seed_of_the_server_decides_and_that_of_a_request_does_not() -> None:
    assert chat_once(seed=4).content == chat_once(options={"seed": 99}, seed=4).content
    assert chat_once(seed=4).content != chat_once(seed=5).content


def test_texts_repeat_at_the_rate_that_was_set() -> None:
    async def go() -> int:
        async with client(repeat_rate=0.9) as api:
            return len({(await api.chat()).content for _ in range(300)})

    assert 12 <= asyncio.run(go()) <= 60


def test_an_attempt_answered_again_is_counted() -> None:
    async def go() -> dict[str, Any]:
        async with client() as api:
            for attempt in ("a", "b", "a", "a", None):
                await api.chat(headers={"X-Seedbed-Attempt": attempt} if attempt else None)
            return api.server.stats()

    stats = asyncio.run(go())
    assert (stats["requests"], stats["answered"], stats["answered_twice"]) == (5, 5, 2)


def test_a_client_that_goes_away_is_counted_as_abandoned() -> None:
    async def go() -> None:
        async with client(latency=30) as api:
            call = asyncio.create_task(api.chat())
            await eventually(lambda: api.server.stats()["in_flight"] == 1)
            call.cancel()
            await eventually(lambda: api.server.stats()["in_flight"] == 0)
            stats = api.server.stats()
            assert (stats["requests"], stats["abandoned"], stats["answered"]) == (1, 1, 0)

    asyncio.run(go())


def test_settings_change_while_it_runs_and_wrong_ones_are_refused() -> None:
    async def go() -> None:
        async with client() as api:
            first = (await api.chat()).content
            changed = await api.send("/settings", {"rate_limited_share": 1, "retry_after": 0.5})
            assert changed.body["rate_limited_share"] == 1
            assert (await api.chat()).status == 429
            wrongs: list[Any] = [{"error_share": 2}, {"nonsense": 1}, {"answers": "/no/such/file"}, [1], b"{"]
            assert [(await api.send("/settings", wrong)).status for wrong in wrongs] == [400] * 5
            api.server.change(rate_limited_share=0)
            assert (await api.chat()).content != first

    asyncio.run(go())


def test_a_reset_counts_anew_and_goes_on_with_new_texts() -> None:
    async def go() -> None:
        async with client() as api:
            first = (await api.chat(headers={"X-Seedbed-Attempt": "a"})).content
            assert (await api.send("/reset", {})).body["requests"] == 0
            assert (await api.send("/requests")).body == []
            assert (await api.chat(headers={"X-Seedbed-Attempt": "a"})).content != first
            stats = (await api.send("/stats")).body
            assert (stats["requests"], stats["answered"], stats["answered_twice"]) == (1, 1, 0)

    asyncio.run(go())


def test_the_latest_requests_can_be_looked_at() -> None:
    async def go() -> None:
        async with client() as api:
            for number in range(205):
                await api.chat(f"prompt {number}", headers={"X-Seedbed-Attempt": f"a{number}"})
            (last,) = (await api.send("/requests?last=1")).body
            assert last["path"] == CHAT
            assert last["body"]["messages"] == [user("prompt 204")]
            assert last["headers"]["x-seedbed-attempt"] == "a204"
            assert len((await api.send("/requests")).body) == len(api.server.requests()) == 200

    asyncio.run(go())


def test_every_request_has_one_outcome() -> None:
    async def go() -> dict[str, Any]:
        faults = {"rate_limited_share": 0.2, "error_share": 0.2, "reset_share": 0.2}
        async with client(**faults, latency=0.01, max_in_flight=10, key="k") as api:
            keys = [{"Authorization": "Bearer k"}, {"Authorization": "Bearer k"}, None]
            calls = [api.chat(headers=keys[number % 3]) for number in range(60)]
            await asyncio.gather(*calls, return_exceptions=True)
            return api.server.stats()

    stats = asyncio.run(go())
    outcomes = ("in_flight", "answered", "abandoned", "rate_limited", "unauthorised", "errors", "resets")
    assert stats["requests"] == sum(stats[name] for name in outcomes)
    assert stats["requests"] >= 60
    assert stats["unauthorised"] >= 20
