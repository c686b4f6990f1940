"""Checks that look at a text alone."""

from __future__ import annotations

import re
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field, field_validator, model_validator

from seedbed.core.attempt import PASSED, Verdict
from seedbed.core.part import Check, Name
from seedbed.core.record import flat_text
from seedbed.core.tokens import tokens

if TYPE_CHECKING:
    from typing import Self

    from seedbed.core.attempt import Context
    from seedbed.core.part import Task
    from seedbed.core.record import Record

Count = Annotated[int, Field(ge=0)]


class TextCheck(Check):
    """A check of one text column: `column`, or the main one of those the model writes."""

    column: str | None = None

    def text(self, record: Record, task: Task) -> str:
        """The column's text, empty if the record does not have it."""
        value = record.values.get(self.column or task.columns[0])
        return value if isinstance(value, str) else flat_text(value)

    def texts(self, record: Record, task: Task) -> list[str]:
        """The column's text, or where none is named those of all columns the model writes."""
        columns = (self.column,) if self.column else task.columns
        return [flat_text(record.values.get(column)) for column in columns]

    def fail(self, detail: str) -> Verdict:
        """The verdict "no", counted under this check's kind."""
        return Verdict(False, self.kind, detail)


class Length(TextCheck):
    """Bounds on words (as tokens: a Chinese, Japanese or Thai character is one) and characters, both inclusive."""

    kind: ClassVar[str] = "length"
    min_words: Count | None = None
    max_words: Count | None = None
    min_chars: Count | None = None
    max_chars: Count | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        for unit in ("words", "chars"):
            low, high = getattr(self, f"min_{unit}"), getattr(self, f"max_{unit}")
            if low is not None and high is not None and low > high:
                raise ValueError(f"min_{unit} is larger than max_{unit}")
        return self

    async def check(self, record: Record, context: Context, task: Task) -> Verdict:
        """See `Check.check`."""
        text = self.text(record, task)
        if self.min_words is not None or self.max_words is not None:
            found = _outside(len(tokens(text)), self.min_words, self.max_words)
            if found:
                return self.fail(f"{found} words")
        found = _outside(len(text), self.min_chars, self.max_chars)
        return self.fail(f"{found} characters") if found else PASSED


def _outside(size: int, low: int | None, high: int | None) -> str:
    if low is not None and size < low:
        return f"{size} of at least {low}"
    if high is not None and size > high:
        return f"{size} of at most {high}"
    return ""


def _check_pattern(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"{pattern!r} is not a regular expression: {error}") from error
    return pattern


class Regex(TextCheck):
    """The pattern (Python's `re`) must be found in the text; with `forbid`, must not."""

    kind: ClassVar[str] = "regex"
    pattern: str
    forbid: bool = False
    ignore_case: bool = False

    @field_validator("pattern")
    @classmethod
    def _compiles(cls, pattern: str) -> str:
        return _check_pattern(pattern)

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self.pattern, re.I if self.ignore_case else 0)

    async def check(self, record: Record, context: Context, task: Task) -> Verdict:
        """See `Check.check`."""
        found = self._compiled.search(self.text(record, task))
        if bool(found) == self.forbid:
            return self.fail(f"{'found' if self.forbid else 'did not find'} {self.pattern}")
        return PASSED


class Banned(TextCheck):
    """None of these words or phrases may appear; whole words, any case."""

    kind: ClassVar[str] = "banned"
    words: Annotated[tuple[Name, ...], Field(min_length=1)]

    @cached_property
    def _phrases(self) -> tuple[str, ...]:
        """Each as its tokens between spaces; one without tokens (an emoji) as it is."""
        return tuple(f" {' '.join(found)} " if (found := tokens(word)) else word for word in self.words)

    async def check(self, record: Record, context: Context, task: Task) -> Verdict:
        """See `Check.check`."""
        for own in self.texts(record, task):
            text = f" {' '.join(tokens(own))} "
            for phrase, word in zip(self._phrases, self.words, strict=True):
                if phrase in text or (phrase is word and word in own):
                    return self.fail(f"contains {word!r}")
        return PASSED


