"""What tests of checks share: the verdict of a check on a record, as a worker asks for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from seedbed.core.attempt import Attempt, Context, Verdict
from seedbed.core.part import Check, Task
from seedbed.core.record import Record


async def nobody(_: Any) -> Any:
    raise AssertionError("these checks ask no model")


@dataclass(frozen=True)
class Judge:
    """Asks a check."""

    inputs: tuple[Record, ...] = ()

    def __call__(self, check: Check, record: Record | object, columns: Sequence[str] = ("text",)) -> Verdict:
        """The verdict on a record, or on one that has just this text."""
        whole = record if isinstance(record, Record) else Record({columns[0]: record})
        attempt = Attempt("run", 0, 0, 0, "2026-01-01T00:00:00+00:00", 0, {}, "m", inputs=self.inputs)
        found = asyncio.run(check.check(whole, Context(attempt, nobody), Task(columns=tuple(columns))))
        assert found.passed or (found.reason == check.kind and found.detail), "a reject says why"
        return found

    def of(self, *inputs: dict[str, Any]) -> Judge:
        """One whose attempts work on these inputs."""
        return Judge(tuple(Record(values) for values in inputs))


@pytest.fixture(scope="session")
def judge() -> Judge:
    """The verdict of a check on a record."""
    return Judge()


@pytest.fixture(scope="session")
def passes(judge: Judge) -> Callable[[Check, object], bool]:
    """Whether a check lets a text pass."""
    return lambda check, text: judge(check, text).passed
