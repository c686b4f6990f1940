"""Given instructions made harder or rarer, step by step.

Xu et al.: WizardLM: Empowering Large Language Models to Follow Complex Instructions, 2023 (Evol-Instruct). As there:
five operations that deepen an instruction and one that broadens the field; a step is eliminated if a model finds that
it gained nothing (`no_gain`), if the answer to it says "sorry" in fewer than 80 words (`unanswerable`) or is nothing
but punctuation and stop words (`empty_answer`), and if it repeats words of the prompt that asked for it
(`copied_prompt`). Otherwise than there: an attempt takes one seed through all its steps, and an eliminated step ends
it (there the instruction goes back into the pool for the next round); operations have weights; instructions that are
not kept are not answered, so that `unanswerable` and `empty_answer` look at kept ones only; the forms of data come
without worked examples; whether a step gained nothing is asked as whether one answer would do for both; replies are
JSON.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, get_args

from pydantic import BeforeValidator, Field, model_validator

from seedbed.core.attempt import Context, Failure, Rejected
from seedbed.core.parsing import unwrapped
from seedbed.core.part import Share, Source
from seedbed.core.pool import EachPool
from seedbed.core.record import Record, flat_text
from seedbed.core.run import REPAIRED

from .answers import PLACEHOLDERS, chat_of
from .asking import Asking, seeded
from .calls import Calls
from .cells import weighted
from .elimination import flaw_of_answer, flaw_of_instruction, flaw_of_step
from .inputs import Files
from .schemas import MOST_CHARACTERS, TEXT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Self

    from seedbed.core.attempt import Attempt, Outcome
    from seedbed.core.chat import Completion
    from seedbed.core.pool import Pool

Operation = Literal["constraints", "deepen", "concretise", "reasoning", "complicate_input", "breadth"]
OPERATION = "operation"
METHODS: dict[str, str] = {
    "constraints": "add one more constraint or requirement to it, a definite one.",
    "deepen": "where it asks about something, let it ask deeper and about more sides of it.",
    "concretise": "put something more specific in the place of what it says in general.",
    "reasoning": "where a simple thought is enough for it, change it so that it takes several steps of reasoning.",
    "complicate_input": "add data that it is carried out on, written out in full as {data}, and let it ask about them.",
    "breadth": "write a new one that it inspires: of the same field, but about something rarer.",
}
DATA = (
    "a table",
    "JSON",
    "XML",
    "a listing of code",
    "an SQL schema with some rows",
    "an excerpt of a log",
    "shell commands and what they print",
)
"""Forms of data an instruction may come with."""


class EvolInstruct(Asking):
    """Instructions with their answers, each evolved `depth` times from one of `seeds` (files of rows with an
    `instruction`; an `input` is put behind it).

    `operations` are the kinds of step with their weights: constraints, deepen, concretise, reasoning,
    complicate_input, breadth; one that is not named is not used. `keep: final` makes a record of the last instruction
    of every chain; its operation is an axis, so that shares are exact. `keep: all` makes one of every depth reached;
    the operations of one attempt differ there, so each is drawn by weight. `answers: false` leaves `output` away, and
    with it the two eliminations that look at it.
    """

    kind: ClassVar[str] = "evol_instruct"
    reserved: ClassVar[frozenset[str]] = frozenset({"instruction", "output", "depth", OPERATION})
    seeds: Files
    depth: Annotated[int, Field(strict=True, ge=1, le=20)] = 3
    operations: Annotated[dict[Operation, Share], BeforeValidator(weighted), Field(min_length=1)] = dict.fromkeys(
        get_args(Operation), 1.0
    )
    keep: Literal["final", "all"] = "final"
    answers: bool = True

    @model_validator(mode="after")
    def _fitting(self) -> Self:
        if not any(self.operations.values()):
            raise ValueError("operations: all weights are zero")
        if self.items_per_call != 1:
            raise ValueError("items_per_call: every instruction takes calls of its own")
        return self

    def own_values(self) -> dict[str, list[str]]:
        """See `Celled.own_values`: the last operation, where the last instruction is what is kept."""
        used: list[str] = [name for name, weight in self.operations.items() if weight]
        return {OPERATION: used} if self.keep == "final" else {}

    def own_weights(self) -> Mapping[str, Mapping[str, float]]:
        """See `Celled.own_weights`."""
        return {OPERATION: {name: weight for name, weight in self.operations.items() if weight}}

    def asked(self, cell: dict[str, str]) -> dict[str, str]:
        """See `Celled.asked`: the operation is no property of the instruction to be written."""
        return {axis: value for axis, value in super().asked(cell).items() if axis != OPERATION}

    def per_call(self) -> int:
        """See `Generator.per_call`."""
        return self.depth if self.keep == "all" else 1

    def columns(self) -> list[str]:
        """See `Generator.columns`."""
        return [*self.text_columns(), "depth", OPERATION, *self.axes]

    def own_identity(self) -> tuple[str, ...]:
        """See `Generator.own_identity`."""
        return ("instruction",)

    def text_columns(self) -> tuple[str, ...]:
        """See `Generator.text_columns`."""
        return ("instruction", "output") if self.answers else ("instruction",)

    def sources(self) -> list[Source]:
        """See `Generator.sources`."""
        return [Source("seeds", self.seeds, column="instruction")]

    def pool(self, inputs: Mapping[str, Sequence[Record]]) -> Pool | None:
        """See `Generator.pool`."""
        return EachPool(inputs.get("seeds", ()), None)

    def fields(self) -> Mapping[str, Any]:
        """See `Asking.fields`."""
        return {"instruction": TEXT}

    def variables(self, attempt: Attempt) -> dict[str, Any]:
        """See `Asking.variables`; the attempt is one of a single step."""
        given = attempt.inputs[0].values
        data = seeded(attempt, "data").choice(DATA)
        return {
            "given": given["instruction"],
            OPERATION: given[OPERATION],
            "method": METHODS[given[OPERATION]].format(data=data),
            "vary": "",
        }

    def own_variables(self) -> tuple[str, ...]:
        """See `Asking.own_variables`."""
        return ("given", OPERATION, "method")

    async def generate(self, context: Context) -> Sequence[Outcome]:
        """See `Generator.generate`: a call for every step, every comparison and every answer."""
        attempt, calls = context.attempt, Calls(context)
        lineage = [{"depth": 0, OPERATION: "seed", "instruction": _seed(attempt.inputs[0])}]
        operations = self._operations(attempt)
        outcomes: list[Outcome] = []
        for depth, operation in enumerate(operations, start=1):
            last = depth == len(operations)
            outcome = await self._evolved(_step(context, lineage, operation, last=last), calls)
            if not isinstance(outcome, Failure):
                lineage = _longer(lineage, outcome)
            kept = last or self.keep == "all"
            if kept and isinstance(outcome, Record):
                outcome = await self._answered(outcome, calls)
            if kept or not isinstance(outcome, Record):
                outcomes.append(outcome)
            if not isinstance(outcome, Record):
                break
        return outcomes

    def record(self, item: dict[str, Any], slot: int, context: Context) -> Outcome:
        """See `Asking.record`: what one step made, not answered yet."""
        del slot
        text = item.get("instruction")
        if not isinstance(text, str) or text.strip(". ") in PLACEHOLDERS or len(text) > MOST_CHARACTERS:
            return Failure("unparseable", "the reply has no instruction that could be used")
        given = context.attempt.inputs[0].values
        output = {"output": ""} if self.answers else {}
        made = {"instruction": text.strip(), **output, "depth": given["depth"], OPERATION: given[OPERATION]}
        return Record({**made, **self.asked(context.attempt.cell)})

    def _operations(self, attempt: Attempt) -> list[str]:
        """The operations of the attempt's steps, in order; the cell says which the last one is, if it says it."""
        n = attempt.n if self.keep == "all" else self.depth
        rng = seeded(attempt, "operations")
        drawn = rng.choices(list(self.operations), list(self.operations.values()), k=n)
        return [*drawn[:-1], attempt.cell.get(OPERATION, drawn[-1])]

    async def _evolved(self, step: Context, calls: Calls) -> Outcome:
        """One step, and whether it counts."""
        given, depth = step.attempt.inputs[0]["instruction"], step.attempt.inputs[0]["depth"]
        schema = self.reply_schema(step.attempt)
        outcome: Outcome = await calls.ask(
            f"step {depth}", self.messages(step), lambda completion: self.read(completion, step)[0], schema
        )
        if not isinstance(outcome, Record):
            return outcome
        calls.repaired = calls.repaired or REPAIRED in outcome.origin
        evolved = outcome["instruction"]
        flaw = flaw_of_instruction(given, evolved) or await flaw_of_step(given, evolved, calls, depth)
        if isinstance(flaw, Failure):
            return flaw
        return Rejected(outcome, *flaw) if flaw else outcome

    async def _answered(self, record: Record, calls: Calls) -> Outcome:
        """The record with its output, unless that shows that it cannot be answered."""
        if self.answers:
            answer = await calls.ask(f"answer {record['depth']}", chat_of("", record["instruction"]), _read_answer)
            if isinstance(answer, Failure):
                return answer
            record.values["output"] = answer
            flaw = flaw_of_answer(answer)
            if flaw:
                return Rejected(record, *flaw)
        return calls.mark(record)


