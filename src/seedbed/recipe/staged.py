"""Several steps as one generator: each stage has cells of its own, and works on what the stage before brought."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import model_validator

from seedbed.core.attempt import STEP, Context, Rejected
from seedbed.core.fields import FieldError
from seedbed.core.part import Generator, Source, Whole
from seedbed.core.ports import ByMeaning
from seedbed.core.quota import Cell, Quota, cell_key
from seedbed.core.record import PASSED_ON, Record

from .step_pool import StepPool
from .steps import WORKS_ON, Step, columns_after

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Self

    from seedbed.core.attempt import Attempt, Outcome, Verdict
    from seedbed.core.fields import FieldPath
    from seedbed.core.part import Sequenced, Task
    from seedbed.core.pool import Pool
    from seedbed.core.ports import Novelty
    from seedbed.core.quota import Axis
    from seedbed.core.vectors import Meaning

    from .step_pool import Chunked


@dataclass(frozen=True)
class Stage:
    """A step that makes records, with those behind it that add columns to them. `place` is its number in the recipe,
    `source` the name of the step whose records it works on, if it does, and `field` the field that says so."""

    maker: Step
    additions: tuple[Step, ...]
    place: int
    columns: list[str]
    field: str = ""
    source: str = ""

    @property
    def name(self) -> str:
        return self.maker.name

    @property
    def part(self) -> Generator:
        return self.maker.part

    @property
    def path(self) -> FieldPath:
        """Where its generator stands in the recipe."""
        return ("steps", self.place, "generator")

    def own(self, inputs: Mapping[str, Sequence[Record]]) -> dict[str, Sequence[Record]]:
        """What was read from its files, by field."""
        before = f"{self.place}/"
        return {name.removeprefix(before): rows for name, rows in inputs.items() if name.startswith(before)}


class Steps(Generator):
    """The generator of a recipe with `steps`: asks as the stage asks whose cell an attempt is for."""

    kind: ClassVar[str] = "steps"
    count: Whole | None = None  # type: ignore[assignment]  # each step has its own
    steps: tuple[Step, ...]

    @model_validator(mode="after")
    def _free_axis(self) -> Self:
        for stage in self.stages if self.several else ():
            if STEP in [*stage.columns, *(axis.name for axis in stage.part.quota_axes())]:
                problem = f"a column `{STEP}` does not go with several steps, whose names have that place"
                raise FieldError(stage.path, problem, "Give it another name.")
        return self

    @cached_property
    def stages(self) -> list[Stage]:
        """The steps that make records."""
        return list(_stages(self.steps))

    @property
    def several(self) -> bool:
        """Whether there is more than one stage: `step` is an axis then."""
        return len(self.stages) > 1

    @property
    def last(self) -> Stage:
        """The stage whose records are the dataset."""
        return self.stages[-1]

    def of_cell(self, cell: Mapping[str, Any]) -> Stage:
        """The stage a cell belongs to."""
        return self._by_name[cell[STEP]] if self.several else self.last

    def of_name(self, name: str) -> Generator:
        """The generator of the stage of that name."""
        return self._by_name[name].part

    def of_record(self, record: Record) -> Stage:
        """The stage a record came from; one from elsewhere is as those of the last."""
        return self._by_name.get(record.origin.get(STEP, ""), self.last)

    @cached_property
    def _by_name(self) -> dict[str, Stage]:
        return {stage.name: stage for stage in self.stages}

    @cached_property
    def _axes(self) -> dict[str, list[str]]:
        return {stage.name: [axis.name for axis in stage.part.quota_axes()] for stage in self.stages}

    @property
    def ratios(self) -> Mapping[str, Mapping[str, float]]:
        """Those of the last stage; the axis `model` is for recipes of one stage."""
        found: Mapping[str, Mapping[str, float]] = getattr(self.last.part, "ratios", {})
        return found

    def quota_axes(self) -> list[Axis]:
        """See `Generator.quota_axes`: the last stage's."""
        return self.last.part.quota_axes()

    def quota(self, inputs: Mapping[str, Sequence[Record]], axes: Sequence[Axis]) -> Quota:
        """See `Generator.quota`: the cells of all stages, told apart by the axis `step`."""
        if not self.several:
            return self.last.part.quota(self.last.own(inputs), axes)
        found: dict[str, Quota] = {}
        for stage in self.stages:
            expected = {stage.field: [_UNMADE] * found[stage.source].wanted} if stage.source else {}
            found[stage.name] = stage.part.quota({**stage.own(inputs), **expected}, stage.part.quota_axes())
        return _merged(found)

    def columns(self) -> list[str]:
        """See `Generator.columns`: of the records of the dataset."""
        return self.last.columns

    def own_identity(self) -> tuple[str, ...]:
        """See `Generator.own_identity`."""
        return self.last.part.identity()

    def text_columns(self) -> tuple[str, ...]:
        """See `Generator.text_columns`."""
        return self.last.part.text_columns()

    def task(self) -> Task:
        """See `Generator.task`."""
        return self.last.part.task()

    def gist(self, record: Record) -> str:
        """See `Generator.gist`."""
        return self.of_record(record).part.gist(record)

    def cell_values(self, record: Record) -> Mapping[str, Any]:
        """See `Generator.cell_values`."""
        stage = self.of_record(record)
        values = stage.part.cell_values(record)
        if not self.several:
            return values
        own = {axis: values[axis] for axis in self._axes[stage.name] if axis in values}
        others = {axis: None for axes in self._axes.values() for axis in axes if axis not in self._axes[stage.name]}
        return {STEP: stage.name, **own, **others}

    def retries(self, reason: str) -> bool:
        """See `Generator.retries`."""
        return any(stage.part.retries(reason) for stage in self.stages)

    def more_models(self) -> list[str]:
        """See `Generator.more_models`."""
        named = [name for step in self.steps for name in [*(step.model or ()), *step.part.more_models()]]
        return list(dict.fromkeys(named))

    def sources(self) -> list[Source]:
        """See `Generator.sources`: files of all stages; not what comes from a step."""
        return [
            replace(source, field=f"{stage.place}/{source.field}", path=(*stage.path, source.field))
            for stage in self.stages
            for source in stage.part.sources()
            if source.field != stage.field
        ]

    def known(self, inputs: Mapping[str, Sequence[Record]]) -> Sequence[Record]:
        """See `Generator.known`."""
        return self.last.part.known(self.last.own(inputs))

    def pool(self, inputs: Mapping[str, Sequence[Record]], chunked: Chunked | None = None) -> Pool | None:
        """See `Generator.pool`; `chunked` makes documents' chunks of records."""
        if not self.several:
            return self.last.part.pool(self.last.own(inputs))
        return StepPool(self, inputs, chunked)

    async def generate(self, context: Context) -> Sequence[Outcome]:
        """See `Generator.generate`."""
        attempt = context.attempt
        stage = self.of_cell(attempt.cell)
        found = await stage.part.generate(Context(_of_stage(attempt), context.ask) if self.several else context)
        for outcome in found:
            record = outcome.record if isinstance(outcome, Rejected) else outcome
            if isinstance(record, Record):
                record.origin[STEP] = stage.name
                if stage is not self.last:
                    record.origin[PASSED_ON] = True
        return found

    def numbered_by_step(self) -> Mapping[str, Mapping[str, Sequenced]]:
        """The columns that count accepted records, by step."""
        return {stage.name if self.several else "": stage.part.numbered() for stage in self.stages}


