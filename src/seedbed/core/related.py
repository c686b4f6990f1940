"""Which chunks belong together: a pool that hands out one, or one with another that speaks of the same things."""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import cached_property
from math import log
from typing import TYPE_CHECKING

from .pool import Drawn, EachPool
from .tokens import tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from .record import Record

RAREST = 24
"""Words of a chunk that say what it is about: the rarest of those it shares."""

CANDIDATES = 5
"""So many of the most related chunks are drawn from."""


class RelatedPool:
    """The `Pool` port over chunks: each in turn, and where a cell needs two, with one related to it.

    Two chunks are related by the words they share, each weighed by its rarity (the sum of their inverse document
    frequencies); neighbours that overlap are not.

    Args:
        chunks: what is handed out, with columns document, start, end, text.
        pairs: whether a cell's attempts work on two chunks.
        per_chunk: accepted records wanted of each chunk; None for as many as the cells ask for.
    """

    def __init__(
        self, chunks: Sequence[Record], pairs: Callable[[Mapping[str, str]], bool], per_chunk: int | None = None
    ) -> None:
        self._chunks = list(chunks)
        self._pairs = pairs
        self._places = {record.id: i for i, record in enumerate(self._chunks)}
        self._each = EachPool(self._chunks, per_chunk)

    def draw(self, cell: Mapping[str, str], n: int, seed: int) -> Drawn | None:
        """See `Pool.draw`."""
        if not self._pairs(cell):
            return self._each.draw(cell, n, seed)
        for _ in self._chunks:
            drawn = self._each.draw(cell, n, seed)
            if drawn is None:
                return None
            related = self.related(drawn.inputs[0])
            if related:
                return Drawn((drawn.inputs[0], related[seed % min(CANDIDATES, len(related))]), drawn.n)
            for slot in range(drawn.n):
                self._each.ended(cell, drawn.inputs, slot, "unsent")
        return None

    def reopened(self, cell: Mapping[str, str], inputs: Sequence[Record], n: int) -> None:
        """See `Pool.reopened`."""
        self._each.reopened(cell, inputs, n)

    def ended(self, cell: Mapping[str, str], inputs: Sequence[Record], slot: int, state: str) -> None:
        """See `Pool.ended`."""
        self._each.ended(cell, inputs, slot, state)

    def admitted(self, record: Record) -> None:
        """See `Pool.admitted`."""

    def restored(self, record: Record) -> None:
        """See `Pool.restored`: it counts for the first of its chunks."""
        self._each.restored(record, first=True)

    def find(self, cell: Mapping[str, str], name: str) -> Record | None:
        """See `Pool.find`."""
        return self._each.find(cell, name)

    def given_up(self) -> list[str]:
        """See `Pool.given_up`."""
        return self._each.given_up()

    def related(self, chunk: Record) -> list[Record]:
        """The chunks that share most with this one, the most related first."""
        own = self._places[chunk.id]
        scores: defaultdict[int, float] = defaultdict(float)
        for word in self._words[own]:
            holders = self._holders[word]
            for place in holders:
                scores[place] += log((len(self._chunks) + 1) / len(holders))
        ranked = sorted(scores, key=lambda place: (-scores[place], place))[: CANDIDATES + 3]
        found = [place for place in ranked if place != own and scores[place] > 0]
        return [self._chunks[place] for place in found if not _overlap(self._chunks[place], chunk)]

    @cached_property
    def _words(self) -> list[list[str]]:
        """Of each chunk the rarest words that some other one has, too."""
        found = [set(tokens(str(record.values.get("text", "")))) for record in self._chunks]
        often = Counter(word for words in found for word in words)
        shared = ([word for word in words if often[word] > 1] for words in found)
        return [sorted(words, key=lambda word: (often[word], word))[:RAREST] for words in shared]

    @cached_property
    def _holders(self) -> dict[str, list[int]]:
        holders: dict[str, list[int]] = {}
        for place, words in enumerate(self._words):
            for word in words:
                holders.setdefault(word, []).append(place)
        return holders


def _overlap(one: Record, other: Record) -> bool:
    a, b = one.values, other.values
    return bool(a["document"] == b["document"] and a["start"] < b["end"] and b["start"] < a["end"])
