"""Which earlier texts differ from a text in few words: an exact index that misses nothing and adds nothing.

The method is Pass-Join (Li, Deng, Wang, Feng: Pass-Join: A Partition-based Method for Similarity Joins, PVLDB 2011).
A stored text is cut into one segment more than any partner of it may have edits, so one segment at least survives in
every partner. A text that asks looks up those of its pieces that a surviving segment could be, and the few texts found
are confirmed by their edit distance. Three things differ from the paper:

- All segments of a text have one width; the tokens left over at the end belong to none. They are looked up by content
  alone, so texts of all lengths share lookups (14 instead of 19 for 26 tokens) and work grows linearly with length.
- A pair may have fewer edits than the stored text has segments, less one. Then the first `edits + 1` count.
- Texts from one template share segments. Where many do they become a `Crowd`, asked by the tokens that differ in it.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Hashable
from fractions import Fraction
from itertools import chain, repeat
from typing import TYPE_CHECKING, Any, Final

from rapidfuzz.distance.Levenshtein import distance

from seedbed.core.tokens import tokens

from .shelf import Texts, in_memory
from .table import Table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from .shelf import Shelves

SEVERAL: Final = 2**31
"""From here on a number stands for the texts that share a segment, below it for the one that has it."""

CROWD = 64
"""Texts sharing a segment: fewer are compared one by one."""

WINDOWED = 128
"""Tokens: of longer texts every piece is looked up, not only those where a surviving segment can be."""


class NearIndex:
    """Texts so far, asked for near duplicates of the next one.

    Two texts are near duplicates when the edit distance of their tokens (`seedbed.core.tokens`) is at most
    `(1 - threshold) * tokens of the longer`, rounded down and reckoned in decimals: 0.9 allows one edit from ten tokens
    on, none below. A text without any token is nobody's near duplicate.

    Made for thresholds from 0.7; below, it stays exact, and becomes as slow as comparing with every text.

    Args:
        threshold: the share of tokens that must agree, above 0.5 and at most 1.
        words: the tokens of what is given as a text, where that is none.
        shelf: makes the shelf that texts go to.

    Raises:
        ValueError: the threshold is out of range.
    """

    def __init__(
        self,
        threshold: float = 0.9,
        shelf: Shelves = in_memory,
        words: Callable[[Any], Iterable[Hashable]] = tokens,
    ) -> None:
        self._bounds = Bounds(threshold)
        self._words = words
        self._vocabulary = Vocabulary()
        self._texts = Texts(shelf())
        self._keys: array[int] | range = range(0)
        self._holders = Table(40)  # hash of a segment → who has it
        self._several: list[array[int] | Crowd] = []

    def __len__(self) -> int:
        return len(self._keys)

    def encode(self, text: Any) -> str:
        """The tokens of a text, each as one character, for `find`, `first` and `add` of this index alone."""
        return "".join(map(self._vocabulary.__getitem__, self._words(text)))

    def glance(self, text: Any) -> str:
        """The same for `find` and `first` only: tokens that no added text has are not remembered, but `UNKNOWN`."""
        return "".join(map(self._vocabulary.get, self._words(text), repeat(UNKNOWN)))

    def first(self, encoded: str) -> int | None:
        """The key of one near duplicate among the added texts, or None."""
        return next(self.find(encoded), None)

    def find(self, encoded: str) -> Iterator[int]:
        """The keys of all added texts that are near duplicates, each once per text added, in no promised order.

        Lazy: take what is needed before adding again.
        """
        seen: set[int] = set()
        crowds: list[Crowd] = []
        segments = map(encoded.__getitem__, self._bounds.windows(len(encoded)))
        for held in self._holders.among(map(hash, segments)):
            several = self._several[held - SEVERAL] if held >= SEVERAL else (held,)
            if isinstance(several, Crowd):
                crowds.append(several)
            else:
                yield from self._confirmed(encoded, several, seen)
        for crowd in crowds:
            yield from self._confirmed(encoded, crowd.candidates(encoded), seen)

    def add(self, encoded: str, key: int) -> None:
        """Remembers a text under a key: a record's number, not negative; the same key may stand for several texts."""
        number = len(self._texts)  # below 2³¹
        self._keep(key, number)
        self._texts.append(encoded)
        pieces = self._bounds.pieces(len(encoded))
        width = len(encoded) // pieces
        for start in range(0, pieces * width, width or 1):
            segment = hash(encoded[start : start + width])
            held = self._holders.setdefault(segment, number)
            if held != number:
                self._join(segment, held, number)

    def _keep(self, key: int, number: int) -> None:
        """Takes down the key of a number: nothing while all are the numbers themselves."""
        if isinstance(self._keys, range):
            if key == number:
                self._keys = range(number + 1)
                return
            self._keys = array("Q", self._keys)
        self._keys.append(key)

    def _confirmed(self, encoded: str, numbers: Iterable[int], seen: set[int]) -> Iterator[int]:
        most = self._bounds.most(len(encoded))
        for number in numbers:
            if number in seen:
                continue
            seen.add(number)
            other = self._texts[number]
            edits = distance(encoded, other, score_cutoff=most)
            if edits <= most and edits <= self._bounds.edits(max(len(encoded), len(other))):
                yield self._keys[number]

    def _join(self, segment: int, held: int, number: int) -> None:
        """One more text has a segment; a text that repeats a segment counts once."""
        if held < SEVERAL:
            self._holders.put(segment, SEVERAL + len(self._several))
            self._several.append(array("I", (held, number)))
            return
        several = self._several[held - SEVERAL]
        if isinstance(several, Crowd):
            several.add(number)
        elif several[-1] != number:
            several.append(number)
            if len(several) >= CROWD:
                self._several[held - SEVERAL] = Crowd(several, self._texts, self._bounds)