_UNMADE = Record({})
"""Stands for a record that an earlier step will have made."""


def _of_stage(attempt: Attempt) -> Attempt:
    return replace(attempt, cell={axis: value for axis, value in attempt.cell.items() if axis != STEP})


def _stages(steps: Sequence[Step]) -> list[Stage]:
    found: list[Stage] = []
    for place, step in enumerate(steps):
        if step.add:
            continue
        end = next((i for i in range(place + 1, len(steps)) if steps[i].generator), len(steps))
        known = {stage.name for stage in found}
        named = [(field, name) for field in WORKS_ON for name in getattr(step.part, field, ())]
        field, source = next((pair for pair in named if pair[1] in known), ("", ""))
        columns = columns_after(steps, place)
        found.append(Stage(step, tuple(steps[place + 1 : end]), place, columns, field, source))
    return found


def _merged(quotas: Mapping[str, Quota]) -> Quota:
    axes = list(dict.fromkeys(axis for quota in quotas.values() for axis in quota.axes))
    cells = []
    for name, quota in quotas.items():
        for cell in quota.cells:
            own = dict(zip(quota.axes, cell.values, strict=True))
            values = (name, *(own.get(axis) for axis in axes))
            cells.append(Cell(values, cell.wanted, cell_key(values), cell.unit))
    return Quota((STEP, *axes), cells, max(quota.deviation for quota in quotas.values()), stepwise=True)


class ByStep:
    """The `Novelty` port for several steps: records are compared with those of their own step.

    Args:
        steps: says which step a record is of.
        parts: the novelty of each step.
    """

    def __init__(self, steps: Steps, parts: Mapping[str, Novelty]) -> None:
        self._steps = steps
        self.parts = parts

    def features(self, record: Record) -> tuple[str, Any]:
        """See `Novelty.features`: with the step's name."""
        name = self._steps.of_record(record).name
        return name, self.parts[name].features(record)

    def meanings(self, features: tuple[str, Any]) -> Sequence[Meaning]:
        """See `ByMeaning.meanings`."""
        part = self.parts[features[0]]
        return part.meanings(features[1]) if isinstance(part, ByMeaning) else ()

    def peek(self, record: Record, features: tuple[str, Any]) -> Verdict:
        """See `Novelty.peek`."""
        return self.parts[features[0]].peek(record, features[1])

    def remember(self, record: Record, features: tuple[str, Any]) -> None:
        """See `Novelty.remember`."""
        self.parts[features[0]].remember(record, features[1])
