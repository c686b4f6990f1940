"""Changes to texts that keep every span where it belongs. `apply` is the only code that changes a text."""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from .record import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


class Edit(NamedTuple):
    """Code points `start` to `end` (exclusive) of the original text become `new`; `start == end` inserts."""

    start: int
    end: int
    new: str


class Recast(NamedTuple):
    """The whole text in other letters, each in the place of one: no span moves."""

    text: str


class Refused(ValueError):
    """An edit that would leave a span or the text wrong. Nothing is changed."""


class Edited(NamedTuple):
    """A text after its edits, and its spans."""

    text: str
    spans: tuple[Span, ...]


_edited = partial(tuple.__new__, Edited)  # in half the time of `Edited(…)`
_span = partial(tuple.__new__, Span)


def apply(text: str, spans: Sequence[Span], edits: Sequence[Edit] | Recast) -> Edited:
    """The text with all edits made, and its spans moved along.

    Edits are in the coordinates of `text`. One inside a span, or of all of it, changes what the span holds; one beside
    a span moves it; what is inserted at the edge of a span stays outside it.

    Args:
        text: the original.
        spans: those of this text; they may nest or overlap.
        edits: in any order.

    Raises:
        Refused: edits overlap, reach beyond the text, cross a boundary of a span, leave nothing of the text or of a
            span, or leave a span with space at an edge that had none.
    """
    if isinstance(edits, Recast):
        return _recast(text, spans, edits.text)
    ordered = sorted(edits) if len(edits) > 1 else edits
    at, last = 0, -1
    for start, end, _ in ordered:
        if start < at or end < start or end > len(text) or start == last == end:
            raise Refused(f"the edit of {start} to {end} overlaps another, or reaches beyond the text")
        at, last = end, start
    whole = _spliced(text, ordered)
    if not whole.strip() and text.strip():
        raise Refused("nothing would be left of the text")
    return _edited((whole, tuple(_all_moved(spans, ordered, text, whole) if spans and ordered else spans)))


def changes(text: str, spans: Sequence[Span], edits: Iterable[Edit] | Recast) -> list[Edit]:
    """The edits in order; of a recast text one for each stretch between two boundaries of spans, cut to what differs.

    Args:
        text: the original.
        spans: those of this text.
        edits: what `apply` was given.
    """
    if not isinstance(edits, Recast):
        return sorted(edits)
    whole, found = edits.text, list[Edit]()
    borders = sorted({0, len(text), *[span.start for span in spans], *[span.end for span in spans]})
    for start, end in pairwise(borders):
        if text[start:end] != whole[start:end]:
            while text[start] == whole[start]:
                start += 1  # noqa: PLW2901 - what is the same is no part of the edit
            while text[end - 1] == whole[end - 1]:
                end -= 1  # noqa: PLW2901
            found.append(Edit(start, end, whole[start:end]))
    return found


def composed(text: str, first: Sequence[Edit], second: Sequence[Edit]) -> list[Edit]:
    """One list of edits that does what two lists do, one after the other.

    Args:
        text: the text the first list changes.
        first: in order, in the coordinates of `text`.
        second: in order, in the coordinates of what the first list makes of it.
    """
    between = _spliced(text, first)
    found: list[Edit] = []
    shift = 0
    for begin, end, olds, news in _groups([*_places(first), *(_Place(*one[:2], one, 1) for one in second)]):
        start = begin - shift
        shift += sum(len(one.new) - (one.end - one.start) for one in olds)
        inner = [Edit(one.start - begin, one.end - begin, one.new) for one in news]
        new = _spliced(between[begin:end], inner)
        if found and found[-1].start == start == end - shift == found[-1].end:
            found[-1] = Edit(start, start, found[-1].new + new)
        else:
            found.append(Edit(start, end - shift, new))
    return found


class _Place(NamedTuple):
    """An edit and where it stands in the text between two lists of edits; `turn` is 0 for the first list."""

    start: int
    end: int
    edit: Edit
    turn: int


