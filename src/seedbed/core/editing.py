"""A text as transforms see it: its words, and where they may change it."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cache, partial
from itertools import accumulate
from typing import TYPE_CHECKING, Literal, NamedTuple
from unicodedata import category

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from .record import Span

Policy = Literal["protect", "allow", "only"]
"""What may happen inside the spans of a label: nothing; edits, with the span moving along; or only there."""

_ASCII_WORD = re.compile(r"([a-z0-9]+(?:'[a-z0-9]+)*)")
_WORD = re.compile(r"([^\W_]+(?:'[^\W_]+)*)")
ANSWER = "answer"
"""The label of spans that hold the answers to a question."""

_LETTERS = "".join(chr(code).lower() if chr(code).isalnum() else " " for code in range(128))
"""Of each letter of ASCII what it is for words: a small letter, a digit or a space."""

_ADDRESS = re.compile(r"\S*(?:://|www\.|@|\w\.[a-z]{2})\S*|[#\\/~]\S+|&(?:[a-z]{2,8}|#\d+);")
_SIGNS = ("/", "@", "#", "~", "\\", "&", "www.")
_DOT = re.compile(r"\.[a-z]{2}")
_FEW = 8
"""So many spans are looked through one by one."""


class Word(NamedTuple):
    """A run of letters and digits, with apostrophes inside; `lower` is it in small letters, with straight ones."""

    start: int
    end: int
    lower: str


_word = partial(tuple.__new__, Word)  # in half the time of `Word(…)`


class Text:
    """One text of a record. What several transforms need is found once.

    Args:
        text: the text.
        spans: its spans.
    """

    __slots__ = ("_addresses", "_lowers", "_parts", "_plain", "_sorted", "_words", "spans", "text")

    def __init__(self, text: str, spans: Sequence[Span] = ()) -> None:
        self.text = text
        self.spans = spans
        self._parts: list[str] = []
        self._plain: list[str] = []
        self._words: list[Word] | None = None
        self._lowers: frozenset[str] | None = None
        self._addresses: list[tuple[int, int]] | None = None
        self._sorted: tuple[list[Span], list[int], list[int]] | None = None

    @property
    def words(self) -> list[Word]:
        """All its words in order."""
        if self._words is None:
            self._read()
            ends = list(accumulate(map(len, self._parts)))
            self._words = list(map(_word, zip(ends[::2], ends[1::2], self._plain, strict=False)))
        return self._words

    @property
    def lowers(self) -> frozenset[str]:
        """The different words it has, in small letters: a quick look whether a word list has any of them."""
        if self._lowers is None:
            text = self.text
            if text.isascii() and "'" not in text:  # the same words, without their places, in a third of the time
                self._lowers = frozenset(text.translate(_LETTERS).split())
            else:
                self._read()
                self._lowers = frozenset(self._plain)
        return self._lowers

    def _read(self) -> None:
        """Finds the words, and what is between them; quickly where small letters are as many as capital ones."""
        if self._parts:
            return
        small = _small_letters(self.text)
        if small:
            self._parts = (_ASCII_WORD if small.isascii() else _WORD).split(small)
            self._plain = self._parts[1::2]
        else:
            self._parts = _any_word().split(self.text)
            self._plain = [word.lower().replace("’", "'") for word in self._parts[1::2]]

    @property
    def entities(self) -> Sequence[Span]:
        """Its spans without those of answers: whether and where somebody marked names and the like."""
        return [span for span in self.spans if span.label != ANSWER] if self.spans else self.spans

    def address(self, start: int, end: int) -> bool:
        """Whether this is in an address, path, hashtag, user's name or HTML entity: no words of a language."""
        if self._addresses is None:
            text = self.text
            signs = [sign for sign in _SIGNS if sign in text]
            has_any = signs or ("." in text and _DOT.search(text))
            self._addresses = [match.span() for match in _ADDRESS.finditer(text)] if has_any else []
        if not self._addresses:
            return False
        at = bisect_left(self._addresses, (end, -1)) - 1  # the last one that begins before the end
        return at >= 0 and start < self._addresses[at][1]

    def free(self, start: int, end: int, policies: Mapping[str, Policy], default: Policy) -> bool:
        """Whether `start` to `end` may be changed: it crosses no boundary of a span, and no policy forbids it.

        What is inserted at the edge of a span (`start == end`) is outside it.
        """
        wanted = default == "only" or (bool(policies) and "only" in policies.values())
        for first, last, label, _ in self.spans if len(self.spans) <= _FEW else self._around(start, end):
            if end <= first or start >= last:
                continue
            policy = policies.get(label, default)
            if start < first or end > last or policy == "protect":
                return False
            wanted = wanted and policy != "only"
        return not wanted

    def _around(self, start: int, end: int) -> Iterator[Span]:
        """The spans that may reach into `start` to `end`, found without looking through all."""
        if self._sorted is None:
            ordered = sorted(self.spans)
            self._sorted = ordered, [span.start for span in ordered], [*accumulate([span.end for span in ordered], max)]
        ordered, starts, reach = self._sorted
        for at in range(bisect_left(starts, end) - 1, -1, -1):
            if reach[at] <= start:
                return
            yield ordered[at]


def _small_letters(text: str) -> str:
    """A text in small letters with straight apostrophes; "" if that is not done letter by letter or some have marks."""
    if text.isascii():
        return text.lower()
    small = text.lower().replace("’", "'")
    return "" if len(small) != len(text) or "Σ" in text or _marked_letter().search(text) else small


@cache
def _any_word() -> re.Pattern[str]:
    """Words of any script: a letter or digit with its combining marks, which `\\w` does not hold."""
    letters = rf"(?:[^\W_]{_mark()}*)+"
    return re.compile(rf"({letters}(?:['’]{letters})*)")


@cache
def _marked_letter() -> re.Pattern[str]:
    return re.compile(rf"[^\W_]{_mark()}")


@cache
def _mark() -> str:
    """The pattern of a combining mark. A set with letters from beyond the first plane is looked through one by one, so
    those stand apart.
    """
    near, far = (
        "".join(re.escape(chr(code)) for code in codes if _is_mark(chr(code)))
        for codes in (range(0x300, 0x10000), (*range(0x10000, 0x1F000), *range(0xE0100, 0xE01F0)))
    )
    return rf"(?:[{near}]|(?=[\U00010000-\U0010FFFF])[{far}])"


def _is_mark(letter: str) -> bool:
    return category(letter)[0] == "M" or letter in "\u200c\u200d"
