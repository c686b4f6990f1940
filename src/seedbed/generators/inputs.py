"""What generators share that make records of given ones."""

from __future__ import annotations

from abc import ABC
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BeforeValidator, Field

from seedbed.core.errors import InputError
from seedbed.core.part import Generator, Name, Source, Whole
from seedbed.core.pool import EachPool
from seedbed.core.record import flat_text

from .asking import Asking

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seedbed.core.attempt import Attempt
    from seedbed.core.pool import Pool
    from seedbed.core.record import Record


def as_names(value: Any) -> Any:
    """One name, or a list of them."""
    return (value,) if isinstance(value, str) else value


Files = Annotated[tuple[Name, ...], BeforeValidator(as_names), Field(min_length=1)]
"""A file, or several."""


class Over(Generator, ABC):
    """A generator that takes every row of some files, or every record of a step, in turn.

    `inputs` are the files, or the name of the step; `column` is the one that is worked on. `keep` names further columns
    that the records take over; of a step's records all are kept if it is not given.
    """

    count: Whole | None = None  # type: ignore[assignment]  # how many there are follows from the inputs
    inputs: Files
    column: str = "text"
    keep: tuple[Name, ...] = ()

    def sources(self) -> list[Source]:
        """See `Generator.sources`."""
        return [Source("inputs", self.inputs, column=self.column)]

    def rows(self, inputs: Mapping[str, Sequence[Record]]) -> Sequence[Record]:
        """The rows, each with the columns that are to be kept.

        Raises:
            InputError: they lack one.
        """
        rows = inputs.get("inputs", ())
        missing = [name for name in self.keep if rows and name not in rows[0].values]
        if missing:
            hint = f"They have: {', '.join(rows[0].values)}."
            raise InputError(f"generator.keep: the inputs have no column `{missing[0]}`.", hint)
        return rows

    def kept(self, attempt: Attempt, slot: int = 0) -> dict[str, Any]:
        """What a slot's record takes over."""
        values = attempt.inputs[min(slot, len(attempt.inputs) - 1)].values
        return {name: values.get(name) for name in self.keep}


class OverInputs(Over, Asking, ABC):
    """One that asks a model: `per_input` records are made of each row, or `count` in all, shared evenly."""

    per_input: Whole = 1

    def pool(self, inputs: Mapping[str, Sequence[Record]]) -> Pool | None:
        """See `Generator.pool`."""
        return EachPool(self.rows(inputs), None if self.count else self.per_input)

    def target(self, inputs: Mapping[str, Sequence[Record]]) -> int:
        """See `Generator.target`."""
        return self.count or len(inputs.get("inputs", ())) * self.per_input

    def source_text(self, attempt: Attempt, slot: int = 0) -> str:
        """What a slot works on."""
        return flat_text(attempt.inputs[min(slot, len(attempt.inputs) - 1)].values.get(self.column))
