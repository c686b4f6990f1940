"""Texts in the eyes of the desk, which compares them and is shown none."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from seedbed.core.dice import stable_hash
from seedbed.core.near.finder import Prepared

from ..reports.dedup import spoken

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


@dataclass(slots=True)
class Hashed:
    """The texts of some records: the hash of each (0 for no text) and those of its words, end to end."""

    keys: array[int] = field(default_factory=lambda: array("Q"))
    counts: array[int] = field(default_factory=lambda: array("L"))
    words: array[int] = field(default_factory=lambda: array("Q"))

    def take(self, text: str, *, words: bool = True) -> None:
        """One more text, with its words or without."""
        prepared = Prepared.of(text, stable_hash)
        self.keys.append(0 if spoken(text) is None else prepared.key or 1)
        self.counts.append(len(prepared.words) if words else 0)
        if words:
            self.words.extend(prepared.words)

    def texts(self) -> Iterator[tuple[Prepared | None, Sequence[int]]]:
        """The texts, None for none, and their words."""
        start = 0
        for key, count in zip(self.keys, self.counts, strict=True):
            words = self.words[start : start + count]
            yield Prepared(key, words) if key else None, words
            start += count
