"""Finding phrases in texts by code points: exactly, or not at all."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from unicodedata import category

from ..record import Span
from ..tokens import is_unspaced

if TYPE_CHECKING:
    from collections.abc import Iterable

JOINERS = frozenset("\u200d\u200c\ufe0f")
"""They belong to the character before or after them."""


def occurrences(text: str, phrase: str) -> list[tuple[int, int]]:
    """Where a phrase stands in a text, as whole words, not overlapping; start and end (exclusive) in code points.

    A phrase inside a longer word ("Ann" in "Anna") is none, nor one whose last letter goes on with a combining mark.
    Scripts written without spaces have no such edges.
    """
    if not phrase:
        return []
    found = (match.span() for match in re.finditer(re.escape(phrase), text))
    return [(start, end) for start, end in found if _is_edge(text, start) and _is_edge(text, end)]


def located(text: str, phrases: Iterable[tuple[str, str]], field: str = "text") -> tuple[list[Span], list[str]]:
    """The spans of (phrase, label) pairs, every occurrence of each, and the phrases that are not there.

    Longer phrases come first: what lies inside another's span is that span's. A phrase given under two labels counts
    under the first.
    """
    taken: list[tuple[int, int, str]] = []
    missing: list[str] = []
    labels: dict[str, str] = {}
    for phrase, label in phrases:
        labels.setdefault(phrase, label)
    for phrase, label in sorted(labels.items(), key=lambda pair: -len(pair[0])):
        places = occurrences(text, phrase)
        free = [place for place in places if not any(place[0] < end and start < place[1] for start, end, _ in taken)]
        taken += [(start, end, label) for start, end in free]
        if not places:
            missing.append(phrase)
    return [Span(start, end, label, field) for start, end, label in sorted(taken)], missing


def _is_edge(text: str, at: int) -> bool:
    """Whether a word may begin or end here."""
    if at <= 0 or at >= len(text):
        return True
    before, after = text[at - 1], text[at]
    if category(after)[0] == "M" or after in JOINERS or before == "\u200d":
        return False
    if (before, after) == ("\r", "\n"):
        return False
    if not (_is_letter(before) and _is_letter(after)):
        return True
    return is_unspaced(before) or is_unspaced(after)


def _is_letter(letter: str) -> bool:
    return letter.isalnum() or letter == "_" or category(letter)[0] == "M"
