"""From a handful of seed instructions to many new ones with answers.

Wang et al.: Self-Instruct: Aligning Language Models with Self-Generated Instructions, ACL 2023. As there: eight tasks
are shown, two of them made by the model; a new instruction counts only if its ROUGE-L to all so far is below 0.7;
instructions about pictures and the like, too short or too long ones are left out; instances of classification tasks
are made output-first, so that the labels come out balanced. Otherwise than there: that a task is to be one of
classification is asked for beforehand, so that its share is exact, and not found out afterwards; replies are JSON.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field

from seedbed.core.attempt import Failure, Rejected
from seedbed.core.errors import InputError
from seedbed.core.part import Source
from seedbed.core.prompts import render_prompt
from seedbed.core.quota import Axis
from seedbed.core.record import Record
from seedbed.core.statistics.bootstrap import BootstrapPool
from seedbed.core.tokens import tokens

from .answers import chat_of, item_of, unusable
from .asking import PACKAGE, Asking
from .cells import yes_no
from .inputs import Files
from .schemas import MOST_CHARACTERS, TEXT, object_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seedbed.core.attempt import Attempt, Context, Outcome
    from seedbed.core.pool import Pool

LEAST_SEEDS = 5
SHOWN_SEEDS = 6
SHOWN_MADE = 2
LEAST_WORDS = 4
MOST_WORDS = 150
CLASSIFICATION = "classification"

_OUT_OF_REACH = re.compile(
    r"\b(?:images?|graphs?|pictures?|files?|maps?|draw|plot|go to|videos?|audios?|music|flowcharts?|diagrams?)\b", re.I
)
"""Words of tasks that a language model cannot carry out: the paper's list."""


class SelfInstruct(Asking):
    """New instructions with an input and an output, bootstrapped from `seeds` (files of five or more instructions).

    `classification_share` is how many of them ask to choose among fixed labels. What resembles an earlier instruction
    (ROUGE-L of 0.7 or more) is a duplicate.
    """

    kind: ClassVar[str] = "self_instruct"
    rouge: ClassVar[float | None] = 0.7
    varied: ClassVar[bool] = False
    reserved: ClassVar[frozenset[str]] = frozenset({"instruction", "input", "output", CLASSIFICATION})
    seeds: Files
    classification_share: Annotated[float, Field(ge=0, le=1)] = 0.25

    def own_values(self) -> dict[str, list[str]]:
        """See `Celled.own_values`."""
        return {CLASSIFICATION: ["yes", "no"]}

    def own_axes(self) -> list[Axis]:
        """See `Celled.own_axes`."""
        return [Axis.of(CLASSIFICATION, yes_no(self.classification_share))]

    def asked(self, cell: dict[str, str]) -> dict[str, str]:
        """See `Celled.asked`."""
        return {axis: value for axis, value in super().asked(cell).items() if axis != CLASSIFICATION}

    def columns(self) -> list[str]:
        """See `Generator.columns`."""
        return ["instruction", "input", "output", *self.axes]

    def own_identity(self) -> tuple[str, ...]:
        """See `Generator.own_identity`."""
        return ("instruction",)

    def text_columns(self) -> tuple[str, ...]:
        """See `Generator.text_columns`."""
        return ("instruction", "input", "output")

    def sources(self) -> list[Source]:
        """See `Generator.sources`."""
        return [Source("seeds", self.seeds, column="instruction")]

    def known(self, inputs: Mapping[str, Sequence[Record]]) -> Sequence[Record]:
        """See `Generator.known`: new instructions must differ from the seeds, too."""
        return inputs.get("seeds", ())

    def pool(self, inputs: Mapping[str, Sequence[Record]]) -> Pool | None:
        """See `Generator.pool`."""
        seeds = inputs.get("seeds", ())
        if len(seeds) < LEAST_SEEDS:
            raise InputError(
                f"generator.seeds: {len(seeds)} seeds are too few; {LEAST_SEEDS} or more are needed.",
                "Give more records as seeds.",
            )
        return BootstrapPool(seeds, SHOWN_SEEDS, SHOWN_MADE)

    def fields(self) -> Mapping[str, Any]:
        """See `Asking.fields`."""
        return {"instruction": TEXT}

    def variables(self, attempt: Attempt) -> dict[str, Any]:
        """See `Asking.variables`."""
        shown = [str(record.values.get("instruction")) for record in attempt.inputs]
        return {
            "tasks": "\n".join(f"{i}. {text}" for i, text in enumerate(shown, start=1)),
            "classification": attempt.cell.get(CLASSIFICATION) == "yes",
        }

    def own_variables(self) -> tuple[str, ...]:
        """See `Asking.own_variables`."""
        return ("tasks",)

    async def generate(self, context: Context) -> Sequence[Outcome]:
        """See `Generator.generate`: the instructions in one call, then an instance of each."""
        outcomes = await super().generate(context)
        return [await self._with_instance(one, context) if isinstance(one, Record) else one for one in outcomes]

    def record(self, item: dict[str, Any], slot: int, context: Context) -> Outcome:
        """See `Asking.record`: the paper's filters."""
        del slot
        text = item.get("instruction")
        if not isinstance(text, str) or not text.strip():
            return Failure("unparseable", "an item has no instruction")
        text = text.strip()
        record = Record({"instruction": text, "input": "", "output": "", **self.asked(context.attempt.cell)})
        # Tasks that were shown are no parents: with eight of them for each record all would be of one family.
        record.origin |= {"parents": [], "shown": [task.id for task in context.attempt.inputs]}
        words = len(tokens(text))
        if not LEAST_WORDS <= words <= MOST_WORDS:
            return Rejected(record, "length", f"{words} words")
        reach = _OUT_OF_REACH.search(text)
        if reach or text.lower().startswith("write a program"):
            return Rejected(record, "out_of_reach", f"{reach[0] if reach else 'a program'!r} is beyond text alone")
        if not text[0].isalnum():
            return Rejected(record, "form", "begins with a punctuation mark")
        return record

    async def _with_instance(self, record: Record, context: Context) -> Outcome:
        """The record with an input and an output; for classification the output comes first."""
        fields = ["input", "output"]
        is_classification = context.attempt.cell.get(CLASSIFICATION) == "yes"
        ordered = fields[::-1] if is_classification else fields
        text = render_prompt(
            PACKAGE, "self_instruct_instance", task=record.values["instruction"], classification=is_classification
        )
        schema = None
        if context.attempt.capabilities.json_schema:
            schema = object_of({name: {"type": "string", "maxLength": MOST_CHARACTERS} for name in ordered})
        completion = await context.chat(chat_of("", text), schema)
        found = unusable(completion) or item_of(completion, fields)
        if isinstance(found, Failure):
            return found
        given = {name: str(found.get(name) or "").strip() for name in fields}
        if not given["output"]:
            return Failure("unparseable", "the example has no output")
        record.values.update(given)
        if given["input"] and given["input"] == given["output"]:
            return Rejected(record, "form", "input and output are the same")
        return record
