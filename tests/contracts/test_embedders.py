"""One suite for everything that turns texts into vectors: the offline model, and endpoints in every dialect that has
embeddings, each on a server that speaks it as documented."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from struct import unpack
from typing import TypeVar

import pytest

from seedbed.core.chat import Message, Request, Usage
from seedbed.core.errors import ProviderError
from seedbed.core.ports import Embedder
from seedbed.core.vectors import Vector, from_text
from seedbed.engine.embedding import Asked
from seedbed.providers.catalog import has_embeddings, open_provider, providers
from seedbed.providers.offline import Offline
from seedbed.testing.server import FakeServer

from .dialect_server import KEY, Out, Server
from .provider_dialects import SERVERS
from .test_providers import KINDS, connection

T = TypeVar("T")

SPEAKERS = {name: server for name, server in SERVERS.items() if server.vectors}
TEXT = "Your parcel leaves our store tomorrow."
NEAR = "Tomorrow your parcel leaves our store."
FAR = "Whales sing under cold northern ice."

every = pytest.mark.parametrize("name", ["offline", "fake server", *SPEAKERS])
endpoint = pytest.mark.parametrize("name", SPEAKERS)


async def opened(name: str, held: AsyncExitStack) -> Embedder:
    """The embedder of that name, which lives as long as the stack."""
    if name == "offline":
        return Offline()
    if name == "fake server":
        fake = await held.enter_async_context(FakeServer())
        provider, model = open_provider(connection("openai", fake.url), None), "any"
    else:
        server = await held.enter_async_context(SERVERS[name]())
        provider, model = open_provider(connection(name, server.url), KEY), server.model
    held.push_async_callback(provider.aclose)
    return Asked(provider.complete, model, "run:1")


def embed(name: str, *texts: str) -> list[Vector]:
    async def run() -> list[Vector]:
        async with AsyncExitStack() as held:
            return await (await opened(name, held)).embed(texts)

    return asyncio.run(run())


def talk(name: str, speak: Callable[[Server, Asked], Awaitable[T]], **settings: object) -> T:
    """Opens a dialect's embedder against its server and lets `speak` use both."""

    async def run() -> T:
        async with SERVERS[name]() as server:
            provider = open_provider(connection(name, server.url, **settings), KEY)
            try:
                return await speak(server, Asked(provider.complete, server.model, "run:1"))
            finally:
                await provider.aclose()

    return asyncio.run(run())


def cosine(one: Vector, other: Vector) -> float:
    return sum(a * b for a, b in zip(numbers(one), numbers(other), strict=True))


def numbers(vector: Vector) -> tuple[float, ...]:
    return unpack(f"<{len(vector) // 2}e", vector)


@every
def test_each_text_has_a_vector_of_length_one(name: str) -> None:
    vectors = embed(name, TEXT, FAR, NEAR)
    assert len(vectors) == 3
    assert len({len(vector) for vector in vectors}) == 1
    for vector in vectors:
        assert sum(number * number for number in numbers(vector)) == pytest.approx(1, abs=2e-3)


@every
def test_a_text_always_has_the_same_vector_whatever_comes_with_it(name: str) -> None:
    first, alone, among = embed(name, TEXT, FAR), embed(name, TEXT), embed(name, *[FAR] * 70, TEXT)
    assert first[0] == alone[0] == among[-1]
    assert first[0] != first[1]


@every
def test_what_means_nearly_the_same_lies_nearer(name: str) -> None:
    text, near, far = embed(name, TEXT, NEAR, FAR)
    assert cosine(text, near) > 0.9
    assert cosine(text, far) < 0.5


@every
def test_texts_of_many_scripts_and_lengths_have_vectors(name: str) -> None:
    texts = ["您的包裹明天送达。", "👍", "x", "word " * 3000]
    assert all(embed(name, *texts))


@every
def test_without_a_text_there_is_no_vector(name: str) -> None:
    assert embed(name) == []


