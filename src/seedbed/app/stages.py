"""How far long work on data is, for whoever wants to know it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from typing import NamedTuple, TypeVar

T = TypeVar("T")

CHUNK = 1000
"""Records between two words about them, so that these cost a record nothing."""


class Stage(NamedTuple):
    """A part of the work: how many of its `items` are done, and of how many, if that is known."""

    name: str
    done: int = 0
    total: int | None = None
    items: str = "records"


Watch = Callable[[Stage], None]
"""Hears of stages as they begin and go on."""


def unwatched(_: Stage) -> None:
    """For work that nobody follows."""


def counted(records: Iterable[T], watch: Watch, name: str, total: int | None = None) -> Iterator[T]:
    """The records of a stage; `watch` hears how many there were, now and then."""
    return chain.from_iterable(_chunks(records, watch, Stage(name, 0, total)))


def _chunks(records: Iterable[T], watch: Watch, stage: Stage) -> Iterator[list[T]]:
    left = iter(records)
    watch(stage)
    while chunk := list(islice(left, CHUNK)):
        yield chunk
        stage = stage._replace(done=stage.done + len(chunk))
        watch(stage)
