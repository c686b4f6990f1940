"""Does the text hold personal data?"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import AfterValidator, Field, model_validator

from seedbed.core.attempt import PASSED, Verdict
from seedbed.core.errors import nearest

from .personal import NAMED, RECOGNIZERS, Found, joined, personal_data
from .text import TextCheck

if TYPE_CHECKING:
    from typing import Self

    from seedbed.core.attempt import Context
    from seedbed.core.part import Task
    from seedbed.core.record import Record

KNOWN = (*RECOGNIZERS, *NAMED)


def _known(entity: str) -> str:
    if entity not in KNOWN:
        raise ValueError(f"there is no kind of personal data `{entity}`. {nearest(entity, KNOWN)}")
    return entity


class Pii(TextCheck):
    """Fails texts with personal data: the patterns of Presidio, and with a spaCy `model` also names and places.

    `entities` says which kinds (EMAIL_ADDRESS, PHONE_NUMBER, CREDIT_CARD …, with a model PERSON, LOCATION,
    ORGANIZATION, NRP); `threshold` how sure it must be. Without `column` all columns the model writes are looked at.
    What was found is told by its kind, never by its value.
    """

    kind: ClassVar[str] = "pii"
    entities: Annotated[tuple[Annotated[str, AfterValidator(_known)], ...], Field(min_length=1)] | None = None
    threshold: Annotated[float, Field(gt=0, le=1)] = 0.5
    model: str | None = None

    @model_validator(mode="after")
    def _has_model(self) -> Self:
        unknown = [entity for entity in self.entities or () if entity in NAMED]
        if unknown and not self.model:
            raise ValueError(f"entities: {unknown[0]} needs a `model`, the name of an installed one of spaCy")
        return self

    async def check(self, record: Record, context: Context, task: Task) -> Verdict:
        """See `Check.check`."""
        scores: dict[str, float] = {}
        for text in self.texts(record, task):
            for one in personal_data(text, self.entities, self.threshold, self.model):
                scores[one.entity] = max(one.score, scores.get(one.entity, 0.0))
        if not scores:
            return PASSED
        return Verdict(False, self.kind, f"contains {', '.join(scores)}", max(scores.values()))


def masked(
    text: str, entities: tuple[str, ...] | None = None, threshold: float = 0.5, model: str | None = None
) -> tuple[str, Counter[str]]:
    """The text with `<EMAIL_ADDRESS>` and the like in place of personal data, and how often each kind was masked.

    A value that was found in one place is masked wherever it stands. Arguments as in `Pii`.
    """
    found = personal_data(text, entities, threshold, model)
    everywhere = {*found}
    for value, entity, score in {(text[one.start : one.end], one.entity, one.score) for one in found}:
        at = -1
        while (at := text.find(value, at + 1)) >= 0:
            everywhere.add(Found(at, at + len(value), entity, score))
    kept, end, counts = [], 0, Counter[str]()
    for one in joined(everywhere):
        kept += [text[end : one.start], f"<{one.entity}>"]
        end = one.end
        counts[one.entity] += 1
    return "".join([*kept, text[end:]]), counts
