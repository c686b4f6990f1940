"""Is the text rude in its words?"""

from __future__ import annotations

import asyncio
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field

from seedbed.core.attempt import PASSED, Verdict
from seedbed.core.errors import MissingExtra

from .batches import Batches
from .text import TextCheck

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seedbed.core.attempt import Context
    from seedbed.core.part import Task
    from seedbed.core.record import Record

PAUSE = 0.02
"""Seconds to wait for more texts: one costs 9 ms of processor time, a thousand 20 ms."""


class Toxicity(TextCheck):
    """Fails texts that alt-profanity-check takes for offensive with a probability of at least `threshold`.

    It finds English profanity and slurs, not subtle toxicity: insults without a rude word, threats and other languages
    pass. The score is that probability, of the worst text where there are several columns.
    """

    kind: ClassVar[str] = "toxicity"
    threshold: Annotated[float, Field(gt=0, le=1)] = 0.8

    async def check(self, record: Record, context: Context, task: Task) -> Verdict:
        """See `Check.check`."""
        texts = [text for text in self.texts(record, task) if text.strip()]
        if not texts:
            return PASSED
        worst = max(await asyncio.gather(*map(_probability, texts)))
        if worst < self.threshold:
            return Verdict(passed=True, score=worst)
        return Verdict(False, self.kind, f"reads as offensive ({worst:.0%})", worst)


def _probabilities(texts: Sequence[str]) -> list[float]:
    return [round(float(one), 4) for one in _model().predict_prob(texts)]


_probability = Batches(_probabilities, PAUSE)


@lru_cache(maxsize=1)
def _model() -> Any:
    try:
        import profanity_check
    except ImportError as error:
        raise MissingExtra("The toxicity check", "toxicity") from error
    return profanity_check
