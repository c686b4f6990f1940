"""Questions, answers and the evidence they rest on, out of documents.

Kinds of questions as in synthesizers of test sets for retrieval (Es et al.: RAGAS: Automated Evaluation of Retrieval
Augmented Generation, 2023): simple, reasoning, multi-hop and comparison over two related chunks; and unanswerable ones
(Rajpurkar et al.: Know What You Don't Know: Unanswerable Questions for SQuAD, 2018).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, model_validator

from seedbed.core.apportion import as_fraction
from seedbed.core.attempt import Failure, Rejected
from seedbed.core.part import Name, Share, Source, Whole
from seedbed.core.prompts import render_prompt
from seedbed.core.quota import Axis
from seedbed.core.record import Record
from seedbed.core.related import RelatedPool

from .answers import chat_of, item_of, unusable
from .asking import PACKAGE, Asking, seeded
from .inputs import Files, as_names
from .schemas import TEXT, object_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Self

    from seedbed.core.attempt import Attempt, Context, Outcome
    from seedbed.core.pool import Pool

Kind = Literal["simple", "reasoning", "multi_hop", "comparison", "unanswerable"]

ORDERS: dict[str, str] = {
    "simple": "The answer stands in one place of the text.",
    "reasoning": "The answer stands in no one place: it follows from what the text says by reasoning or reckoning.",
    "multi_hop": "The answer needs a fact of the first text and one of the second; neither is enough.",
    "comparison": "The question compares what the first text says with what the second says.",
    "unanswerable": "It is about what the text is about and sounds as if the text answered it, but the text does not.",
}
PAIRED = ("multi_hop", "comparison")
NO_ANSWER = "The documents do not say."
KIND = "kind"

Names = Annotated[tuple[Name, ...], BeforeValidator(as_names)]


class RagQa(Asking):
    """Questions to `documents` (files, folders, patterns), with answers and evidence.

    `kinds` are weights of the kinds of questions. `per_chunk` of them are made of each chunk of `chunk_size`
    characters, or `count` in all, shared evenly over the chunks. `personas` and `styles` are drawn from. Evidence is
    quoted word for word, with the document and offsets; what does not stand there is rejected (`not_in_source`), as is
    an answer that a judge (`judge`: true, false or a model) finds not to follow from it (`not_grounded`).
    """

    kind: ClassVar[str] = "rag_qa"
    reserved: ClassVar[frozenset[str]] = frozenset({"question", "answer", KIND, "evidence", "contexts"})
    count: Whole | None = None  # type: ignore[assignment]  # or per_chunk
    documents: Files
    chunk_size: Annotated[int, Field(strict=True, ge=200, le=20_000)] = 1200
    per_chunk: Whole | None = None
    kinds: dict[Kind, Share] = {"simple": 2, "reasoning": 1, "multi_hop": 1, "comparison": 1, "unanswerable": 1}
    personas: Names = ()
    styles: Names = ()
    judge: bool | str = True
    no_answer: str = NO_ANSWER

    @model_validator(mode="after")
    def _how_many(self) -> Self:
        if (self.count is None) == (self.per_chunk is None):
            raise ValueError("count: give either `count` or `per_chunk`")
        if not any(self.kinds.values()):
            raise ValueError("kinds: all weights are zero")
        return self

    def more_models(self) -> list[str]:
        """See `Generator.more_models`."""
        return [self.judge] if isinstance(self.judge, str) else []

    def own_values(self) -> dict[str, list[str]]:
        """See `Celled.own_values`."""
        return {KIND: [kind for kind, weight in self.kinds.items() if weight]}

    def own_axes(self) -> list[Axis]:
        """See `Celled.own_axes`."""
        return [Axis.of(KIND, {kind: as_fraction(weight) for kind, weight in self.kinds.items() if weight})]

    def columns(self) -> list[str]:
        """See `Generator.columns`."""
        return ["question", "answer", KIND, "evidence", "contexts", *self.axes]

    def own_identity(self) -> tuple[str, ...]:
        """See `Generator.own_identity`."""
        return ("question",)

    def text_columns(self) -> tuple[str, ...]:
        """See `Generator.text_columns`."""
        return ("question", "answer")

    def sources(self) -> list[Source]:
        """See `Generator.sources`."""
        return [Source("documents", self.documents, "documents", chunk_size=self.chunk_size)]

    def pool(self, inputs: Mapping[str, Sequence[Record]]) -> Pool | None:
        """See `Generator.pool`."""
        return RelatedPool(inputs.get("documents", ()), lambda cell: cell.get(KIND) in PAIRED, self.per_chunk)

    def target(self, inputs: Mapping[str, Sequence[Record]]) -> int:
        """See `Generator.target`."""
        return self.count or len(inputs.get("documents", ())) * (self.per_chunk or 1)

    def fields(self) -> Mapping[str, Any]:
        """See `Asking.fields`."""
        return {"question": TEXT, "answer": TEXT, "quotes": {"type": "array", "items": TEXT, "maxItems": 8}}

    def item_fields(self, attempt: Attempt) -> Mapping[str, Any]:
        """See `Asking.item_fields`: what cannot be answered has no answer."""
        return {"question": TEXT} if attempt.cell[KIND] == "unanswerable" else self.fields()

    def shape(self, attempt: Attempt) -> str:
        """See `Asking.shape`."""
        if attempt.cell[KIND] == "unanswerable":
            return '{"question": "…"}'
        return '{"question": "…", "answer": "…", "quotes": ["…"]}'

    def variables(self, attempt: Attempt) -> dict[str, Any]:
        """See `Asking.variables`."""
        rng = seeded(attempt, "asked")
        return {
            "order": ORDERS[attempt.cell[KIND]],
            "kind": attempt.cell[KIND],
            "contexts": _contexts(attempt),
            "persona": rng.choice(self.personas) if self.personas else "",
            "style": rng.choice(self.styles) if self.styles else "",
            "source": "\n\n".join(_contexts(attempt)),
        }

    def own_variables(self) -> tuple[str, ...]:
        """See `Asking.own_variables`."""
        return ("order", "persona", "style", "source")

    async def generate(self, context: Context) -> Sequence[Outcome]:
        """See `Generator.generate`: the questions in one call, then a judge's word on each."""
        outcomes = await super().generate(context)
        if not self.judge:
            return outcomes
        return [await self._judged(one, context) if isinstance(one, Record) else one for one in outcomes]

    def record(self, item: dict[str, Any], slot: int, context: Context) -> Outcome:
        """See `Asking.record`."""
        del slot
        attempt = context.attempt
        question, answer = (str(item.get(name) or "").strip() for name in ("question", "answer"))
        unanswerable = attempt.cell[KIND] == "unanswerable"
        if not question or not (answer or unanswerable):
            return Failure("unparseable", "an item has no question or no answer")
        quotes = item.get("quotes") if not unanswerable else []
        if not isinstance(quotes, list):
            return Failure("unparseable", "an item has no list of quotes")
        evidence = [(quote, find_quote(str(quote), attempt.inputs)) for quote in quotes if str(quote).strip()]
        found = [place for _, place in evidence if place]
        values: dict[str, Any] = {"question": question, "answer": self.no_answer if unanswerable else answer}
        values |= {KIND: attempt.cell[KIND], "evidence": found, "contexts": _contexts(attempt)}
        record = Record({**values, **self.asked(attempt.cell)})
        missing = [quote for quote, place in evidence if place is None]
        if missing:
            return Rejected(record, "not_in_source", f"the quote {str(missing[0])[:80]!r} does not stand in the text")
        if not found and not unanswerable:
            return Rejected(record, "not_in_source", "the answer quotes nothing")
        if attempt.cell[KIND] in PAIRED and len({(one["document"], _which(one, attempt)) for one in found}) < 2:
            return Rejected(record, "one_source", "the answer rests on one of the two texts only")
        return record

    def retries(self, reason: str) -> bool:
        """See `Generator.retries`."""
        return reason == "not_in_source" or super().retries(reason)

    async def _judged(self, record: Record, context: Context) -> Outcome:
        """Is the answer grounded in the text; is what is to have no answer really without one?"""
        unanswerable = record.values[KIND] == "unanswerable"
        text = render_prompt(
            PACKAGE,
            "rag_qa_judge",
            contexts=record.values["contexts"],
            question=record.values["question"],
            answer="" if unanswerable else record.values["answer"],
        )
        schema = object_of({"grounded": {"type": "boolean"}, "reason": {"type": "string", "maxLength": 500}})
        can = context.attempt.capabilities.json_schema
        model = self.judge if isinstance(self.judge, str) else None
        completion = await context.chat(chat_of("", text), schema if can else None, model=model, temperature=0.0)
        failure = unusable(completion)
        if failure:
            return failure
        said = item_of(completion, ["grounded", "reason"])
        if isinstance(said, Failure):
            return Failure(said.reason, f"the judge: {said.detail}")
        if str(said.get("grounded")).strip().lower() in ("true", "yes"):
            return record
        return Rejected(record, "not_grounded", str(said.get("reason") or "the judge says no")[:300])


