"""The rows of a file as they are, for steps that add columns to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pydantic import model_validator

from seedbed.core.pool import EachPool
from seedbed.core.record import Record

from .inputs import Over

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Self

    from seedbed.core.attempt import Context, Outcome
    from seedbed.core.pool import Pool


class Rows(Over):
    """One record for each row of `inputs`: its `column` and the columns to `keep`, with its spans. Asks no model: it
    is what steps that add columns begin with.
    """

    kind: ClassVar[str] = "rows"
    varied: ClassVar[bool] = False
    unique: ClassVar[bool] = False

    @model_validator(mode="after")
    def _all_of_them(self) -> Self:
        for name in ("count", "items_per_call"):
            if name in self.model_fields_set:
                raise ValueError(f"{name}: does not go with rows; there is one record for each")
        return self

    def columns(self) -> list[str]:
        """See `Generator.columns`."""
        return [self.column, *self.keep]

    def own_identity(self) -> tuple[str, ...]:
        """See `Generator.own_identity`."""
        return (self.column,)

    def target(self, inputs: Mapping[str, Sequence[Record]]) -> int:
        """See `Generator.target`."""
        return len(inputs.get("inputs", ()))

    def pool(self, inputs: Mapping[str, Sequence[Record]]) -> Pool | None:
        """See `Generator.pool`."""
        return EachPool(self.rows(inputs))

    async def generate(self, context: Context) -> Sequence[Outcome]:
        """See `Generator.generate`."""
        row = context.attempt.inputs[0]
        return [Record({self.column: row.values[self.column], **self.kept(context.attempt)}, row.spans)]