def _seed(record: Record) -> str:
    """The instruction of a seed, with its input behind it."""
    texts = (flat_text(record.values.get(name)).strip() for name in ("instruction", "input"))
    return "\n".join(filter(None, texts))


def _step(context: Context, lineage: Sequence[Mapping[str, Any]], operation: str, *, last: bool) -> Context:
    """A step as an attempt of its own, which works on the instruction before it.

    Only the last one hears what it is to differ from, and what was wrong with an earlier attempt.
    """
    attempt, depth = context.attempt, len(lineage)
    given = Record({"instruction": lineage[-1]["instruction"], "depth": depth, OPERATION: operation})
    seed = seeded(attempt, f"step {depth}").getrandbits(63)
    if not last:
        attempt = replace(attempt, recent=(), previous=None)
    return Context(replace(attempt, n=1, seed=seed, inputs=(given,)), context.ask)


def _longer(lineage: list[dict[str, Any]], outcome: Record | Rejected) -> list[dict[str, Any]]:
    """The lineage with one step more; the record of the step keeps it."""
    record = outcome if isinstance(outcome, Record) else outcome.record
    longer = [*lineage, {name: record[name] for name in ("depth", OPERATION, "instruction")}]
    record.origin["lineage"] = longer
    return longer


def _read_answer(completion: Completion) -> str:
    return unwrapped(completion.text, literal=True)
