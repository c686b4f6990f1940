"""Says where spans belong after edits, without any of the code that puts them there."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from seedbed.core.record import Span


class Letter(NamedTuple):
    """A letter of the new text, and the stretch of the old one it stands for; `first == last` if for none of it."""

    letter: str
    first: int
    last: int


def letters(text: str, edits: Iterable[tuple[int, int, str]]) -> list[Letter]:
    """The new text letter by letter."""
    at_place: dict[int, list[tuple[int, str]]] = {}
    for start, end, new in edits:
        at_place.setdefault(start, []).append((end, new))
    found: list[Letter] = []
    places = sorted(at_place)
    at = 0
    while at <= len(text):
        replaced = at
        for end, new in sorted(at_place.get(at, ())):
            found += [Letter(letter, at, end) for letter in new]
            replaced = max(replaced, end)
        if replaced == at:
            k = bisect_right(places, at)
            until = min(places[k], len(text)) if k < len(places) else len(text)
            found += map(Letter, text[at:until], range(at, until), range(at + 1, until + 1))
            at = max(until, at + 1)
        else:
            # What follows is not looked at; edits inside a replaced stretch would be lost, and the texts differ.
            at = replaced
            if at_place.get(at):
                continue
    return found


Edits = Sequence[tuple[int, int, str]]


def wrong(text: str, spans: Sequence[Span], edits: Edits, new: str, moved: Sequence[Span]) -> str:
    """What is wrong with a text and its spans after edits; empty if nothing is."""
    made = letters(text, edits)
    if "".join(one.letter for one in made) != new:
        return f"the edits {edits} do not make {new!r} of {text!r}"
    if len(spans) != len(moved):
        return f"{len(spans)} spans became {len(moved)}"
    problems = (_wrong(made, old, span, text, new) for old, span in zip(spans, moved, strict=True))
    return next(filter(None, problems), "")


def _wrong(made: Sequence[Letter], old: Span, span: Span, text: str, new: str) -> str:
    near = [(i, one) for i, one in enumerate(made) if one.first <= old.end and old.start <= one.last]
    inside = [i for i, one in near if _inside(one, old)]
    if not inside or (inside[0], inside[-1] + 1) != (span.start, span.end):
        return f"{old} of {text!r} is {inside[:1]}–{inside[-1:]} in {new!r}, not {span}"
    if len(inside) != span.end - span.start or any(_crosses(one, old) for _, one in near):
        return f"{old} of {text!r} is torn in {new!r}"
    before, after = text[old.start : old.end], new[span.start : span.end]
    if before == before.strip() and after != after.strip():
        return f"{before!r} took in space: {after!r}"
    return "" if (old.label, old.field) == (span.label, span.field) else f"{old} became {span}"


def _inside(one: Letter, span: Span) -> bool:
    if one.first == one.last:
        return span.start < one.first < span.end
    return span.start <= one.first and one.last <= span.end


def _crosses(one: Letter, span: Span) -> bool:
    if one.first == one.last or one.last <= span.start or one.first >= span.end:
        return False
    return not _inside(one, span)
