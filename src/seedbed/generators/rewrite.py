"""Given texts in other words: summaries, paraphrases, simplifications, translations, expansions, other styles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import Field, model_validator
from rapidfuzz.distance import LCSseq

from seedbed.core.attempt import Failure, Rejected
from seedbed.core.record import Record
from seedbed.core.tokens import tokens

from .inputs import OverInputs
from .schemas import TEXT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Self

    from seedbed.core.attempt import Attempt, Context, Outcome

ORDERS = {
    "summarise": "Summarise the text below in a few sentences, at most a third of its length.",
    "paraphrase": "Say the text below in other words, with the same meaning and about the same length.",
    "simplify": "Say the text below in plain words and short sentences that a child of twelve understands.",
    "translate": "Translate the text below into {to}.",
    "expand": "Write the text below out in more detail, about twice as long, without inventing facts.",
    "style": "Rewrite the text below in this style: {style}. Keep its meaning.",
}
BANDS: dict[str, tuple[float, float]] = {
    "summarise": (0.02, 0.75),
    "paraphrase": (0.05, 0.9),
    "simplify": (0.02, 0.95),
    "translate": (0.0, 0.8),
    "expand": (0.05, 0.9),
    "style": (0.02, 0.95),
}
"""How similar text and source may be at least and at most, from 0 to 1."""

Task = Literal["summarise", "paraphrase", "simplify", "translate", "expand", "style"]
Similarity = Annotated[float, Field(ge=0, le=1)]


class Rewrite(OverInputs):
    """Every row of `inputs` in other words: `task` is summarise, paraphrase, simplify, translate (`to` a language),
    expand or style (`style` in words).

    `similarity` is the band that the similarity of text and source must lie in: the longest common subsequence of
    their tokens over the longer of them (Lin: ROUGE, 2004, as a symmetric measure). What is nearly the source, or has
    nothing to do with it, is rejected (`too_similar`, `too_different`).
    """

    kind: ClassVar[str] = "rewrite"
    adds: ClassVar[bool] = True
    varied: ClassVar[bool] = False
    reserved: ClassVar[frozenset[str]] = frozenset({"source", "text"})
    task_: Annotated[Task, Field(alias="task")]
    to: str | None = None
    style: str | None = None
    similarity: tuple[Similarity, Similarity] | None = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        for task, field in (("translate", "to"), ("style", "style")):
            if self.task_ == task and not getattr(self, field):
                raise ValueError(f"{field}: is missing; `task: {task}` needs it")
        if self.similarity and self.similarity[0] > self.similarity[1]:
            raise ValueError("similarity: the band must go from the lower to the higher value")
        return self

    def columns(self) -> list[str]:
        """See `Generator.columns`."""
        return ["source", "text", *self.keep, *self.axes]

    def added_columns(self) -> list[str]:
        """See `Generator.added_columns`."""
        return [column for column in self.columns() if column != "source"]

    def fields(self) -> Mapping[str, Any]:
        """See `Asking.fields`."""
        return {"text": TEXT}

    def variables(self, attempt: Attempt) -> dict[str, Any]:
        """See `Asking.variables`."""
        return {
            "order": ORDERS[self.task_].format(to=self.to, style=self.style),
            "source": self.source_text(attempt),
            "to": self.to,
            "style": self.style,
        }

    def own_variables(self) -> tuple[str, ...]:
        """See `Asking.own_variables`."""
        return ("order", "source", "to", "style")

    def record(self, item: dict[str, Any], slot: int, context: Context) -> Outcome:
        """See `Asking.record`."""
        text, source = item.get("text"), self.source_text(context.attempt)
        if not isinstance(text, str) or not text.strip():
            return Failure("unparseable", "an item has no text")
        asked = {**self.kept(context.attempt), **self.asked(context.attempt.cell)}
        record = Record({"source": source, "text": text.strip(), **asked})
        low, high = self.similarity or BANDS[self.task_]
        found = LCSseq.normalized_similarity(tokens(source), tokens(text))
        record.origin["checks"] = {"similarity": round(found, 3)}
        if found > high:
            return Rejected(
                record, "too_similar", f"the text is too near to its source ({found:.2f}, {high:g} at most)"
            )
        if found < low:
            return Rejected(record, "too_different", f"the text has too little of its source ({found:.2f} of {low:g})")
        return record

    def retries(self, reason: str) -> bool:
        """See `Generator.retries`."""
        return reason in ("too_similar", "too_different") or super().retries(reason)
