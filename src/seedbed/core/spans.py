"""Changes to texts that keep every span where it belongs. `apply` is the only code that changes a text."""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from operator import itemgetter
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
    if len(edits) == 1:  # as there mostly is: nothing to sort and to join then
        ordered, [(start, end, new)] = edits, edits
        if not 0 <= start <= end <= len(text):
            raise Refused(f"the edit of {start} to {end} reaches beyond the text")
        whole = text[:start] + new + text[end:]
    else:
        ordered = _in_order(text, edits)
        whole = _spliced(text, ordered)
    if (not whole or whole.isspace()) and text.strip():
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
    places = sorted([*_places(first), *[(one[0], one[1], 1, one) for one in second]], key=_PLACE)
    found: list[Edit] = []
    at = shift = 0
    while at < len(places):
        begin, end, turn, edit = places[at]
        at, near = at + 1, at
        while at < len(places) and places[at][0] < end:
            end = max(end, places[at][1])
            at += 1
        if at > near + 1:  # edits of both lists that overlap and become one
            one, shift = _merged(places[near:at], between[begin:end], shift)
        elif turn:
            one = Edit(begin - shift, end - shift, edit[2])
        else:
            one, shift = edit, begin + len(edit[2]) - edit[1]
        if found and found[-1][0] == one[0] == one[1] == found[-1][1]:
            found[-1] = Edit(one[0], one[0], found[-1][2] + one[2])
        else:
            found.append(one)
    return found


_Place = tuple[int, int, int, Edit]
"""Where an edit stands in the text between two lists of edits, from and to; 0 for the first list, 1 for the second."""

_PLACE = itemgetter(0, 1, 2)


def _places(edits: Iterable[Edit]) -> Iterator[_Place]:
    """Where the new texts of edits stand once they are made."""
    shift = 0
    for edit in edits:
        start, end, new = edit
        yield start + shift, start + shift + len(new), 0, edit
        shift += len(new) - (end - start)


def _merged(group: Sequence[_Place], between: str, shift: int) -> tuple[Edit, int]:
    """One edit for some of both lists; `between` is what they stand in, `shift` how much longer the text before it is
    than it was, which is also given for the text behind it.
    """
    begin = group[0][0]
    start = begin - shift
    shift += sum(len(edit[2]) - (edit[1] - edit[0]) for _, _, turn, edit in group if not turn)
    news = [Edit(first - begin, last - begin, edit[2]) for first, last, turn, edit in group if turn]
    return Edit(start, begin + len(between) - shift, _spliced(between, news)), shift


def _in_order(text: str, edits: Sequence[Edit]) -> list[Edit]:
    """The edits in order.

    Raises:
        Refused: they overlap, or reach beyond the text.
    """
    ordered = sorted(edits)
    at, last = 0, -1
    for start, end, _ in ordered:
        if start < at or end < start or end > len(text) or start == last == end:
            raise Refused(f"the edit of {start} to {end} overlaps another, or reaches beyond the text")
        at, last = end, start
    return ordered


def _spliced(text: str, ordered: Sequence[Edit]) -> str:
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
    start, end, shift = ordered[0][0], ordered[-1][1], len(whole) - len(text)
    moved = []
    for span in spans:
        first, last, label, field = span
        if last <= start:
            moved.append(span)
        elif end <= first < last:
            moved.append(_span((first + shift, last + shift, label, field)))
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
    if not after or (before.strip() and not after.strip()):
        raise Refused(f"nothing is left of {before!r}")
    for old, new in ((before[:1], after[:1]), (before[-1:], after[-1:])):
        if new.isspace() and not old.isspace():
            raise Refused(f"{after!r} would have a space at an edge that {before!r} has not")
