"""All models of a run behind one door: who is asked, and who takes over."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

import pytest

from seedbed.app.models import Access, ModelDoor, own
from seedbed.core.chat import Message, Request
from seedbed.core.connection import Connection
from seedbed.core.errors import ProviderError
from seedbed.providers.limits.breaker import Patience
from seedbed.providers.model_part import ModelFileSettings
from seedbed.testing.server import Settings, running_server

T = TypeVar("T")
HASTY = Patience(at_first=0.1, gone=0.2, ill=0.2, limited=0.2)


def door_to(folder: Path, fallback: str | None = None, **connections: Connection) -> ModelDoor:
    """A door to a model `x` of each connection; all write but the fallback."""
    models = [f"{name}:x" for name in connections]
    return ModelDoor(
        {name: Access(connection) for name, connection in connections.items()},
        models,
        fallback,
        lend=own(ModelFileSettings(cache=folder)),
        writers=[name for name in models if name != fallback],
        patience=HASTY,
    )


def openai(url: str, **settings: Any) -> Connection:
    return Connection(provider="openai", base_url=url, **settings)


def nowhere() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}/v1"


def asked(door: ModelDoor, model: str) -> list[str | ProviderError]:
    """Who answered the question, after those that could not: their errors."""

    async def story() -> list[str | ProviderError]:
        found: list[str | ProviderError] = []
        request = Request(model, (Message(role="user", content="Write one reply."),))
        while True:
            try:
                return [*found, (await door.complete(request)).model]
            except ProviderError as error:
                found.append(error)
                if not error.instead:
                    return found
                request = request.to(error.instead)

    return asyncio.run(_closing(door, story()))


async def _closing(door: ModelDoor, story: Coroutine[Any, Any, T]) -> T:
    try:
        return await story
    finally:
        await door.aclose()


def test_without_a_fallback_the_error_names_nobody_else(tmp_path: Path) -> None:
    [error] = asked(door_to(tmp_path, dead=openai(nowhere())), "dead:x")
    assert isinstance(error, ProviderError)
    assert (error.gave_up, error.model, error.instead) == (True, "dead:x", "")


@pytest.mark.parametrize(
    "behaviour",
    [{"error_share": 1.0}, {"rate_limited_share": 1.0, "retry_after": 0.05}, {"key": "another"}, {"models": ["y"]}],
    ids=["errors", "too many requests", "wrong key", "no such model"],
)
def test_the_fallback_answers_from_then_on_and_its_connection_gives_the_room(tmp_path: Path, behaviour: Any) -> None:
    with running_server(Settings(**behaviour)) as ill:
        spare = Connection(provider="scripted", concurrency=9, json_schema=False)
        door = door_to(tmp_path, "spare:x", ill=openai(ill.url, concurrency=4), spare=spare)
        assert door.room == 4
        error, answered = asked(door, "ill:x")
        assert isinstance(error, ProviderError)
        assert (error.model, error.instead, answered) == ("ill:x", "spare:x", "spare:x")
        assert error.tries == ill.stats()["requests"]
        assert door.room == 9
        assert door.capabilities("ill:x").json_schema is False
        assert asked(door, "ill:x") == ["spare:x"]
        assert error.tries == ill.stats()["requests"]


FAULTS = {
    "errors": {"error_share": 1.0},
    "resets": {"reset_share": 1.0},
    "too many requests": {"rate_limited_share": 1.0, "retry_after": 0.05},
}


async def until(ready: Callable[[], bool]) -> None:
    while not ready():  # noqa: ASYNC110 - nobody tells
        await asyncio.sleep(0.01)


async def two_asked(door: ModelDoor, model: str) -> list[str | ProviderError]:
    """Two questions at once: that several fail is a sign that it is not the question."""

    async def one() -> str | ProviderError:
        try:
            return (await door.complete(Request(model, (Message(role="user", content="Write one reply."),)))).model
        except ProviderError as error:
            return error

    return await asyncio.gather(one(), one())


@pytest.mark.parametrize("faults", FAULTS.values(), ids=FAULTS)
def test_an_address_that_answered_before_is_waited_for(tmp_path: Path, faults: Any) -> None:
    with running_server() as server:
        door = door_to(tmp_path, ill=openai(server.url))

        async def story() -> list[str | ProviderError]:
            await two_asked(door, "ill:x")
            server.change(**faults)
            asking = asyncio.create_task(two_asked(door, "ill:x"))
            await until(lambda: bool(door.waiting()))
            assert door.waiting()[0].startswith("ill has been out of order for 0.")
            server.change(**dict.fromkeys(faults, 0.0))
            return await asking

        assert asyncio.run(_closing(door, story())) == ["ill:x", "ill:x"]
        assert door.waiting() == []


@pytest.mark.parametrize("faults", FAULTS.values(), ids=FAULTS)
@pytest.mark.parametrize("hurried", [False, True])
def test_what_is_waited_for_has_an_end_and_who_looks_on_does_not_wait(
    tmp_path: Path, faults: Any, hurried: bool
) -> None:
    with running_server() as server:
        door = door_to(tmp_path, ill=openai(server.url, patience=600 if hurried else 0.3))
        if hurried:
            door.hurry()

        async def story() -> list[str | ProviderError]:
            await two_asked(door, "ill:x")
            server.change(**faults)
            found: list[str | ProviderError] = []
            while not any(isinstance(one, ProviderError) and one.gave_up for one in found):
                found = await two_asked(door, "ill:x")
            return found

        assert all(isinstance(one, ProviderError) for one in asyncio.run(_closing(door, story())))


def test_a_model_with_a_fallback_is_not_waited_for_but_the_fallback_is(tmp_path: Path) -> None:
    with running_server() as ill, running_server() as spare:
        door = door_to(tmp_path, "spare:x", ill=openai(ill.url), spare=openai(spare.url))

        async def story() -> list[str | ProviderError]:
            await two_asked(door, "ill:x")
            await two_asked(door, "spare:x")
            ill.change(error_share=1.0)
            while not any(isinstance(one, ProviderError) and one.gave_up for one in await two_asked(door, "ill:x")):
                pass
            spare.change(error_share=1.0)
            asking = asyncio.create_task(two_asked(door, "ill:x"))
            await until(lambda: bool(door.waiting()))
            assert door.waiting()[0].startswith("spare has been out of order")
            spare.change(error_share=0.0)
            return await asking

        assert asyncio.run(_closing(door, story())) == ["spare:x", "spare:x"]


def test_jobs_of_others_have_room_beside_those_that_wait(tmp_path: Path) -> None:
    with running_server() as ill, running_server() as well:
        door = door_to(tmp_path, ill=openai(ill.url, concurrency=2), well=openai(well.url, concurrency=3))

        async def story() -> None:
            await two_asked(door, "ill:x")
            ill.change(error_share=1.0)
            asking = [asyncio.create_task(two_asked(door, "ill:x")) for _ in range(5)]
            await until(lambda: bool(door.waiting()) and door.room >= 12)
            assert door.room <= 5 + 10
            door.halt()
            await asyncio.gather(*asking)

        asyncio.run(_closing(door, story()))


def test_what_was_not_sent_is_not_asked_of_the_fallback(tmp_path: Path) -> None:
    scripted = Connection(provider="scripted")
    door = door_to(tmp_path, "spare:x", main=scripted, spare=scripted)
    door.halt()
    [error] = asked(door, "main:x")
    assert isinstance(error, ProviderError)
    assert (error.unsent, error.instead) == (True, "")


def test_a_long_pause_is_told_of_with_the_connections_name_and_the_servers_words(tmp_path: Path) -> None:
    said: list[str] = []

    def say(line: str) -> None:
        said.append(line)
        door.halt()

    with running_server(Settings(rate_limited_share=1.0, retry_after=40)) as server:
        door = door_to(tmp_path, busy=openai(server.url))
        asyncio.run(door.prepare(say))
        [error] = asked(door, "busy:x")
    assert isinstance(error, ProviderError)
    assert error.unsent
    assert len(said) == 1
    assert said[0].startswith("Waiting 40 s for busy: ")
    assert "Please try again in 40s." in said[0]