def find_quote(quote: str, inputs: Sequence[Record]) -> dict[str, Any] | None:
    """Where a quote stands in one of some chunks, as it stands there.

    White space, the kind of quotation marks and dashes, and a stop that ends the quote where the text goes on may
    differ from how it was quoted; words may not.
    """
    for words in dict.fromkeys((quote.strip().strip('"“”').strip(), quote.strip(_AROUND))):
        found = _found(words.split(), inputs) if words else None
        if found:
            return found
    return None


def _found(words: Sequence[str], inputs: Sequence[Record]) -> dict[str, Any] | None:
    pattern = re.compile(r"\s+".join(_ALIKE.sub(_any_alike, re.escape(word)) for word in words))
    for chunk in inputs:
        found = pattern.search(str(chunk.values["text"]))
        if found:
            start = int(chunk.values["start"]) + found.start()
            end = int(chunk.values["start"]) + found.end()
            return {"document": chunk.values["document"], "start": start, "end": end, "quote": found[0]}
    return None


_AROUND = ' \t\r\n"“”.,;:!?…'
_KINDS = ("'’‘", '"“”„', "-–—")
_ALIKE = re.compile(r"\\?[" + "".join(re.escape(kind) for kind in _KINDS) + "]")


def _any_alike(sign: re.Match[str]) -> str:
    """Whatever kind of quotation mark or dash it is."""
    kind = next(kind for kind in _KINDS if sign[0][-1] in kind)
    return f"[{re.escape(kind)}]"


def _which(place: Mapping[str, Any], attempt: Attempt) -> int:
    """Which of the attempt's chunks an evidence lies in."""
    for i, chunk in enumerate(attempt.inputs):
        values = chunk.values
        if values["document"] == place["document"] and values["start"] <= place["start"] < values["end"]:
            return i
    return -1


def _contexts(attempt: Attempt) -> list[str]:
    return [str(record.values["text"]) for record in attempt.inputs]
