"""Labels or spans for texts one already has, as predictions for a person to review."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import orjson
from pydantic import Field, model_validator

from seedbed.core.attempt import Failure, Rejected
from seedbed.core.pool import EachPool
from seedbed.core.record import Record
from seedbed.core.texts.phrases import located

from .cells import Described
from .inputs import OverInputs
from .schemas import entity_of
from .steer import listed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Self

    from seedbed.core.attempt import Attempt, Context, Outcome
    from seedbed.core.pool import Pool

CONFIDENCE = {"type": "number", "minimum": 0, "maximum": 1}


class Annotate(OverInputs):
    """One record for each row of `inputs`: its text with one of `labels`, or with the spans of `entities`.

    `per_call` texts go into one call. `confidence` is what the model says of itself (0–1), empty if it says nothing.
    An entity that does not stand in the text as the model spells it is told to it once (`not_located`).
    """

    kind: ClassVar[str] = "annotate"
    adds: ClassVar[bool] = True
    varied: ClassVar[bool] = False
    unique: ClassVar[bool] = False
    preferred: ClassVar[Mapping[str, Any]] = {"temperature": 0.0}
    reserved: ClassVar[frozenset[str]] = frozenset({"text", "label", "confidence"})
    labels: Described | None = None
    entities: Described | None = None
    per_call_: Annotated[int, Field(strict=True, ge=1, le=50, alias="per_call")] = 1

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.labels is None) == (self.entities is None):
            raise ValueError("labels: give either `labels` or `entities`")
        if self.axes or self.count is not None or self.per_input != 1:
            raise ValueError("per_input: every text gets one record; `axes`, `count`, `per_input` do not go with it")
        return self

    def per_call(self) -> int:
        """See `Generator.per_call`."""
        return max(self.per_call_, self.items_per_call)

    def pool(self, inputs: Mapping[str, Sequence[Record]]) -> Pool | None:
        """See `Generator.pool`."""
        return EachPool(self.rows(inputs), together=True)

    def columns(self) -> list[str]:
        """See `Generator.columns`."""
        return ["text", "label" if self.labels else "spans", *self.keep, "confidence"]

    def added_columns(self) -> list[str]:
        """See `Generator.added_columns`."""
        return [column for column in self.columns() if column != "text"]

    def fields(self) -> Mapping[str, Any]:
        """See `Asking.fields`."""
        if self.labels:
            return {"label": {"enum": list(self.labels)}, "confidence": CONFIDENCE}
        entity = entity_of(self.entities or {})
        return {"entities": {"type": "array", "items": entity, "maxItems": 100}, "confidence": CONFIDENCE}

    def item_fields(self, attempt: Attempt) -> Mapping[str, Any]:
        """See `Asking.item_fields`."""
        return self.fields() if attempt.n == 1 else {"number": {"type": "integer"}, **self.fields()}

    def shape(self, attempt: Attempt) -> str:
        """See `Asking.shape`."""
        name = next(iter(self.labels or self.entities or ("LABEL",)))
        what: dict[str, Any] = {"label": name} if self.labels else {"entities": [{"text": "…", "label": name}]}
        return orjson.dumps({**({"number": 1} if attempt.n > 1 else {}), **what, "confidence": 0.9}).decode()

    def variables(self, attempt: Attempt) -> dict[str, Any]:
        """See `Asking.variables`."""
        return {
            "labels": listed(self.labels),
            "entities": listed(self.entities),
            "texts": [self.source_text(attempt, slot) for slot in range(attempt.n)],
            "text": self.source_text(attempt),
        }

    def own_variables(self) -> tuple[str, ...]:
        """See `Asking.own_variables`."""
        return ("labels", "entities", "text")

    def arranged(self, items: list[dict[str, Any] | None], attempt: Attempt) -> list[dict[str, Any] | None]:
        """See `Asking.arranged`."""
        numbers = [item.get("number") if item else None for item in items]
        if attempt.n == 1 or not all(isinstance(number, int) and 1 <= number <= attempt.n for number in numbers):
            return items
        by_number = dict(zip(numbers, items, strict=True))
        return [by_number.get(slot + 1) for slot in range(attempt.n)]

    def record(self, item: dict[str, Any], slot: int, context: Context) -> Outcome:
        """See `Asking.record`."""
        text, kept = self.source_text(context.attempt, slot), self.kept(context.attempt, slot)
        said = item.get("confidence")
        sure = float(said) if isinstance(said, int | float) and 0 <= said <= 1 else None
        if self.labels:
            label = self._label(str(item.get("label")))
            if label is None:
                return Failure("unparseable", f"`{item.get('label')}` is none of the labels")
            return Record({"text": text, "label": label, **kept, "confidence": sure})
        entities = item.get("entities")
        if not isinstance(entities, list):
            return Failure("unparseable", "an item has no list of entities")
        pairs = [(str(one.get("text", "")), str(one.get("label"))) for one in entities if isinstance(one, dict)]
        spans, missing = located(text, [(name, label) for name, label in pairs if label in (self.entities or ())])
        record = Record({"text": text, **kept, "confidence": sure}, tuple(spans))
        if missing:
            return Rejected(record, "not_located", f"`{missing[0]}` does not stand in the text as it is listed")
        return record

    def retries(self, reason: str) -> bool:
        """See `Generator.retries`."""
        return reason == "not_located" or super().retries(reason)

    def _label(self, said: str) -> str | None:
        folded = {label.casefold(): label for label in self.labels or ()}
        return folded.get(said.strip().strip("\"'.").casefold())