UNKNOWN: Final = "\U0010ffff"
"""Stands for any token that was never added."""


class Vocabulary(dict[Hashable, str]):
    """Token → a character of its own, given when the token is first met.

    There are 1,114,111 characters beside `UNKNOWN`. Tokens after that share those of other late, so rare, tokens. A
    shared character can only make a distance smaller: nothing is missed, and a wrong hit needs two texts that differ
    in one edit too many and have, at the place of that edit, two tokens of the one in a million pairs that share.
    """

    def __missing__(self, token: Hashable) -> str:
        number = len(self)
        letter = chr(number if number < 0x10FFFF else 0x10000 + number % 0xFFFFF)
        self[token] = letter
        return letter


class Bounds:
    """What a threshold allows, in tokens and edits; exact, as fractions of the threshold's decimal notation."""

    def __init__(self, threshold: float) -> None:
        if not 0.5 < threshold <= 1:
            raise ValueError(f"The threshold is {threshold}; it must be above 0.5 and at most 1.")
        self._kept, self._of = Fraction(str(float(threshold))).as_integer_ratio()
        self._windows: dict[int, tuple[slice, ...]] = {}

    def edits(self, longer: int) -> int:
        """The most edits between near duplicates of which the longer has so many tokens."""
        return longer * (self._of - self._kept) // self._of

    def shortest(self, length: int) -> int:
        """The tokens of the shortest partner of a text of so many tokens."""
        return length - self.edits(length)

    def longest(self, length: int) -> int:
        """The tokens of the longest partner of a text of so many tokens."""
        return length * self._of // self._kept

    def most(self, length: int) -> int:
        """The most edits between a text of so many tokens and any partner."""
        return self.edits(self.longest(length))

    def pieces(self, length: int) -> int:
        """Into how many segments a text of so many tokens is cut: one survives in every partner."""
        return self.most(length) + 1

    def windows(self, length: int) -> Iterable[slice]:
        """The pieces of a text of so many tokens that can be a surviving segment of a partner, whatever its length."""
        if length > WINDOWED:
            widths = {other // self.pieces(other) for other in range(self.shortest(length), self.longest(length) + 1)}
            return (slice(start, start + width) for width in widths for start in range(length - width + 1))
        if length not in self._windows:
            partners = range(self.shortest(length), self.longest(length) + 1) if length else ()
            spans = {span for other in partners for span in self._spans(length, other)}
            self._windows[length] = tuple(slice(start, end) for start, end in sorted(spans))
        return self._windows[length]

    def _spans(self, length: int, other: int) -> Iterator[tuple[int, int]]:
        """Start and end in the text of what can be a segment of a partner of `other` tokens.

        Of the partner's first `edits + 1` segments one survives with no more edits before it than segments before it,
        and no more edits after it than segments after it. So it is shifted by no more than the edits before, and, seen
        from the end, by no more than the edits after (multi-match-aware windows, section 4.2 of the paper).
        """
        edits = self.edits(max(length, other))
        width = other // self.pieces(other)
        longer = length - other
        for before in range(edits + 1):
            after = edits - before
            for shift in range(max(-before, longer - after), min(before, longer + after) + 1):
                start = before * width + shift
                if 0 <= start <= length - width:
                    yield start, start + width


class Crowd:
    """Texts that share a segment, told apart by the tokens that at most a quarter of them have.

    Near duplicates lack at most `edits` of each other's tokens. So, in any fixed order of tokens, the first `edits + 1`
    telling tokens of both have one in common (prefix filter), unless one of them has fewer. The order is that of the
    characters, the latest first: late tokens are rare.
    """

    __slots__ = ("_bounds", "_common", "_having", "_members", "_sort_at", "_texts")

    def __init__(self, members: array[int], texts: Texts, bounds: Bounds) -> None:
        self._members = members
        self._texts = texts
        self._bounds = bounds
        self._sort()

    def add(self, number: int) -> None:
        """One more member; sorted anew whenever there are four times as many."""
        if self._members[-1] == number:
            return
        self._members.append(number)
        if len(self._members) >= self._sort_at:
            self._sort()
        else:
            self._tell(number)

    def candidates(self, text: str) -> Iterator[int]:
        """The members that may be near duplicates; some come twice."""
        edits = self._bounds.most(len(text))
        telling = self._telling(text)
        if len(telling) <= edits:
            yield from self._members
            return
        for token in telling[: edits + 1]:
            held = self._having.get(token, ())
            yield from (held,) if isinstance(held, int) else held

    def _sort(self) -> None:
        counts = Counter(chain.from_iterable(set(self._texts[number]) for number in self._members))
        self._common = {token for token, count in counts.items() if count > len(self._members) // 4}
        self._having: dict[str, int | list[int]] = {}
        self._sort_at = 4 * len(self._members)
        for number in self._members:
            self._tell(number)

    def _tell(self, number: int) -> None:
        text = self._texts[number]
        for token in self._telling(text)[: self._bounds.pieces(len(text))]:
            held = self._having.setdefault(token, number)
            if isinstance(held, list):
                held.append(number)
            elif held is not number:
                self._having[token] = [held, number]

    def _telling(self, text: str) -> list[str]:
        return sorted(set(text) - self._common, reverse=True)
