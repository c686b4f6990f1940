"""The rows of a file as they are, for steps that add columns to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pydantic import model_validator

from seedbed.core.part import Name, Source
from seedbed.core.pool import EachPool, OncePool
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

    With `texts`, the columns that checks look at and compare, every row is a record with all its columns, also one that
    holds nothing, and what a check rejects is not tried again: so checks are applied to data that are there already.
    """

    kind: ClassVar[str] = "rows"
    varied: ClassVar[bool] = False
    unique: ClassVar[bool] = False
    texts: tuple[Name, ...] = ()

    @model_validator(mode="after")
    def _all_of_them(self) -> Self:
        for name in ("count", "items_per_call"):
            if name in self.model_fields_set:
                raise ValueError(f"{name}: does not go with rows; there is one record for each")
        return self

    def columns(self) -> list[str]:
        """See `Generator.columns`."""
        return list(self.keep) if self.texts else [self.column, *self.keep]

    def sources(self) -> list[Source]:
        """See `Generator.sources`."""
        return [Source("inputs", self.inputs)] if self.texts else super().sources()

    def own_identity(self) -> tuple[str, ...]:
        """See `Generator.own_identity`."""
        return self.texts or (self.column,)

    def target(self, inputs: Mapping[str, Sequence[Record]]) -> int:
        """See `Generator.target`."""
        return len(inputs.get("inputs", ()))

    def pool(self, inputs: Mapping[str, Sequence[Record]]) -> Pool | None:
        """See `Generator.pool`."""
        return OncePool(inputs.get("inputs", ())) if self.texts else EachPool(self.rows(inputs))

    async def generate(self, context: Context) -> Sequence[Outcome]:
        """See `Generator.generate`."""
        row = context.attempt.inputs[0]
        if self.texts:
            return [Record(dict(row.values), row.spans, origin={"parents": [row.id]})]
        return [Record({self.column: row.values[self.column], **self.kept(context.attempt)}, row.spans)]
