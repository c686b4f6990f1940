"""Texts with their spans written in, as in `[Ann](PER) lives here`, and what a transform makes of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from seedbed.core.dice import Dice
from seedbed.core.editing import Text
from seedbed.core.parts import part_of
from seedbed.core.record import Span
from seedbed.core.spans import apply
from seedbed.transforms.catalog import transforms

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seedbed.core.transform import Transform


def marked(given: str) -> tuple[str, tuple[Span, ...]]:
    """A text and its spans out of one with marks."""
    text, spans, at = "", [], 0
    for mark in re.finditer(r"\[([^\]]*)\]\((\w+)\)", given):
        text += given[at : mark.start()]
        spans.append(Span(len(text), len(text) + len(mark[1]), mark[2]))
        text += mark[1]
        at = mark.end()
    return text + given[at:], tuple(spans)


def shown(text: str, spans: Sequence[Span]) -> str:
    """A text with its spans as marks; they must not overlap."""
    out, at = "", 0
    for span in sorted(spans, key=lambda one: one.start):
        out += f"{text[at : span.start]}[{text[span.start : span.end]}]({span.label})"
        at = span.end
    return out + text[at:]


def transform(kind: str, **settings: Any) -> Transform:
    """A transform by its name."""
    made: Transform = part_of(transforms, {"kind": kind, **settings}, ("transforms", 0))
    return made


def change(
    kind: str, given: str, *, seed: int = 0, mentions: Mapping[str, Sequence[str]] | None = None, **settings: Any
) -> str:
    """What a transform makes of a text with marks, with marks; the text itself if it can change nothing."""
    text, spans = marked(given)
    edits = transform(kind, **settings).editor(mentions or {})(Text(text, spans), Dice(seed))
    return shown(*apply(text, spans, edits)) if edits else given


def changed_by_seeds(kind: str, given: str, seeds: int = 50, **settings: Any) -> set[str]:
    """All that a transform makes of a text with the first seeds."""
    return {change(kind, given, seed=seed, **settings) for seed in range(seeds)}