@endpoint
def test_an_endpoint_is_asked_in_its_own_words_and_only_input_is_paid(name: str) -> None:
    async def speak(server: Server, _: Asked) -> None:
        provider = open_provider(connection(name, server.url), KEY)
        answer = await provider.complete(Request.to_embed(server.model, TEXT, "run:1"))
        await provider.aclose()
        [seen] = server.seen
        assert seen.path == server.vectors
        assert seen.body["input"] == [TEXT]
        assert seen.headers["X-Seedbed-Attempt"] == "run:1"
        assert answer.usage == Usage(5, 0)
        assert len(from_text(answer.text)) == 2 * 64

    talk(name, speak)


@pytest.mark.parametrize("name", [name for name in SPEAKERS if SPEAKERS[name].prefix])
def test_an_address_that_ends_in_embeddings_is_understood(name: str) -> None:
    async def speak(server: Server, _: Asked) -> None:
        provider = open_provider(connection(name, f"{server.url}/embeddings"), KEY)
        assert (await provider.complete(Request.to_embed(server.model, TEXT, ""))).text
        await provider.aclose()

    talk(name, speak)


@pytest.mark.parametrize(
    ("name", "situation"),
    [(name, each) for name in SPEAKERS for each in KINDS if each in SPEAKERS[name]().situations(False)],
)
def test_each_documented_error_has_its_kind_here_too(name: str, situation: str) -> None:
    async def speak(server: Server, asked: Asked) -> None:
        server.situation = situation
        with pytest.raises(ProviderError) as caught:
            await asked.embed([TEXT])
        assert caught.value.kind == KINDS[situation]

    talk(name, speak)


@pytest.mark.parametrize("name", [name for name in SPEAKERS if "filtered prompt" in SPEAKERS[name]().situations(False)])
def test_a_filtered_text_has_no_vector(name: str) -> None:
    async def speak(server: Server, asked: Asked) -> None:
        server.situation = "filtered prompt"
        with pytest.raises(ProviderError):
            await asked.embed([TEXT])

    talk(name, speak)


@endpoint
@pytest.mark.parametrize("vector", [[], [0.0, 0.0], ["a"], None, "AAAA", [None], {"a": 1}])
def test_what_is_no_vector_is_a_protocol_error(name: str, vector: object) -> None:
    async def speak(server: Server, asked: Asked) -> None:
        whole = server.embed({"input": ["a"]})
        body = {"embeddings": [vector]} if "embeddings" in whole.body else {"data": [{"embedding": vector}]}
        server.fixed = Out(200, body)
        with pytest.raises(ProviderError) as caught:
            await asked.embed([TEXT])
        assert caught.value.kind == "protocol"

    talk(name, speak)


def test_missing_usage_is_estimated() -> None:
    async def speak(server: Server, _: Asked) -> None:
        server.fixed = Out(200, {"data": [{"embedding": [1, 2]}]})
        provider = open_provider(connection("openai", server.url), KEY)
        answer = await provider.complete(Request.to_embed(server.model, "x" * 40, ""))
        await provider.aclose()
        assert answer.usage == Usage(11, 0)

    talk("openai", speak)


@pytest.mark.parametrize("name", [name for name in providers.names() if not has_embeddings(name)])
def test_others_refuse_in_one_sentence_without_a_call(name: str) -> None:
    async def run() -> None:
        provider = open_provider(connection(name, "http://127.0.0.1:9"), "sk-some-key-123456")
        with pytest.raises(ProviderError) as caught:
            await provider.complete(Request.to_embed("m", TEXT, ""))
        await provider.aclose()
        assert (caught.value.kind, caught.value.tries) == ("model", 0)
        assert "has no embeddings." in caught.value.message
        assert "model: embedded" in caught.value.hint

    asyncio.run(run())


def test_embeddings_are_known_of_each_provider() -> None:
    assert {name for name in providers.names() if has_embeddings(name)} == {*SPEAKERS}


@endpoint
def test_a_chat_goes_on_as_before_beside(name: str) -> None:
    async def speak(server: Server, asked: Asked) -> None:
        provider = open_provider(connection(name, server.url), KEY)
        await asked.embed([TEXT])
        question = (Message(role="user", content="Where is my parcel?"),)
        assert (await provider.complete(Request(server.model, question))).text
        await provider.aclose()
        assert [seen.path for seen in server.seen] == [server.vectors, server.path]

    talk(name, speak)
