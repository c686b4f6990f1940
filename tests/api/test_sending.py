"""Exports leave while they are made, and stop with whoever asked."""

from __future__ import annotations

import asyncio
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

import seedbed
from api.conftest import served
from seedbed.api.sending import Presence, Streamed
from seedbed.app.data.importing import import_records
from seedbed.app.remote.wire import Unreachable
from seedbed.app.workspace import Workspace
from seedbed.core.ports import Streaming
from seedbed.core.record import Record, Span
from seedbed.formats.catalog import format_for, formats, suffix_for
from seedbed.formats.files import write_file

AT_ONCE = {"beir", "huggingface", "spacy"}


class Client:
    """Who asks: goes after so many messages."""

    def __init__(self, most: int = 100) -> None:
        self.got: list[dict[str, Any]] = []
        self._most, self._going = most, asyncio.Event()

    async def receive(self) -> dict[str, Any]:
        await self._going.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        self.got.append(message)
        if len(self.got) == self._most:
            self._going.set()
            await asyncio.sleep(0.01)  # it is heard of it


def asked(client: Client, count: int) -> tuple[list[int], list[str]]:
    """What was made of so many records for a client, and whether the making was ended."""
    here, made, ended = Presence(), list[int](), list[str]()

    def pieces() -> Generator[bytes]:
        try:
            for number, _ in enumerate(here.only(Record({}) for _ in range(count))):
                made.append(number)
                yield b"x"
        finally:
            ended.append("ended")

    asyncio.run(Streamed(pieces(), "a.csv", here)({"type": "http"}, client.receive, client.send))
    return made, ended


def test_the_first_bytes_leave_before_the_next_are_made():
    client = Client(2)  # the head of the answer, and one piece
    assert asked(client, 1000) == ([0], ["ended"])
    assert [one.get("body") for one in client.got[:2]] == [None, b"x"]


def test_what_nobody_waits_for_any_more_is_not_made():
    made, ended = asked(Client(5), 1000)
    assert len(made) == 4
    assert ended == ["ended"]


def test_a_whole_file_ends_as_one():
    client = Client()
    assert len(asked(client, 3)[0]) == 3
    assert client.got[-1] == {"type": "http.response.body", "body": b"", "more_body": False}


@pytest.mark.parametrize("name", [name for name in formats.names() if name not in AT_ONCE])
def test_what_is_sent_is_what_would_be_written(name: str, tmp_path: Path):
    columns = ["text", "label", "customer", "question", "contexts", "messages", "instruction", "prompt", "completion"]
    columns += ["output", "chosen", "rejected"]

    def records() -> Iterator[Record]:
        for number in range(40):
            talk = [{"role": "user", "content": f"{number}?"}, {"role": "assistant", "content": "It came."}]
            said = dict.fromkeys(columns, "so") | {"text": "Ann, =1 包裹\r\n", "messages": talk, "contexts": ["a"]}
            yield Record(said | {"customer": {"age": number}} if number else said, (Span(0, 3, "PERSON"),))

    form = format_for(f"x{suffix_for(name)}", name)
    assert isinstance(form, Streaming)
    path = tmp_path / f"x{suffix_for(name)}"
    assert write_file(records(), path, columns, force=False, form=form) == 40
    assert b"".join(form.pieces(records(), columns, str(tmp_path))) == path.read_bytes()


def test_formats_of_several_files_are_made_at_once():
    assert {name for name in formats.names() if not isinstance(format_for("x", name), Streaming)} == AT_ONCE


def test_an_export_that_fails_in_the_middle_is_no_whole_file(workspace: Workspace, tmp_path: Path):
    texts = ["Ann " + "wrote a letter " * 200] * 60
    labels = ["PERSON"] * 59 + ["NO TAG"]

    def made() -> Iterator[Record]:
        return (Record({"text": text}, (Span(0, 3, label),)) for text, label in zip(texts, labels, strict=True))

    import_records(workspace, made, "letters", workspace.folder)
    with served(workspace) as url:
        with pytest.raises(Unreachable, match="broke off"):
            seedbed.connect(url).write("letters", tmp_path / "letters.conll")
        assert list(tmp_path.glob("*letters*")) == []
        seedbed.connect(url).write("letters", tmp_path / "letters.jsonl")
    assert len((tmp_path / "letters.jsonl").read_bytes().splitlines()) == 60
