"""What generators share that make records of given ones."""

from __future__ import annotations

from abc import ABC
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BeforeValidator, Field

from seedbed.core.errors import InputError
from seedbed.core.part import Name, Source, Whole
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


class OverInputs(Asking, ABC):
    """A generator that takes every row of some files in turn.

    `inputs` are the files, `column` is the one that is worked on. `per_input` records are made of each row, or `count`
    in all, shared evenly. `keep` names further columns of the rows that the records take over.
    """

    count: Whole | None = None  # type: ignore[assignment]  # how many there are follows from the inputs
    inputs: Files
    column: str = "text"
    per_input: Whole = 1
    keep: tuple[Name, ...] = ()

    def sources(self) -> list[Source]:
        """See `Generator.sources`."""
        return [Source("inputs", self.inputs, column=self.column)]

    def pool(self, inputs: Mapping[str, Sequence[Record]]) -> Pool | None:
        """See `Generator.pool`."""
        rows = inputs.get("inputs", ())
        missing = [name for name in self.keep if rows and name not in rows[0].values]
        if missing:
            hint = f"They have: {', '.join(rows[0].values)}."
            raise InputError(f"generator.keep: the inputs have no column `{missing[0]}`.", hint)
        return EachPool(rows, None if self.count else self.per_input)

    def target(self, inputs: Mapping[str, Sequence[Record]]) -> int:
        """See `Generator.target`."""
        return self.count or len(inputs.get("inputs", ())) * self.per_input

    def source_text(self, attempt: Attempt, slot: int = 0) -> str:
        """What a slot works on."""
        return flat_text(attempt.inputs[min(slot, len(attempt.inputs) - 1)].values.get(self.column))

    def kept(self, attempt: Attempt, slot: int = 0) -> dict[str, Any]:
        """What a slot's record takes over."""
        values = attempt.inputs[min(slot, len(attempt.inputs) - 1)].values
        return {name: values.get(name) for name in self.keep}
