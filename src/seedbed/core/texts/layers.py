"""Spans that share characters, and the one layer that flat formats hold of them."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from seedbed.core.record import Span


def overlapping(spans: Sequence[Span]) -> bool:
    """Whether two different ones of the same column share a character: one inside another, or crossing it."""
    if len(spans) < 2:
        return False
    ordered = sorted({(field, start, end, label) for start, end, label, field in spans if start < end})
    return any(one[0] == other[0] and other[1] < one[2] for one, other in pairwise(ordered))


def outer(spans: Iterable[Span]) -> list[Span]:
    """The longest spans that share no character, in the order of the text.

    They are taken one after the other, the longest first (of equally long ones the first in the text, of those of one
    stretch the first by label), each that shares no character with one taken before. So whatever is left out overlaps
    one that is at least as long.
    """
    kept: list[Span] = []
    for span in sorted({*spans}, key=lambda one: (one.start - one.end, one.start, one.label)):
        if not any(meets(span, other) for other in kept):
            kept.append(span)
    return sorted(kept, key=lambda one: (one.start, one.end, one.label))


def meets(span: Span, other: Span) -> bool:
    """Whether two spans share a character."""
    return span.field == other.field and max(span.start, other.start) < min(span.end, other.end)
