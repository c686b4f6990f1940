"""The bound for generation: its whole path in a hundred lines, without layers, limits, retries, accounts or resume.

Render, call (aiohttp), parse (orjson), length, near duplicates (the product's own index), SQLite with `synchronous =
FULL` and one writer thread that commits groups. What an engine costs beyond this is what its layers cost.
"""

from __future__ import annotations

import asyncio
import queue
import random
import sqlite3
import threading
import time
from pathlib import Path
from string import Template
from typing import Any

import aiohttp
import orjson

from seedbed.core.near.index import NearIndex

PROMPT = Template(
    "Write one reply of a customer service agent.\nLabel: $label ($description)\nCategory: $category\nType: $type\n"
    "Angle: $angle\nWrite something different from these:\n$recent\nAnswer with JSON that has one field, text, only."
)
SCHEMA = {"type": "object", "properties": {"text": {"type": "string"}}, "required": ["text"]}
ANGLES = ("hurried", "regular customer", "first visit", "on the phone", "after a delay", "at night")


class Writer(threading.Thread):
    """Commits what is queued, in groups."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.rows: queue.SimpleQueue[tuple[Any, ...] | None] = queue.SimpleQueue()
        self._base = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._base.execute("PRAGMA journal_mode = WAL")
        self._base.execute("PRAGMA synchronous = FULL")
        self._base.execute("CREATE TABLE calls (number INTEGER PRIMARY KEY, question, answer, record, at)")

    def run(self) -> None:
        """Until None is queued."""
        more = True
        while more:
            time.sleep(0.02)
            group = [self.rows.get()]
            while not self.rows.empty():
                group.append(self.rows.get())
            more = None not in group
            self._base.execute("BEGIN")
            self._base.executemany("INSERT INTO calls VALUES (?, ?, ?, ?, ?)", [row for row in group if row])
            self._base.execute("COMMIT")


class Trial:
    """So many records of some cells, accepted and unique."""

    def __init__(self, url: str, count: int, cells: list[dict[str, str]], path: Path) -> None:
        self._url = f"{url}/chat/completions"
        self._missing = [count // len(cells) + (i < count % len(cells)) for i in range(len(cells))]
        self._flying = [0] * len(cells)
        self._recent: list[list[str]] = [[] for _ in cells]
        self._cells = cells
        self._index = NearIndex(0.9)
        self._random = random.Random(1)
        self._writer = Writer(path)
        self._number = 0
        self.accepted = 0

    async def run(self, concurrency: int) -> None:
        """Works until every cell is full."""
        self._writer.start()
        headers = {"Content-Type": "application/json"}
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), headers=headers) as session:
            await asyncio.gather(*(self._work(session) for _ in range(concurrency)))
        self._writer.rows.put(None)
        self._writer.join()

    async def _work(self, session: aiohttp.ClientSession) -> None:
        while True:
            lacking = [(self._missing[i] - self._flying[i], i) for i in range(len(self._cells))]
            most, cell = max(lacking)
            if most <= 0:
                return
            self._flying[cell] += 1
            await self._attempt(session, cell)
            self._flying[cell] -= 1

    async def _attempt(self, session: aiohttp.ClientSession, cell: int) -> None:
        self._number += 1
        number = self._number
        recent = "\n".join(self._recent[cell][-3:])
        prompt = PROMPT.substitute(self._cells[cell], recent=recent, angle=self._random.choice(ANGLES))
        question = orjson.dumps(
            {
                "model": "fake",
                "messages": [{"role": "system", "content": "You write data."}, {"role": "user", "content": prompt}],
                "response_format": {"type": "json_schema", "json_schema": {"name": "record", "schema": SCHEMA}},
                "seed": number,
                "max_tokens": 1024,
            }
        )
        async with session.post(self._url, data=question, headers={"X-Seedbed-Attempt": str(number)}) as reply:
            answer = await reply.read()
        text = orjson.loads(orjson.loads(answer)["choices"][0]["message"]["content"])["text"]
        encoded = self._index.encode(text)
        record = None
        if 4 <= len(encoded) <= 60 and self._missing[cell] > 0 and self._index.first(encoded) is None:
            self._index.add(encoded, number)
            self._missing[cell] -= 1
            self.accepted += 1
            self._recent[cell].append(text)
            record = orjson.dumps({"text": text, **self._cells[cell]})
        self._writer.rows.put((number, question, answer, record, time.time()))
