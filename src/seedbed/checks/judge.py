"""Checks that ask a model: marks by a rubric, and whether a statement is grounded in its source.

Marks by a model with a stated reason before the mark: Zheng et al., Judging LLM-as-a-Judge with MT-Bench and Chatbot
Arena, 2023; several votes and their mean: Wang et al., Self-Consistency Improves Chain of Thought Reasoning, 2023.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field, model_validator

from seedbed.core.attempt import Verdict
from seedbed.core.chat import Message
from seedbed.core.items import parse_items
from seedbed.core.parsing import Unparseable
from seedbed.core.part import Check
from seedbed.core.prompts import render_prompt
from seedbed.core.record import flat_text

if TYPE_CHECKING:
    from typing import Self

    from seedbed.core.attempt import Context
    from seedbed.core.part import Task
    from seedbed.core.record import Record

PACKAGE = "seedbed.checks"
LONGEST_REASON = 600

RUBRICS = {
    "qa": "The question is clear and worth asking; the answer is right, complete and answers just that question.",
    "reasoning": "Each step follows from those before it, nothing is made up, and the conclusion is right.",
    "dialogue": "The turns fit each other, both speak as people do, and the conversation gets somewhere.",
    "summary": "It says what matters in the source, in few words, and nothing that the source does not say.",
    "instruction": "The instruction is clear and can be carried out; the output carries it out, whole and well.",
}
"""Presets: name → rubric."""


class Judged(Check):
    """What the checks share that ask a model of their own, or the one that wrote."""

    asks: ClassVar[bool] = True
    model: str | None = None

    async def answer(
        self, text: str, fields: dict[str, Any], context: Context, **changes: Any
    ) -> dict[str, Any] | None:
        """The model's JSON answer, None if there is none to be read."""
        schema = None
        if self.model or context.attempt.capabilities.json_schema:
            schema = {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}
        question = (Message(role="user", content=text),)
        changes = {"temperature": 0.0, "top_p": None, "stop": (), **changes}
        completion = await context.chat(question, schema, model=self.model, **changes)
        if completion.finish_reason != "stop":
            return None
        try:
            return parse_items(completion.text, fields).found[0]
        except Unparseable:
            return None


class Judge(Judged):
    """A model's mark by a rubric, from 1 to `scale`; below `threshold` the record does not pass.

    `rubric` is a text, or the name of a preset (qa, reasoning, dialogue, summary, instruction). `votes` are asked for
    one by one and their mean counts. `column` restricts what is shown; else all columns the record has. The score and
    the reason stand in the record's origin.
    """

    kind: ClassVar[str] = "judge"
    rubric: Annotated[str, Field(min_length=1)]
    scale: Annotated[int, Field(strict=True, ge=2, le=100)] = 5
    threshold: Annotated[float, Field(ge=1)] = 3.0
    votes: Annotated[int, Field(strict=True, ge=1, le=9)] = 1
    column: str | None = None

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        if self.threshold > self.scale:
            raise ValueError(f"threshold: cannot be reached on a scale from 1 to {self.scale}")
        return self

    async def check(self, record: Record, context: Context, task: Task) -> Verdict:
        """See `Check.check`."""
        marks: list[float] = []
        reason = ""
        for vote in range(self.votes):
            said = await self._vote(record, context, task, vote)
            if said is not None:
                marks.append(said[0])
                reason = reason or said[1]
        if not marks:
            return Verdict(False, self.kind, "the judge's answer could not be read")
        score = sum(marks) / len(marks)
        return Verdict(score >= self.threshold, self.kind, reason, round(score, 3))

    async def _vote(self, record: Record, context: Context, task: Task, vote: int) -> tuple[float, str] | None:
        values = record.values if self.column is None else {self.column: record.values.get(self.column)}
        text = render_prompt(
            PACKAGE,
            "judge",
            rubric=RUBRICS.get(self.rubric, self.rubric),
            instruction=task.instruction,
            fields=[(name, flat_text(value)) for name, value in values.items() if name != "model"],
            scale=self.scale,
        )
        fields = {
            "reason": {"type": "string", "maxLength": LONGEST_REASON},
            "score": {"type": "integer", "minimum": 1, "maximum": self.scale},
        }
        changes = {"temperature": 0.7, "seed": (context.attempt.seed + vote) % 2**31} if self.votes > 1 else {}
        said = await self.answer(text, fields, context, **changes)
        mark = _number(said.get("score")) if said else None
        if said is None or mark is None or not 1 <= mark <= self.scale:
            return None
        return mark, str(said.get("reason") or "")[:LONGEST_REASON]


class Grounded(Judged):
    """Does an answer rest on its evidence? A model is asked; what is not grounded does not pass.

    `column` is what is asked about (`answer`, else the main text), `source` the column it must rest on (`contexts`,
    else `evidence`, `document`, `source`, or what the attempt worked on).
    """

    kind: ClassVar[str] = "grounded"
    column: str | None = None
    source: str | None = None

    async def check(self, record: Record, context: Context, task: Task) -> Verdict:
        """See `Check.check`."""
        column = self.column or ("answer" if "answer" in record.values else task.columns[0])
        text = render_prompt(
            PACKAGE,
            "grounded",
            source=self._source(record, context),
            question=flat_text(record.values.get("question")),
            statement=flat_text(record.values.get(column)),
        )
        fields = {"grounded": {"type": "boolean"}, "reason": {"type": "string", "maxLength": LONGEST_REASON}}
        said = await self.answer(text, fields, context)
        if said is None:
            return Verdict(False, self.kind, "the judge's answer could not be read")
        grounded = str(said.get("grounded")).strip().lower() in ("true", "yes")
        return Verdict(grounded, self.kind, str(said.get("reason") or "")[:LONGEST_REASON], float(grounded))

    def _source(self, record: Record, context: Context) -> str:
        names = (self.source,) if self.source else ("contexts", "evidence", "document", "source")
        found = next((flat_text(record.values[name]) for name in names if name and record.values.get(name)), "")
        return found or "\n\n".join(flat_text(parent.values.get("text")) for parent in context.attempt.inputs)


def _number(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None