def _places(edits: Iterable[Edit]) -> Iterator[_Place]:
    """Where the new texts of edits stand once they are made."""
    shift = 0
    for edit in edits:
        start = edit.start + shift
        yield _Place(start, start + len(edit.new), edit, 0)
        shift += len(edit.new) - (edit.end - edit.start)


def _groups(places: list[_Place]) -> Iterator[tuple[int, int, list[Edit], list[Edit]]]:
    """Edits of both lists that overlap and must become one, with where they stand."""
    group: list[_Place] = []
    end = 0
    for place in sorted(places, key=lambda one: (one.start, one.end, one.turn)):
        if group and place.start >= end:
            yield _group(group, end)
            group = []
        group.append(place)
        end = max(end, place.end)
    if group:
        yield _group(group, end)


def _group(places: list[_Place], end: int) -> tuple[int, int, list[Edit], list[Edit]]:
    olds, news = ([one.edit for one in places if one.turn == turn] for turn in (0, 1))
    return places[0].start, end, olds, news


def _spliced(text: str, ordered: Sequence[Edit]) -> str:
    if len(ordered) == 1:
        start, end, new = ordered[0]
        return text[:start] + new + text[end:]
    pieces: list[str] = []
    at = 0
    for start, end, new in ordered:
        pieces += (text[at:start], new)
        at = end
    pieces.append(text[at:])
    return "".join(pieces)


def _recast(text: str, spans: Sequence[Span], whole: str) -> Edited:
    if len(whole) != len(text):
        raise Refused(f"a text of {len(text)} characters cannot be recast into {len(whole)}")
    for start, end, _, _ in spans:
        _check_edges(text, start, end, whole, start, end)
    return Edited(whole, tuple(spans))


def _all_moved(spans: Sequence[Span], ordered: Sequence[Edit], text: str, whole: str) -> list[Span]:
    """The spans in the new text.

    Raises:
        Refused: as `_moved` says.
    """
    first, end = ordered[0][:2]
    if len(ordered) > 1:
        return [span if span[1] <= first else _moved(span, ordered, text, whole) for span in spans]
    shift = len(whole) - len(text)
    moved = []
    for span in spans:
        start, last, label, field = span
        if last <= first:
            moved.append(span)
        elif end <= start:
            moved.append(_span((start + shift, last + shift, label, field)))
        else:
            moved.append(_moved(span, ordered, text, whole))
    return moved


def _moved(span: Span, ordered: Sequence[Edit], text: str, whole: str) -> Span:
    """The span in the new text.

    Raises:
        Refused: an edit crosses its boundary, or it is spoiled.
    """
    first, last, label, field = span
    shift = grown = 0
    touched = False
    for start, end, new in ordered:
        if start >= last:
            break
        if end <= first:
            shift += len(new) - end + start
        elif start >= first and end <= last:
            grown += len(new) - end + start
            touched = True
        else:
            raise Refused(f"an edit of {start} to {end} crosses the boundary of the span {first} to {last}")
    begin, stop = first + shift, last + shift + grown
    if touched:
        _check_edges(text, first, last, whole, begin, stop)
    return _span((begin, stop, label, field)) if shift or grown else span


def _check_edges(text: str, first: int, last: int, whole: str, begin: int, stop: int) -> None:
    """A span keeps something, and gets no space at an edge that had none.

    Raises:
        Refused: it does not.
    """
    if begin < stop and not whole[begin].isspace() and not whole[stop - 1].isspace():
        return
    before, after = text[first:last], whole[begin:stop]
    if before.strip() and not after.strip():
        raise Refused(f"nothing is left of {before!r}")
    for old, new in ((before[:1], after[:1]), (before[-1:], after[-1:])):
        if new.isspace() and not old.isspace():
            raise Refused(f"{after!r} would have a space at an edge that {before!r} has not")