_SORRY = (
    r"\A\W*(?:unfortunately|regrettably)?,? ?(?:i'm |i am |i )?(?:very |so |really |truly )?"
    r"(?:sorry|apologi[sz]e)?,? ?(?:but )?"
)
_NOT = r"(?:can(?:'t|not)|am unable to|'m unable to|am not able to|'m not able to|won't|will not)"
_ASKED = r"(?:request|prompt|task|topic|question|content|type of|kind of|sort of)"
_ENDS = r"(?= ?(?:[.!,;:]|\Z|as |because|since ))"
_THAT = rf"(?:(?:that|this|such|these)(?: {_ASKED}|{_ENDS})|(?:your|the) (?:request|prompt)\b)"
_CONTENT = (
    r"(?:\w+,? (?:(?:or|and) )?){0,4}(?:content|texts?|messages?|examples?|responses?|repl(?:y|ies)|sentences?|material"
    r"|language)\b(?! (?:of|from|about) (?:my|our|your)\b)"
)
_HUMAN = (
    r"(?! (?:researcher|engineer|expert|student|compan|startup|consultant|developer|scientist|specialist|lab|firm))"
)
_HELP = r"(?:(?:assist|help)(?: you)? with|(?:provide|offer) (?:assistance|help) with|do|write)"
_AYUDAR = r"no puedo (?:ayudar(?:te|le)? con es[oa]|generar|crear|escribir|cumplir con|proporcionar)"
REFUSALS: dict[tuple[str, ...], tuple[str, ...]] = {
    (" ai", "an ai", "artificial intelligence", "language model"): (
        rf"\bas an? (?:ai|artificial intelligence|large language model|language model)\b{_HUMAN}",
        r"\bi(?:'m| am) (?:just |only )?an? (?:ai|language model|large language model|artificial intelligence)\b",
    ),
    ("can't", "cannot", "able to", "won't", "will not"): (
        rf"{_SORRY}i ?{_NOT} {_HELP} {_THAT}",
        rf"{_SORRY}i ?{_NOT} (?:comply\b(?! with the)|(?:fulfil|fulfill|comply with) {_THAT})",
        rf"{_SORRY}i ?{_NOT} (?:generate|create|write|produce) {_CONTENT}",
        rf"{_SORRY}i ?{_NOT} provide (?:that|this|such|any such) ?(?:kind of |type of |sort of )?{_CONTENT}",
    ),
    ("must decline", "have to decline"): (
        rf"{_SORRY}i (?:must|have to) (?:respectfully |politely )?decline (?:{_THAT}|to \w+ {_CONTENT})",
    ),
    ("lo siento", "no puedo"): (
        rf"\A\W*(?:lo siento|disculpa),? (?:pero )?{_AYUDAR}",
        rf"\A\W*{_AYUDAR} (?:es[aeo]|contenido|textos?|solicitud)",
    ),
    ("tut mir leid", "kann ich nicht", "kann ich dir", "kann ich ihnen", "ich kann "): (
        r"\A\W*(?:es )?tut mir leid,? (?:aber )?(?:dabei|damit|das) kann ich (?:dir |ihnen )?(?:leider )?nicht",
        r"\A\W*(?:ich kann|kann ich) (?:leider )?(?:keine|diese|solche)n? (?:inhalte|texte)",
        r"\A\W*(?:dabei|damit) kann ich (?:dir |ihnen )?(?:leider )?nicht (?:helfen|dienen)",
    ),
    ("against my",): (r"\bagainst my (?:programming|guidelines|policies|ethical)",),
    ("作为",): (r"作为(?:一个|一名)?(?:AI|人工智能|语言模型|大语言模型)",),
    ("抱歉", "对不起"): (
        r"(?:抱歉|对不起)[,，]?我(?:无法|不能)(?:提供|生成|满足|协助|完成){1,2}(?:您|你|这个|该|此|这类|这样|相关)",
    ),
    ("als ",): (r"\bals (?:eine? )?(?:ki|ki-sprachmodell|sprachmodell|ki-modell|künstliche intelligenz)\b",),
    ("en tant qu",): (r"\ben tant qu(?:e |')(?:ia|modèle de langage|intelligence artificielle)\b",),
    ("como ",): (r"\bcomo (?:una? )?(?:ia|modelo de lenguaje|inteligencia artificial)\b",),
}
"""Patterns of refusals by what a text must hold for one of them to be found: a look for a few words is quick, the
patterns are not."""

_REFUSALS = tuple((needles, re.compile("|".join(patterns), re.I)) for needles, patterns in REFUSALS.items())
_NEEDLES = tuple(needle for needles in REFUSALS for needle in needles)


class Refusal(TextCheck):
    """The model answered about itself ("As an AI …", "I cannot assist with that") instead of doing it.

    `patterns` (regular expressions, any case) replace the built-in ones.
    """

    kind: ClassVar[str] = "refusal"
    patterns: tuple[str, ...] | None = None

    @field_validator("patterns")
    @classmethod
    def _compile(cls, patterns: tuple[str, ...] | None) -> tuple[str, ...] | None:
        for pattern in patterns or ():
            _check_pattern(pattern)
        return patterns

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        return re.compile("|".join(f"(?:{pattern})" for pattern in self.patterns), re.I) if self.patterns else None

    async def check(self, record: Record, context: Context, task: Task) -> Verdict:
        """See `Check.check`."""
        for text in self.texts(record, task):
            found = self._refuses(text.replace("’", "'").lower())
            if found:
                return self.fail(f"{found[0][:60]!r}")
        return PASSED

    def _refuses(self, text: str) -> re.Match[str] | None:
        if self.patterns is not None:
            return self._pattern.search(text) if self._pattern else None
        if not any(map(text.__contains__, _NEEDLES)):
            return None
        for needles, pattern in _REFUSALS:
            found = pattern.search(text) if any(map(text.__contains__, needles)) else None
            if found:
                return found
        return None


class CopiedExample(TextCheck):
    """The text repeats a few-shot example: all of it, or `ngram` tokens in a row."""

    kind: ClassVar[str] = "copied_example"
    ngram: Annotated[int, Field(ge=3)] = 8

    async def check(self, record: Record, context: Context, task: Task) -> Verdict:
        """See `Check.check`."""
        if not task.examples:
            return PASSED
        return next(filter(None, (self._copies(text, task) for text in self.texts(record, task))), PASSED)

    def _copies(self, text: str, task: Task) -> Verdict | None:
        words = tokens(text)
        if not words:
            return self.fail("is an example") if text.strip() in task.examples else None
        known = _ngrams(task.examples, self.ngram)
        if tuple(words) in known:
            return self.fail("is an example")
        for start in range(len(words) - self.ngram + 1):
            part = tuple(words[start : start + self.ngram])
            if part in known:
                return self.fail(f"repeats {' '.join(part)!r}")
        return None


@lru_cache(maxsize=16)
def _ngrams(texts: tuple[str, ...], ngram: int) -> frozenset[tuple[str, ...]]:
    found: set[tuple[str, ...]] = set()
    for text in texts:
        words = tokens(text)
        found.add(tuple(words))
        found.update(tuple(words[i : i + ngram]) for i in range(len(words) - ngram + 1))
    return frozenset(found)
