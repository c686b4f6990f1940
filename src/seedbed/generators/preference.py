"""Pairs of a better and a worse answer to given prompts, for training on preferences.

Several answers of one model, compared by a judge, the best and the worst kept: Cui et al.: UltraFeedback, 2023 (best
and worst of several), Zheng et al.: Judging LLM-as-a-Judge with MT-Bench and Chatbot Arena, NeurIPS 2023 (every pair
is compared in both orders, and what depends on the order is a tie). More than two answers play everyone against
everyone, and wins count (Copeland's method). Otherwise than there: a comparison gives each answer a mark, so that the
difference of the marks is the pair's margin; the rejected answer is one that the chosen one beat itself.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field, model_validator

from seedbed.core.attempt import Failure, Rejected
from seedbed.core.items import parse_items
from seedbed.core.parsing import Unparseable
from seedbed.core.part import Name, Settings
from seedbed.core.prompts import render_prompt
from seedbed.core.record import Record, flat_text

from .answers import Reading, chat_of, to_records
from .asking import PACKAGE, seeded
from .calls import JUDGING, Calls
from .inputs import OverInputs
from .schemas import TEXT, object_of
from .tournament import Vote, decide

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Self

    from seedbed.core.attempt import Attempt, Context, Outcome
    from seedbed.core.chat import Completion
    from seedbed.core.pool import Pool

SPREAD = 0.5
"""How far the temperatures of the candidates lie apart, where none are given."""

USUAL = 1.0
"""The temperature most providers use where none is asked for."""

RUBRIC = "It does what the prompt asks, is correct and complete, says nothing beside the point, and is easy to follow."
LONGEST_REASON = 600
COLUMNS = ("prompt", "chosen", "rejected", "margin")


class Judge(Settings):
    """Who compares the answers: `model` (another than the recipe's, as `connection:model`), by which `rubric`, with
    marks from 1 to `scale`."""

    model: Name | None = None
    rubric: Name = RUBRIC
    scale: Annotated[int, Field(strict=True, ge=2, le=100)] = 10

    def fields(self) -> dict[str, Any]:
        """What a comparison holds: name → JSON Schema."""
        mark = {"type": "integer", "minimum": 1, "maximum": self.scale}
        return {"reason": {"type": "string", "maxLength": LONGEST_REASON}, "first": mark, "second": mark}


class Preference(OverInputs):
    """A chosen and a rejected answer for every prompt in `column` of `inputs`.

    `candidates` answers are written (2 to 8) at `temperatures`, one after the other; without them they lie evenly over
    half a point below the attempt's own. `judge` compares every two of them, with `both_orders` each pair twice: the
    better one must be so in both. `margin` (0 to 1) is the mean difference of the two answers' marks over the largest
    possible; a pair below `min_margin` is rejected (`small_margin`), as are equal candidates (`same_candidates`) and
    what has no winner (`tie`). Rows with the same prompt count as one.
    """

    kind: ClassVar[str] = "preference"
    adds: ClassVar[bool] = True
    varied: ClassVar[bool] = False
    reserved: ClassVar[frozenset[str]] = frozenset(COLUMNS)
    column: str = "prompt"
    candidates: Annotated[int, Field(strict=True, ge=2, le=8)] = 2
    temperatures: tuple[Annotated[float, Field(ge=0, le=2)], ...] = ()
    judge: Judge = Judge()
    both_orders: bool = True
    min_margin: Annotated[float, Field(ge=0, le=1)] = 0.0

    @model_validator(mode="after")
    def _fitting(self) -> Self:
        if len(self.temperatures) > self.candidates:
            raise ValueError(f"temperatures: there are more of them than candidates ({self.candidates})")
        if self.items_per_call != 1:
            raise ValueError("items_per_call: every candidate is a call of its own")
        taken = [name for name in self.keep if name in COLUMNS]
        if taken:
            raise ValueError(f"keep: `{taken[0]}` is a column of its own")
        return self

    def more_models(self) -> list[str]:
        """See `Generator.more_models`."""
        return [self.judge.model] if self.judge.model else []

    def columns(self) -> list[str]:
        """See `Generator.columns`."""
        return [*COLUMNS, *self.keep, *self.axes]

    def added_columns(self) -> list[str]:
        """See `Generator.added_columns`."""
        return [column for column in self.columns() if column != "prompt"]

    def own_identity(self) -> tuple[str, ...]:
        """See `Generator.own_identity`: the prompt, unless several pairs are wanted for one."""
        return ("prompt",) if self.per_input == 1 and self.count is None else ("prompt", "chosen", "rejected")

    def text_columns(self) -> tuple[str, ...]:
        """See `Generator.text_columns`."""
        return ("chosen", "rejected")

    def pool(self, inputs: Mapping[str, Sequence[Record]]) -> Pool | None:
        """See `Generator.pool`."""
        return super().pool({"inputs": self._prompts(inputs)})

    def target(self, inputs: Mapping[str, Sequence[Record]]) -> int:
        """See `Generator.target`."""
        return super().target({"inputs": self._prompts(inputs)})

    def fields(self) -> Mapping[str, Any]:
        """See `Asking.fields`."""
        return {"chosen": TEXT, "rejected": TEXT}

    def variables(self, attempt: Attempt) -> dict[str, Any]:
        """See `Asking.variables`."""
        return {"source": self.source_text(attempt)}

    def own_variables(self) -> tuple[str, ...]:
        """See `Asking.own_variables`."""
        return ("source",)

    def user_text(self, context: Context, examples: str) -> str:
        """See `Asking.user_text`: the prompt as it is, where nothing is to be said beside it."""
        attempt = context.attempt
        more = examples or attempt.previous or self.prompt is not None or self.asked(attempt.cell) or self.attributes
        return super().user_text(context, examples) if more else self.source_text(attempt)

    async def generate(self, context: Context) -> Sequence[Outcome]:
        """See `Generator.generate`: a call for every candidate and every vote."""
        calls = Calls(context)
        answers = await self._answers(context, calls)
        if isinstance(answers, Failure):
            return [answers]
        if len(answers) == 1:
            record = self.record({"chosen": answers[0], "rejected": answers[0]}, 0, context)
            return [Rejected(record, "same_candidates", "all candidates say the same")]
        votes = await self._votes(answers, context, calls)
        return [votes if isinstance(votes, Failure) else self._decided(answers, votes, context, calls)]

    def record(self, item: dict[str, Any], slot: int, context: Context) -> Record:
        """See `Asking.record`: an item is a pair that was compared."""
        prompt = self.source_text(context.attempt, slot)
        pair = {"prompt": prompt, "chosen": item["chosen"], "rejected": item["rejected"]}
        kept = {**self.kept(context.attempt, slot), **self.asked(context.attempt.cell)}
        return Record({**pair, "margin": item.get("margin", 0.0), **kept})

    def _prompts(self, inputs: Mapping[str, Sequence[Record]]) -> list[Record]:
        """The rows, one for each prompt: a second one would be written and judged before it is found to be known."""
        found: dict[str, Record] = {}
        for row in inputs.get("inputs", ()):
            found.setdefault(flat_text(row.values.get(self.column)).strip(), row)
        return list(found.values())

    async def _answers(self, context: Context, calls: Calls) -> list[str] | Failure:
        """The candidates that differ; one that did not come is left out as long as two others have."""
        messages = self.messages(context)
        found = [
            await calls.ask(f"candidate {i}", messages, _read, temperature=self._temperature(i, context.attempt))
            for i in range(self.candidates)
        ]
        texts = [one for one in found if isinstance(one, str)]
        if len(texts) < 2:
            return next(one for one in found if isinstance(one, Failure))
        return list({" ".join(text.split()): text for text in texts}.values())

    def _temperature(self, i: int, attempt: Attempt) -> float:
        """The temperature of a candidate: never above the attempt's own, which may be the provider's highest."""
        if self.temperatures:
            return self.temperatures[i % len(self.temperatures)]
        own = attempt.sampling.temperature
        highest = max(USUAL if own is None else own, SPREAD)
        return round(highest - SPREAD * i / (self.candidates - 1), 3)

    async def _votes(self, answers: Sequence[str], context: Context, calls: Calls) -> list[Vote] | Failure:
        """Every pair in both orders, or in one that is drawn: judges favour what they read first."""
        votes: list[Vote] = []
        for pair in combinations(range(len(answers)), 2):
            orders = [pair, pair[::-1]]
            if not self.both_orders:
                orders = [seeded(context.attempt, f"order {pair}").choice(orders)]
            for first, second in orders:
                vote = await self._vote((first, second), answers, context, calls)
                if isinstance(vote, Failure):
                    return vote
                votes.append(vote)
        return votes

    async def _vote(
        self, order: tuple[int, int], answers: Sequence[str], context: Context, calls: Calls
    ) -> Vote | Failure:
        first, second = order
        question = render_prompt(
            PACKAGE,
            "preference_judge",
            rubric=self.judge.rubric,
            scale=self.judge.scale,
            asked=self._system(context),
            prompt=self.source_text(context.attempt),
            first=answers[first],
            second=answers[second],
        )

        def read(completion: Completion) -> Vote | Failure:
            return self._read_vote(completion, order, calls)

        schema, changes = object_of(self.judge.fields()), {**JUDGING, "model": self.judge.model}
        return await calls.ask(f"vote {first} {second}", chat_of("", question), read, schema, **changes)

    def _read_vote(self, completion: Completion, order: tuple[int, int], calls: Calls) -> Vote | Failure:
        try:
            items = parse_items(completion.text, self.judge.fields())
        except Unparseable as error:
            return Failure("unparseable", str(error))
        calls.repaired = calls.repaired or not items.clean
        item = items.found[0] or {}
        first, second = (_number(item.get(name)) for name in ("first", "second"))
        if not (1 <= first <= self.judge.scale and 1 <= second <= self.judge.scale):
            return Failure("unparseable", f"a comparison has no two marks from 1 to {self.judge.scale}")
        return Vote(*order, first, second, str(item.get("reason") or "").strip()[:LONGEST_REASON])

    def _decided(self, answers: Sequence[str], votes: Sequence[Vote], context: Context, calls: Calls) -> Outcome:
        """The pair the votes make, or why they make none."""
        found = decide(votes, len(answers))
        if found is None:
            record = self.record({"chosen": answers[0], "rejected": answers[1]}, 0, context)
        else:
            margin = round(found.lead / (self.judge.scale - 1), 4)
            item = {"chosen": answers[found.best], "rejected": answers[found.worst], "margin": margin}
            record = self.record(item, 0, context)
        record.origin["votes"] = [vote._asdict() for vote in votes]
        if found is None:
            return Rejected(record, "tie", "no candidate is better than the others, whatever the order")
        if record["margin"] < self.min_margin:
            return Rejected(record, "small_margin", f"a margin of {record['margin']:g}, {self.min_margin:g} at least")
        return calls.mark(record)


def _read(completion: Completion) -> str | Failure:
    """A candidate's text, whatever its form."""
    outcome = to_records(completion, ["text"], {}, Reading(literal=True))[0]
    return outcome.text if isinstance(outcome, Record) else outcome


def _number(mark: Any) -> float:
    """A mark as a number, also one in quotes; zero, which no scale has, for everything else."""
    try:
        return float(mark) if isinstance(mark, int | float | str) and not isinstance(mark, bool) else 0.0
    except ValueError:
        return 0.0
