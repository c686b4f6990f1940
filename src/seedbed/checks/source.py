"""Is the text copied from what it was made from?"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from seedbed.core.attempt import PASSED, Verdict
from seedbed.core.record import flat_text
from seedbed.core.tokens import tokens

from .text import TextCheck

if TYPE_CHECKING:
    from seedbed.core.attempt import Context
    from seedbed.core.part import Task
    from seedbed.core.record import Record

SHOWN = 12


class CopiedSource(TextCheck):
    """Fails texts that repeat `ngram` tokens in a row of any column of the attempt's inputs.

    With `max_share` that many of the text's own n-grams may stand there (0.3: three of ten). The score is their share.
    Without `column` all columns the model writes are looked at; without inputs nothing is copied.
    """

    kind: ClassVar[str] = "copied_source"
    ngram: Annotated[int, Field(ge=3)] = 12
    max_share: Annotated[float, Field(ge=0, lt=1)] | None = None

    async def check(self, record: Record, context: Context, task: Task) -> Verdict:
        """See `Check.check`."""
        inputs = context.attempt.inputs
        if not inputs:
            return PASSED
        known = _ngrams(tuple(flat_text(value) for one in inputs for value in one.values.values()), self.ngram)
        own = [part for text in self.texts(record, task) for part in _parts(text, self.ngram)]
        copied = [part for part in own if part in known]
        share = round(len(copied) / len(own), 4) if own else 0.0
        if not copied or (self.max_share is not None and share <= self.max_share):
            return Verdict(passed=True, score=share)
        shown = " ".join(copied[0][:SHOWN])
        much = "" if self.max_share is None else f" ({share:.0%} of it is copied)"
        return Verdict(False, self.kind, f"repeats the source: {shown!r}{much}", share)


def _parts(text: str, ngram: int) -> list[tuple[str, ...]]:
    words = tokens(text)
    return [tuple(words[i : i + ngram]) for i in range(len(words) - ngram + 1)]


@lru_cache(maxsize=16)
def _ngrams(texts: tuple[str, ...], ngram: int) -> frozenset[tuple[str, ...]]:
    """Kept for the attempts that share an input, and for the records of one attempt."""
    return frozenset(part for text in texts for part in _parts(text, ngram))
