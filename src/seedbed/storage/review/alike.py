"""Texts like one: found by the rarest words they share, confirmed by how many of their words agree in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rapidfuzz.distance import Levenshtein
from sqlalchemy import text

from seedbed.core.record import flat_text
from seedbed.core.tokens import tokens

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from sqlalchemy import Connection

LOOKED_AT = 24
"""So many words of a text are looked up, the longest of them."""

FREQUENT = 300
"""A word in more texts than this says little about one."""

MOST = 400
"""So many candidates are compared at most."""

_WITH = text("SELECT rowid FROM entry_words WHERE entry_words MATCH :words LIMIT :most")


def words_in(values: dict[str, Any]) -> list[str]:
    """The words of a record in order, without its label."""
    return tokens(flat_text({name: value for name, value in values.items() if name != "label"}))


def candidates(connection: Connection, words: Sequence[str], own: int) -> list[int]:
    """The numbers of entries that share the rarest words, those of the rarest first."""
    longest = sorted(dict.fromkeys(words), key=len, reverse=True)[:LOOKED_AT]
    found = [_having(connection, f'"{word}"') for word in longest]
    rare = sorted((numbers for numbers in found if len(numbers) < FREQUENT), key=len)
    if longest:
        # Where all words are frequent, those that have them all, or half of them, are few.
        half = len(longest) // 2
        parts = [longest, longest[:half] or longest, longest[half:]]
        rare = [_having(connection, " ".join(f'"{word}"' for word in part)) for part in parts] + rare
    chosen = dict.fromkeys(number for numbers in rare for number in numbers if number != own)
    return list(chosen)[:MOST]


def likeness(one: Sequence[str], other: Sequence[str]) -> float:
    """The share of words that agree, in order: 1 for the same ones."""
    return float(Levenshtein.normalized_similarity(one, other))


def _having(connection: Connection, query: str) -> list[int]:
    return list(connection.scalars(_WITH, {"words": query, "most": FREQUENT}))
