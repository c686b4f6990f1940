"""What happens in a store, for those who look on: what ended in a run, which runs changed, where people reviewed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Ended:
    """How a slot of a run ended.

    `number` grows with every one in the store, `place` is its attempt and slot, `cell` the key of its cell, `at` the
    time in seconds since 1970.
    """

    number: int
    id: str
    place: tuple[int, int]
    state: str
    reason: str
    detail: str
    cell: str
    model: str
    values: dict[str, Any]
    at: float


@dataclass(frozen=True, slots=True)
class RunMark:
    """What is different in a run whenever something about it has changed."""

    id: str
    dataset: str
    state: str
    control: str
    seconds: float
    updated: str
    message: str


class Watching(Protocol):
    """Looks at what is in the store; all methods block, and none keeps a writer waiting."""

    def ended(
        self, run: str, *, states: Sequence[str] = (), before: tuple[int, int] | None = None, limit: int = 50
    ) -> list[Ended]:
        """The latest slots of a run that ended in one of the states (all if none), before a place if given."""
        ...

    def since(self, run: str, number: int, *, states: Sequence[str], limit: int) -> list[Ended]:
        """The latest of those that ended after the one of that number, in their order."""
        ...

    def last(self) -> int:
        """The number of the slot of any run that ended last; 0 if there is none."""
        ...

    def pace(self, run: str, seconds: float) -> tuple[int, float]:
        """How many of a run's latest slots were accepted, and the seconds since the first of them ended; what is older
        than so many seconds does not count."""
        ...

    def marks(self, since: str) -> list[RunMark]:
        """The runs that are said to be running, and those that were changed at that time or later."""
        ...

    def states(self) -> dict[str, int]:
        """How many runs there are of each state."""
        ...

    def unended(self, option: str) -> list[tuple[str, str]]:
        """The runs of recipes that are said to be running or were interrupted and whose option of that name is set, the
        oldest first: each with its state."""
        ...

    def reviewed(self, number: int) -> tuple[int, list[str]]:
        """The number of the last change that people made to records, and the datasets changed after that number."""
        ...

    def with_option(self, option: str, key: str) -> str | None:
        """The latest run whose option of that name, a mapping, has that key."""
        ...
