"""Pairs of a document and the data in it, made from either side."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

import orjson
from pydantic import BeforeValidator, Field, model_validator

from seedbed.core.attempt import Failure, Rejected
from seedbed.core.parsing import unwrapped
from seedbed.core.part import Name, Sequenced, Source, Whole
from seedbed.core.pool import EachPool
from seedbed.core.prompts import render_prompt
from seedbed.core.record import Record
from seedbed.core.schema import fitted
from seedbed.core.texts.leaves import unstated

from .answers import chat_of, unusable
from .asking import PACKAGE, seeded
from .inputs import as_names
from .structured import EDGE, Structured

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Self

    from seedbed.core.attempt import Attempt, Context, Outcome
    from seedbed.core.pool import Pool

WHOLE = 20_000
"""Characters: documents up to this length are taken whole, longer ones in pieces."""

UNSTATED = "not_in_text"


class Extraction(Structured):
    """Documents with the data they state. `direction: document_to_data` extracts what `schema` asks for from
    `documents`; a value that does not stand in its document is flagged: the record gets the tag `not_in_text`, its
    origin names the fields. `data_to_document` makes data as `structured` does and has a document written (in one of
    `styles`) that states every value; one that does not is rejected (`not_stated`) and asked for once more.
    """

    kind: ClassVar[str] = "extraction"
    adds: ClassVar[bool] = False
    reserved: ClassVar[frozenset[str]] = frozenset({"document", "data", EDGE})
    count: Whole | None = None  # type: ignore[assignment]  # with documents it follows from them
    direction: Literal["document_to_data", "data_to_document"]
    documents: Annotated[tuple[Name, ...], BeforeValidator(as_names)] = ()
    styles: Annotated[tuple[Name, ...], BeforeValidator(as_names)] = ()
    chunk_size: Annotated[int, Field(strict=True, ge=200, le=100_000)] = WHOLE

    @model_validator(mode="after")
    def _directed(self) -> Self:
        if self._reads != bool(self.documents):
            problem = "is needed to extract from" if self._reads else "does not go with data_to_document"
            raise ValueError(f"documents: {problem}")
        if not self._reads and self.count is None:
            raise ValueError("count: is missing")
        if self._reads and (self.samplers or self.rules or self.edge_cases or self.items_per_call > 1):
            raise ValueError("samplers: samplers, rules, edge_cases, items_per_call go with data_to_document only")
        return self

    @property
    def _reads(self) -> bool:
        return self.direction == "document_to_data"

    def columns(self) -> list[str]:
        """See `Generator.columns`."""
        return ["document", "data", *self.axes, *([EDGE] if self.edge_cases else [])]

    def own_identity(self) -> tuple[str, ...]:
        """See `Generator.own_identity`."""
        return ("document",)

    def text_columns(self) -> tuple[str, ...]:
        """See `Generator.text_columns`."""
        return ("document",)

    def numbered(self) -> Mapping[str, Sequenced]:
        """See `Generator.numbered`: nothing, since a document states its number before it is accepted."""
        return {}

    def sources(self) -> list[Source]:
        """See `Generator.sources`."""
        if not self._reads:
            return []
        return [Source("documents", self.documents, "documents", chunk_size=self.chunk_size)]

    def pool(self, inputs: Mapping[str, Sequence[Record]]) -> Pool | None:
        """See `Generator.pool`."""
        return EachPool(inputs.get("documents", ()), None if self.count else 1) if self._reads else None

    def target(self, inputs: Mapping[str, Sequence[Record]]) -> int:
        """See `Generator.target`."""
        return self.count or len(inputs.get("documents", ()))

    def gist(self, record: Record) -> str:
        """See `Generator.gist`."""
        return orjson.dumps(record.values.get("data"), default=str).decode()[:200]

    def variables(self, attempt: Attempt) -> dict[str, Any]:
        """See `Asking.variables`."""
        document = str(attempt.inputs[0].values["text"]) if attempt.inputs else ""
        return {**super().variables(attempt), "document": document}

    def own_variables(self) -> tuple[str, ...]:
        """See `Asking.own_variables`."""
        return (*super().own_variables(), "document")

    async def generate(self, context: Context) -> Sequence[Outcome]:
        """See `Generator.generate`."""
        outcomes = await super().generate(context)
        if self._reads:
            return outcomes
        return [
            await self._documented(one, slot, context) if isinstance(one, Record) else one
            for slot, one in enumerate(outcomes)
        ]

    def record(self, item: dict[str, Any], slot: int, context: Context) -> Outcome:
        """See `Asking.record`: the data, checked against the schema; then document and data."""
        made = super().record(item, slot, context)
        if isinstance(made, Failure):
            return made
        own = made.record if isinstance(made, Rejected) else made
        fields = self.schema_["properties"]
        data = fitted({name: value for name, value in own.values.items() if name in fields}, self.schema_)
        rest = {name: value for name, value in own.values.items() if name not in fields}
        document = str(context.attempt.inputs[0].values["text"]) if self._reads else ""
        record = Record({"document": document, "data": data, **rest})
        if isinstance(made, Rejected):
            return Rejected(record, made.reason, made.detail)
        missing = unstated(data, document) if self._reads else []
        if missing:
            record.tags = (UNSTATED,)
            record.origin["checks"] = {UNSTATED: ", ".join(missing)}
        return record

    def feedback(self, attempt: Attempt) -> str:
        """See `Asking.feedback`: the answer was the data."""
        if attempt.previous is not None and isinstance(data := attempt.previous.values.get("data"), dict):
            attempt = replace(attempt, previous=replace(attempt.previous, values=data))
        return super().feedback(attempt)

    def retries(self, reason: str) -> bool:
        """See `Generator.retries`."""
        return reason in ("json_schema", "not_stated") or super().retries(reason)

    async def _documented(self, record: Record, slot: int, context: Context) -> Outcome:
        """The record with a document that states its data."""
        attempt = context.attempt
        text = render_prompt(
            PACKAGE,
            "extraction_document",
            style=seeded(attempt, f"style {slot}").choice(self.styles) if self.styles else "",
            instruction=self.instruction,
            data=orjson.dumps(record.values["data"], option=orjson.OPT_INDENT_2).decode(),
            cell=self.cell_list(self.asked(attempt.cell) | self.draw(context)),
            previous=attempt.previous.detail if attempt.previous else "",
        )
        completion = await context.chat(chat_of("", text))
        failure = unusable(completion)
        document = unwrapped(completion.text, literal=True).strip()
        if failure or not document:
            return failure or Failure("unparseable", "the document is empty")
        record.values["document"] = document
        missing = unstated(record.values["data"], document)
        if missing:
            return Rejected(record, "not_stated", f"the document does not state {', '.join(missing[:5])}")
        return record
