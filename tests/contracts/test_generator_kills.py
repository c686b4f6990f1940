"""`kill -9` in the middle of any generator's run: it goes on, and no answered call is paid again."""

from __future__ import annotations

import asyncio
import copy
import json
import os
import signal
import sqlite3
import traceback
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import seedbed
from contracts.generator_cases import CASES, document, written
from seedbed.core.chat import request_hash
from seedbed.providers.catalog import providers
from seedbed.providers.scripted import Scripted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seedbed.core.chat import Completion, Request

MORE: dict[str, dict[str, Any]] = {
    "": {},
    "votes": {"checks": [{"kind": "judge", "rubric": "qa", "votes": 2}]},
    "redacted": {"redact": True, "generator": {"instruction": "a letter to anna.meyer@firma.example"}},
}


class Mortal(Scripted):
    """Takes down every question before it answers; at the one numbered `dies_at` the process is killed."""

    kind = ""
    dies_at = 0
    asked = 0
    log = Path()

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._script = self._mortal

    async def complete(self, request: Request) -> Completion:
        Mortal.asked += 1
        if Mortal.asked == self.dies_at:
            await asyncio.sleep(0.2)  # what was answered before is committed
            os.kill(os.getpid(), signal.SIGKILL)
        with self.log.open("a") as log:
            log.write(f"{request.attempt} {request_hash(request.to_json())}\n")
        return await super().complete(request)

    def _mortal(self, request: Request) -> str:
        if request.messages and "Judge the record" in request.messages[0]["content"]:
            return '{"reason": "fine", "score": 5}'
        return written(CASES[self.kind].answer(request))


@pytest.fixture(autouse=True)
def mortal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    providers.register("mortal")(Mortal)
    Mortal.log = tmp_path / "log.txt"
    yield
    Mortal.asked = Mortal.dies_at = 0
    providers._known.pop("mortal")


def killed_at(number: int, run: dict[str, Any]) -> int:
    """Runs in a child process that is killed at its call of that number; answers how it ended."""
    child = os.fork()
    if child == 0:
        try:
            Mortal.dies_at = number
            seedbed.generate(run, workspace="w", concurrency=1)
        except BaseException:  # noqa: BLE001 - a child of a test must not go on with the other tests
            traceback.print_exc()
        os._exit(1)
    return os.waitpid(child, 0)[1]


def questions(folder: Path) -> list[bytes]:
    """What was asked, as the store has it."""
    with sqlite3.connect(folder / "w" / "seedbed.db") as database:
        return [row[0] for row in database.execute("SELECT question FROM calls")]


@pytest.mark.parametrize(
    "kind",
    [*CASES, "classification+votes", *(f"{kind}+redacted" for kind in ("dialogue-turns", "rag_qa", "evol_instruct"))],
)
def test_a_killed_run_goes_on_and_pays_nothing_twice(kind: str, tmp_path: Path) -> None:
    Mortal.kind, _, more = kind.partition("+")
    if more == "redacted":
        pytest.importorskip("presidio_analyzer")
    for name, content in CASES[Mortal.kind].files.items():
        (tmp_path / name).write_text(content, "utf-8")
    run = json.loads(
        json.dumps(document(Mortal.kind, "mortal:m", **copy.deepcopy(MORE[more]))).replace("clever:", "mortal:")
    )
    for number in (2, 2):
        assert killed_at(number, run) == signal.SIGKILL
    dataset = seedbed.generate(run, workspace="w", concurrency=1)
    assert dataset.figures["state"] == "complete", dataset.figures
    calls = Counter(Mortal.log.read_text().splitlines())
    assert calls.most_common(1)[0][1] == 1, "an answered call was made again"
    assert len({record.id for record in dataset}) == len(list(dataset)) == dataset.figures["accepted"]
    if more == "redacted":
        asked = questions(tmp_path)
        assert not any(b"anna.meyer" in question for question in asked)
        assert dataset.figures["redacted"] == {"email": sum(b"[EMAIL_1]" in question for question in asked)}
