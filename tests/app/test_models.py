"""All models of a run behind one door: who is asked, and who takes over."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

import pytest

from seedbed.app.models import Access, ModelDoor, own
from seedbed.core.chat import Message, Request
from seedbed.core.connection import Connection
from seedbed.core.errors import ProviderError
from seedbed.providers.breaker import Patience
from seedbed.providers.model_part import ModelFileSettings
from seedbed.testing.server import Settings, running_server

T = TypeVar("T")
HASTY = Patience(at_first=0.1, ill=0.2, limited=0.2)


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
