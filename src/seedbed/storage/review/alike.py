"""Texts like one: found by the rarest words they share, confirmed by how many of their words agree in order."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from rapidfuzz.distance import Levenshtein

from seedbed.core.record import flat_text
from seedbed.core.tokens import tokens

from .dialect import dialect_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from sqlalchemy import Connection

LOOKED_AT = 24
"""So many words of a text are looked up, the longest of them."""

FREQUENT = 300
"""A word in more texts than this says little about one."""

MOST = 60
"""So many candidates are compared at most, those that share most words."""


def words_in(values: dict[str, Any]) -> list[str]:
    """The words of a record in order, without its label."""
    return tokens(flat_text({name: value for name, value in values.items() if name != "label"}))


def candidates(connection: Connection, words: Sequence[str], own: int) -> list[int]:
    """The numbers of entries that share many words, or rare ones, the most promising first."""
    longest = sorted(dict.fromkeys(words), key=len, reverse=True)[:LOOKED_AT]
    if not longest:
        return []
    # Where all words are frequent, those that have them all, or half of them, are few.
    half = len(longest) // 2
    parts = [longest, longest[:half] or longest, longest[half:]]
    queries = [*([word] for word in longest), *parts]
    shared = Counter[int]()
    having = dialect_of(connection).first_with(connection, queries, FREQUENT)
    for at, (query, found) in enumerate(zip(queries, having, strict=True)):
        if at >= len(longest) or len(found) < FREQUENT:
            for number in found:
                shared[number] += len(query)
    shared.pop(own, None)
    return [number for number, _ in shared.most_common(MOST)]


def likeness(one: Sequence[str], other: Sequence[str]) -> float:
    """The share of words that agree, in order: 1 for the same ones."""
    return float(Levenshtein.normalized_similarity(one, other))
