"""Passes over the parts of a dataset that are followed, and what a process makes once for all parts it is given."""

from __future__ import annotations

from dataclasses import dataclass
from secrets import token_hex
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from ..stages import Stage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from seedbed.executors.blocks import Passes, Work
    from seedbed.formats.parquet_parts import Part

T = TypeVar("T")

_made: dict[str, Any] = {}


class Item(NamedTuple):
    """A part, and what is said of it in a pass."""

    part: Part
    said: Any = None


@dataclass(frozen=True, slots=True)
class Following:
    """Passes over parts; how far they are is told to whoever asks."""

    passes: Passes

    def over(self, stage: str, work: Work, items: Iterable[Item], given: Any = None) -> Iterator[Any]:
        """What is told of each part, once for each, in their order."""
        waiting, done = list(items), 0
        total = sum(item.part.rows for item in waiting)
        self.passes.stage = Stage(stage, 0, total)
        told = self.passes.over(work, waiting, given)
        for item, one in zip(waiting, told, strict=True):
            done += item.part.rows
            self.passes.stage = Stage(stage, done, total)
            yield one


def token() -> str:
    """A name for what `once` makes."""
    return token_hex(8)


def once(name: str, make: Callable[[], T]) -> T:
    """What this process made under that name, or makes now; what it made before under another is forgotten."""
    if name not in _made:
        _made.clear()
        _made[name] = make()
    found: T = _made[name]
    return found
