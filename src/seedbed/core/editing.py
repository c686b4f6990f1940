"""A text as transforms see it: its words, and where they may change it."""

from __future__ import annotations

from bisect import bisect_left
from functools import partial
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeVar

from .texts.addresses import addresses_in
from .texts.once import once
from .texts.words import is_plain, spaced, words_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from .record import Span
    from .texts.words import Words

Stretch = TypeVar("Stretch", bound=tuple[Any, ...])
"""Something that begins with where it begins and ends in a text."""

Policy = Literal["protect", "allow", "only"]
"""What may happen inside the spans of a label: nothing; edits, with the span moving along; or only there."""

ANSWER = "answer"
"""The label of spans that hold the answers to a question."""

_SHORT = 1000
"""A text with fewer letters is searched through for the place of a word."""

_FEW = 8
"""So many spans are looked through one by one."""


class Word(NamedTuple):
    """A run of letters and digits, with apostrophes inside; `lower` is it in small letters, with straight ones."""

    start: int
    end: int
    lower: str


_word = partial(tuple.__new__, Word)  # in half the time of `Word(…)`


class Text:
    """One text of a record. What several transforms need is found once, when it is first asked for.

    Args:
        text: the text.
        spans: its spans.
    """

    _spaced = ""
    """Its words amid spaces, where they stand in it; only of a short plain text whose places are not known yet."""

    def __init__(self, text: str, spans: Sequence[Span] = ()) -> None:
        self.text = text
        self.spans = spans

    @once
    def lowers(self) -> list[str]:
        """Its words in order, in small letters and with straight apostrophes, without their places."""
        if not is_plain(self.text):
            return self._located()[2]
        plain = spaced(self.text)
        if len(plain) < _SHORT:
            self._spaced = f" {plain} "
        return plain.split()

    @once
    def starts(self) -> list[int]:
        """Where each of its words begins."""
        return self._located()[0]

    @once
    def ends(self) -> list[int]:
        """Where each of its words ends."""
        return self._located()[1]

    @once
    def words(self) -> list[Word]:
        """All its words in order, each with its place; the lists of them are quicker."""
        starts = self.starts
        return list(map(_word, zip(starts, self.ends, self.lowers, strict=True)))

    def place(self, at: int) -> tuple[int, int]:
        """Where the word number `at` begins and ends: for a few words of a short text sooner than by all places."""
        word = f" {self.lowers[at]} "
        start = self._spaced.find(word)
        if start < 0 or self._spaced.find(word, start + 1) >= 0:
            return self.starts[at], self.ends[at]
        return start, start + len(word) - 2

    def _located(self) -> Words:
        self._spaced = ""
        self.starts, self.ends, self.lowers = found = words_in(self.text)
        return found

    @property
    def entities(self) -> Sequence[Span]:
        """Its spans without those of answers: whether and where somebody marked names and the like."""
        return [span for span in self.spans if span.label != ANSWER] if self.spans else self.spans

    @once
    def addresses(self) -> list[tuple[int, int]]:
        """Where addresses, paths, hashtags, users' names and HTML entities stand: no words of a language."""
        return addresses_in(self.text)

    def address(self, start: int, end: int) -> bool:
        """Whether this is in one of them."""
        found = self.addresses
        if not found:
            return False
        at = bisect_left(found, (end, -1)) - 1  # the last one that begins before the end
        return at >= 0 and start < found[at][1]

    def free(self, start: int, end: int, policies: Mapping[str, Policy], default: Policy) -> bool:
        """Whether `start` to `end` may be changed: it crosses no boundary of a span, and no policy forbids it.

        What is inserted at the edge of a span (`start == end`) is outside it.
        """
        if policies or default == "only":
            return self._wanted(start, end, policies, default)
        for first, last, _, _ in self.spans if len(self.spans) <= _FEW else self._around(start, end):
            if first < end and start < last and (default == "protect" or start < first or last < end):
                return False
        return True

    def open(self, places: Sequence[Stretch], policies: Mapping[str, Policy], default: Policy) -> Sequence[Stretch]:
        """Those of some places that may be changed; see `free`."""
        if policies or default == "only" or len(self.spans) > _FEW:
            return [one for one in places if self.free(one[0], one[1], policies, default)]
        found = []
        for one in places:
            start, end = one[0], one[1]
            for first, last, _, _ in self.spans:
                if first < end and start < last and (default == "protect" or start < first or last < end):
                    break
            else:
                found.append(one)
        return found

    def _wanted(self, start: int, end: int, policies: Mapping[str, Policy], default: Policy) -> bool:
        """See `free`; where labels have policies of their own, or only spans may be changed."""
        wanted = default == "only" or "only" in policies.values()
        for first, last, label, _ in self._around(start, end):
            if end <= first or start >= last:
                continue
            policy = policies.get(label, default)
            if start < first or end > last or policy == "protect":
                return False
            wanted = wanted and policy != "only"
        return not wanted

    def _around(self, start: int, end: int) -> Iterator[Span]:
        """The spans that may reach into `start` to `end`, found without looking through all."""
        ordered, starts, reach = self._sorted
        for at in range(bisect_left(starts, end) - 1, -1, -1):
            if reach[at] <= start:
                return
            yield ordered[at]

    @once
    def _sorted(self) -> tuple[list[Span], list[int], list[int]]:
        """The spans in order, where each begins, and how far those up to it reach."""
        ordered = sorted(self.spans)
        return ordered, [span.start for span in ordered], [*accumulate([span.end for span in ordered], max)]
