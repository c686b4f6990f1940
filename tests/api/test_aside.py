"""Records are read beside the event loop, in this process or in a reader of their own, with the same answers."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import orjson
import pytest

from seedbed.api.aside import Aside
from seedbed.api.reader import answered
from seedbed.api.routes.records import page_told, record_told
from seedbed.app.serve.people import Person
from seedbed.app.serve.sample import ensure_sample
from seedbed.app.workspace import Workspace
from seedbed.core.errors import NotFound
from seedbed.core.review.entry import Wanted

ANN = Person("ann", owner=True, local=True)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory):
    with Workspace(tmp_path_factory.mktemp("aside") / "workspace") as found:
        ensure_sample(found)
        yield found


@asynccontextmanager
async def opened(place: Workspace, *, apart: bool) -> AsyncIterator[Aside]:
    aside = Aside(place, apart=apart)
    aside.open()
    try:
        while apart and aside.pid is None:  # noqa: ASYNC110 - it tells nobody when it is there
            await asyncio.sleep(0.02)
        yield aside
    finally:
        await aside.close()


def within(place: Workspace, apart: bool, work: Callable[[Aside], Awaitable[None]]) -> None:
    async def scene() -> None:
        async with asyncio.timeout(40), opened(place, apart=apart) as aside:
            await work(aside)

    asyncio.run(scene())


def name_of(place: Workspace) -> str:
    return place.store.runs()[0].dataset


@pytest.mark.parametrize("apart", [False, True], ids=["here", "apart"])
def test_answers_and_errors_are_the_same_wherever_they_are_made(place: Workspace, apart: bool):
    name = name_of(place)

    async def work(aside: Aside) -> None:
        answers = [aside.do(page_told, ANN, name, Wanted(""), "", limit) for limit in (1, 2, 3)]
        sizes = [len(orjson.loads(told.content)["items"]) for told in await asyncio.gather(*answers)]
        assert sizes == [1, 2, 3]
        here = page_told(place, ANN, name, Wanted(""), "", 3)
        assert (await aside.do(page_told, ANN, name, Wanted(""), "", 3)).content == here.content
        with pytest.raises(NotFound) as error:
            await aside.do(record_told, ANN, f"{name}:9999.0")
        assert error.value.hint
        with pytest.raises(NotFound):
            await aside.do(page_told, Person("eve"), name, Wanted(""), "", 3)

    within(place, apart, work)


def test_a_reader_that_dies_is_replaced_and_nobody_notices(place: Workspace):
    name = name_of(place)

    async def work(aside: Aside) -> None:
        first = aside.pid
        assert first
        asked = [asyncio.create_task(aside.do(page_told, ANN, name, Wanted(""), "", 5)) for _ in range(20)]
        await asyncio.sleep(0)
        os.kill(first, signal.SIGKILL)
        pages = [orjson.loads(told.content)["items"] for told in await asyncio.gather(*asked)]
        assert [len(page) for page in pages] == [5] * 20
        while aside.pid in (None, first):
            assert (await aside.do(page_told, ANN, name, Wanted(""), "", 5)).content
            await asyncio.sleep(0.02)

    within(place, True, work)


def test_a_reader_ends_with_its_server(place: Workspace):
    async def scene() -> int:
        async with opened(place, apart=True) as aside:
            assert aside.pid
            return aside.pid

    pid = asyncio.run(scene())
    assert not Path(f"/proc/{pid}").exists()


def broken(_: Workspace) -> None:
    raise ZeroDivisionError


def test_a_fault_in_the_reader_is_one_of_the_server_and_says_what_in_its_log(
    place: Workspace, caplog: pytest.LogCaptureFixture
):
    found = answered(place, 7, broken, ())
    assert (found.number, found.failed, type(found.found)) == (7, True, RuntimeError)
    assert "ZeroDivisionError" in caplog.text
