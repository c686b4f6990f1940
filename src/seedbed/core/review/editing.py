"""A text that a person has typed anew: its spans stay where they belong, by the same algebra as everywhere."""

from __future__ import annotations

import re
from dataclasses import replace
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

from seedbed.core.record import Span
from seedbed.core.spans import Edit, Refused, apply
from seedbed.core.texts.leaves import leaves

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from seedbed.core.record import Record

_PIECES = re.compile(r"\w+|\s+|.", re.DOTALL)
FEW = 2_000
"""Longer changed stretches are one edit: to find what is the same in them takes too long."""


def edits_between(old: str, new: str) -> list[Edit]:
    """What was changed from one text to another, in whole words, as far as can be told."""
    start = _common(old, new)
    end = _common(old[start:][::-1], new[start:][::-1])
    before, after = old[start : len(old) - end], new[start : len(new) - end]
    if len(before) > FEW or len(after) > FEW:
        return [Edit(start, start + len(before), after)]
    ours, theirs = _PIECES.findall(before), _PIECES.findall(after)
    places = [start]
    for piece in ours:
        places.append(places[-1] + len(piece))
    matcher = SequenceMatcher(None, ours, theirs, autojunk=False)
    return [
        Edit(places[i], places[j], "".join(theirs[k:last]))
        for kind, i, j, k, last in matcher.get_opcodes()
        if kind != "equal"
    ]


def retyped(record: Record, values: Mapping[str, Any]) -> tuple[Record, list[Span]]:
    """A record with other values, and the spans that could not be kept: their text or their edge was changed.

    Spans of columns that are as before stay as they are.
    """
    spans, dropped = list[Span](), list[Span]()
    old, new = _texts(record.values), _texts(values)
    found: dict[str, list[Edit]] = {}
    for span in record.spans:
        before, after = old.get(span.field), new.get(span.field)
        if before == after:
            spans.append(span)
            continue
        if before is None or after is None:
            dropped.append(span)
            continue
        if span.field not in found:
            found[span.field] = edits_between(before, after)
        moved = _moved(before, span, found[span.field])
        (spans if moved else dropped).append(moved or span)
    return replace(record, values=dict(values), spans=tuple(spans)), dropped


def misplaced(values: Mapping[str, Any], spans: Iterable[Span]) -> Span | None:
    """The first span that does not lie in the text it is of."""
    texts = _texts(values)
    for span in spans:
        if not 0 <= span.start < span.end <= len(texts.get(span.field, "")) or not span.label.strip():
            return span
    return None


def _moved(text: str, span: Span, edits: list[Edit]) -> Span | None:
    try:
        return apply(text, (span,), edits).spans[0]
    except Refused:
        return None


def _texts(values: Mapping[str, Any]) -> dict[str, str]:
    return {path: value for path, value in leaves(dict(values)) if isinstance(value, str)}


def _common(one: str, other: str) -> int:
    """How many characters are the same from the start; a word is not cut in two."""
    length = min(len(one), len(other))
    same = next((at for at in range(length) if one[at] != other[at]), length)
    while same and _inside(one, same) | _inside(other, same):
        same -= 1
    return same


def _inside(text: str, at: int) -> bool:
    """Whether a word goes on at a place."""
    return at < len(text) and text[at].isalnum() and text[at - 1].isalnum()
