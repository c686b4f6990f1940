"""What parts have in common: settings that are data, a name, and the contract of each kind of part."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from .quota import apportion
from .record import flat_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .attempt import Context, Outcome, Verdict
    from .pool import Pool
    from .quota import Axis, Quota
    from .record import Record


def _as_name(value: Any) -> Any:
    """A label written as 1 or 2.5 in YAML is the text "1" or "2.5"."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return value.strip() if isinstance(value, str) else value


def shaped(pattern: str, words: str) -> AfterValidator:
    """The whole text must match the pattern; `words` say what it must be and never show what it is."""

    def check(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError(words)
        return text

    return AfterValidator(check)


GIST = 400
"""Characters of a record that a model is shown to differ from."""

Name = Annotated[str, BeforeValidator(_as_name), Field(min_length=1)]
"""A label, category or other axis value: a text that is not empty; numbers are read as text."""

Whole = Annotated[int, Field(strict=True, ge=1, le=10**12)]
Positive = Annotated[float, Field(strict=True, gt=0, allow_inf_nan=False)]
Share = Annotated[float, Field(strict=True, ge=0, allow_inf_nan=False)]


class Settings(BaseModel):
    """Frozen settings; an unknown field is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


@dataclass(frozen=True, slots=True)
class Task:
    """What a generator lets checks know.

    `labels` maps label → description; `examples` are the texts of the few-shot examples and `example_labels` their
    labels, in the same order. `columns` hold what the model writes, the main one first.
    """

    instruction: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    examples: tuple[str, ...] = ()
    example_labels: tuple[str, ...] = ()
    columns: tuple[str, ...] = ("text",)


@dataclass(frozen=True, slots=True)
class Source:
    """Files a generator works on: `field` names them, `kind` says whether rows or documents are read from them.

    `column` is one that rows must have; `chunk_size` is of documents, in characters. `path` is where the field stands
    in the recipe, if not in its `generator`.
    """

    field: str
    names: tuple[str, ...]
    kind: Literal["rows", "documents"] = "rows"
    column: str = ""
    chunk_size: int = 0
    path: tuple[str | int, ...] = ()


@dataclass(frozen=True, slots=True)
class Sequenced:
    """A column that counts accepted records: `start`, `start + step` …, put into `form` ("INV-{n:05d}") if given."""

    start: int = 1
    step: int = 1
    form: str = ""

    def value(self, n: int) -> int | str:
        """The value of the accepted record number `n`, counted from zero."""
        number = self.start + n * self.step
        return self.form.format(n=number) if self.form else number


class Part(Settings):
    """Settings of one kind of part; `kind` is its name in a recipe."""

    kind: ClassVar[str] = ""


class Generator(Part, ABC):
    """A way of making records: settings, and one pure method that asks for the records of an attempt.

    `count` is how many accepted records are wanted in all. `unique_by` names the columns that make two records the
    same; each kind says which those are where nothing is given. `items_per_call` is how many records one call asks for.
    A kind is `varied` if prompts are to differ from each other, and `unique` if no two of its records may be the same;
    `rouge` is the ROUGE-L from which on they are, where that is its measure. `preferred` is sampling that suits it,
    where the recipe is silent. A kind that `adds` can add its columns to records of a step before.
    `reserved` are names of columns that are its own.
    """

    adds: ClassVar[bool] = False
    reserved: ClassVar[frozenset[str]] = frozenset()
    varied: ClassVar[bool] = True
    unique: ClassVar[bool] = True
    rouge: ClassVar[float | None] = None
    preferred: ClassVar[Mapping[str, Any]] = {}
    count: Whole
    unique_by: Annotated[tuple[str, ...], Field(min_length=1)] | None = None
    items_per_call: Annotated[int, Field(strict=True, ge=1, le=100)] = 1

    def quota_axes(self) -> list[Axis]:
        """The axes whose crossing makes the cells; none means one cell."""
        return []

    def cell_values(self, record: Record) -> Mapping[str, Any]:
        """A record's values by axis: its columns, and what else tells the cell it belongs to."""
        return record.values

    def retries(self, reason: str) -> bool:
        """Whether what was wrong is told to the model in one more attempt, for this reason of a rejection."""
        del reason
        return False

    def more_models(self) -> list[str]:
        """Models it asks beside the recipe's own."""
        return []

    def per_call(self) -> int:
        """How many records one call asks for at most."""
        return self.items_per_call

    def identity(self) -> tuple[str, ...]:
        """The columns that make two records the same: `unique_by`, or the kind's own."""
        return self.unique_by or self.own_identity()

    def own_identity(self) -> tuple[str, ...]:
        """The columns that make two records of this kind the same."""
        return ("text",)

    def text_columns(self) -> tuple[str, ...]:
        """The columns that hold what a model wrote, the main one first: what checks look at."""
        return self.own_identity()

    def gist(self, record: Record) -> str:
        """A record in few words, as it is shown to a model that is to write something else."""
        return flat_text([record.values.get(column) for column in self.own_identity()])[:GIST]

    def cells(self, count: int, axes: Sequence[Axis]) -> Quota:
        """How many records each crossing of the axes (its own, and the model's if that is one) is to hold."""
        return apportion(count, axes)

    def columns(self) -> list[str]:
        """The columns of its records, in the order they are written."""
        return ["text"]

    def added_columns(self) -> list[str]:
        """Those of them that a record it works on does not have yet."""
        return self.columns()

    def task(self) -> Task:
        """What checks may know of it."""
        return Task()

    def sources(self) -> list[Source]:
        """What it works on, by the fields that name it."""
        return []

    def pool(self, inputs: Mapping[str, Sequence[Record]]) -> Pool | None:
        """Chooses the inputs of its attempts out of what was read from its sources; None where it needs none.

        Raises:
            InputError: what was read cannot be used.
        """
        return None

    def known(self, inputs: Mapping[str, Sequence[Record]]) -> Sequence[Record]:
        """Which of its inputs its records must differ from."""
        del inputs
        return ()

    def target(self, inputs: Mapping[str, Sequence[Record]]) -> int:
        """How many accepted records are wanted in all."""
        return self.count

    def quota(self, inputs: Mapping[str, Sequence[Record]], axes: Sequence[Axis]) -> Quota:
        """All its cells.

        Raises:
            InputError: the inputs cannot be used.
        """
        return self.cells(self.target(inputs), axes)

    def numbered(self) -> Mapping[str, Sequenced]:
        """Columns that count the accepted records."""
        return {}

    @abstractmethod
    async def generate(self, context: Context) -> Sequence[Outcome]:
        """Asks for the attempt's `n` records; exactly `n` outcomes come back.

        Raises:
            ProviderError: the model did not answer; the engine decides what that means.
        """


class Check(Part, ABC):
    """May this record stay? Stateless; `asks` says whether it asks a model (such checks come last).

    `mode` is what becomes of a record that does not pass: `reject` (it is asked for again), `flag` (it stays, tagged
    with the check's kind) or `score` (it stays; the score and what was found stand in its origin, as with the others).
    """

    asks: ClassVar[bool] = False
    mode: Literal["reject", "flag", "score"] = "reject"

    def more_models(self) -> list[str]:
        """Models it asks beside the recipe's own."""
        model = getattr(self, "model", None)
        return [model] if self.asks and model else []

    @abstractmethod
    async def check(self, record: Record, context: Context, task: Task) -> Verdict:
        """The verdict on one record."""
