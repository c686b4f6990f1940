"""What the stages of a recipe work on: each on its files, or on what an earlier stage brought."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from seedbed.core.pool import Drawn, EachPool
from seedbed.core.record import Record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seedbed.core.pool import Pool

    from .staged import Stage, Steps

Chunked = Callable[[Sequence[Record], int], Sequence[Record]]
"""(records that hold documents, characters of a chunk) → chunks."""


class StepPool:
    """The `Pool` port of several stages.

    What takes its inputs one by one (`EachPool`) begins with the first record of the stage before. What looks at all
    of them (related chunks, samples of seeds) begins when nothing more comes of that stage: see `settled`.
    """

    def __init__(self, steps: Steps, inputs: Mapping[str, Sequence[Record]], chunked: Chunked | None) -> None:
        self._steps = steps
        self._inputs = inputs
        self._chunked = chunked
        self._pools: dict[str, Pool | None] = {}
        self._waiting: dict[str, list[Record]] = {}
        for stage in steps.stages:
            if not stage.source:
                self._pools[stage.name] = stage.part.pool(stage.own(inputs))
            elif stage.field == "inputs":
                self._pools[stage.name] = self._built(stage, ())
            else:
                self._waiting[stage.name] = []

    def draw(self, cell: Mapping[str, str], n: int, seed: int) -> Drawn | None:
        """See `Pool.draw`."""
        name = self._steps.of_cell(cell).name
        if name in self._waiting:
            return None
        pool = self._pools[name]
        return pool.draw(cell, n, seed) if pool else Drawn((), n)

    def reopened(self, cell: Mapping[str, str], inputs: Sequence[Record], n: int) -> None:
        """See `Pool.reopened`."""
        if pool := self._of(cell):
            pool.reopened(cell, inputs, n)

    def ended(self, cell: Mapping[str, str], inputs: Sequence[Record], slot: int, state: str) -> None:
        """See `Pool.ended`."""
        if pool := self._of(cell):
            pool.ended(cell, inputs, slot, state)

    def admitted(self, record: Record) -> None:
        """See `Pool.admitted`."""
        stage = self._steps.of_record(record)
        if pool := self._pools.get(stage.name):
            pool.admitted(record)
        self._pass_on(stage, record)

    def restored(self, record: Record) -> None:
        """See `Pool.restored`: that there is a record of a stage says that the stage had begun."""
        stage = self._steps.of_record(record)
        self._begin(stage)
        if pool := self._pools[stage.name]:
            pool.restored(record)
        self._pass_on(stage, record)

    def find(self, cell: Mapping[str, str], name: str) -> Record | None:
        """See `Pool.find`; it is asked for attempts that were made, so their stage had begun."""
        self._begin(self._steps.of_cell(cell))
        pool = self._of(cell)
        return pool.find(cell, name) if pool else None

    def given_up(self) -> list[str]:
        """See `Pool.given_up`."""
        return [name for pool in self._pools.values() if pool for name in pool.given_up()]

    def settled(self) -> bool:
        """Nothing is under way: lets the next stage begin that waits for all records of the one before it, and says
        whether there was one."""
        for stage in self._steps.stages:
            if self._waiting.get(stage.name):
                self._begin(stage)
                return True
        return False

    def _of(self, cell: Mapping[str, str]) -> Pool | None:
        return self._pools[self._steps.of_cell(cell).name]

    def _begin(self, stage: Stage) -> None:
        if stage.name in self._waiting:
            self._pools[stage.name] = self._built(stage, self._waiting.pop(stage.name))

    def _built(self, stage: Stage, records: Sequence[Record]) -> Pool | None:
        if stage.field == "documents" and self._chunked:
            records = self._chunked(records, getattr(stage.part, "chunk_size", 0))
        return stage.part.pool({**stage.own(self._inputs), stage.field: records})

    def _pass_on(self, stage: Stage, record: Record) -> None:
        for other in self._steps.stages:
            if other.source != stage.name:
                continue
            pool = self._pools.get(other.name)
            if other.name in self._waiting:
                self._waiting[other.name].append(record)
            elif isinstance(pool, EachPool):
                pool.add(record)  # others have begun without it: they take it in when the run is taken up again
