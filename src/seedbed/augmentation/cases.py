"""Cases of a robustness test: a text, what a transform made of it, and whether a model says the same of both."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from seedbed.core.record import Record, Span
from seedbed.core.spans import Edit, Refused, apply

from .augment import Augmentation, name_of
from .making import LABEL, Spec

if TYPE_CHECKING:
    from seedbed.core.transform import Transform

    from .augment import Tally

Answer = str | tuple[Span, ...]
"""What a model says of a text: its label, or its entities in their order."""


class Case(NamedTuple):
    """A text of the record `parent`, and what it was changed into by `edits`, in the coordinates of `text`.

    `label` and `spans` are what the data say of the text, `moved` its spans in the changed one.
    """

    parent: str
    text: str
    changed: str
    edits: tuple[Edit, ...]
    label: str | None
    spans: tuple[Span, ...]
    moved: tuple[Span, ...]


class Judged(NamedTuple):
    """A case, what was expected of its changed text, and what the model said."""

    case: Case
    expected: Answer
    got: Answer
    passed: bool


def cases_of(transform: Transform, spec: Spec, placed: Sequence[tuple[int, Record]]) -> tuple[list[Case], Tally]:
    """The cases of one transform, and how it went with making them.

    Args:
        transform: what changes the texts.
        spec: says everything else; it has one column.
        placed: the records whose texts are changed, with their places in the data.
    """
    records = [record for _, record in placed]
    names = {name_of(record, i): name_of(record, place) for i, (place, record) in enumerate(placed)}
    plan = spec.plan.model_copy(update={"transforms": (transform,), "mode": "new"})
    made = Augmentation(Spec(plan, spec.columns, spec.mentions), lambda: records)
    [column] = spec.columns
    cases = [_case(copy, column, names[copy.origin["parents"][0]]) for copy in made.records()]
    return cases, made.tallies[0]


def judged(case: Case, before: Answer, after: Answer, *, strict: bool) -> Judged:
    """Whether a model says of the changed text what it said of the original.

    Of entities each must be where `core.spans.apply` moves it, with its label, and there must be no others. A text that
    was inserted at the edge of an entity may or may not be part of it. What has no counterpart in the original is not
    judged: entities that an edit tore, and those that lie in inserted texts. With `strict` it is: an entity is exactly
    where it is moved to, and what is said of torn and inserted stretches is wrong.
    """
    if isinstance(before, str) or isinstance(after, str):
        return Judged(case, before, after, before == after)
    moved = Moved(case, before)
    expected = tuple(place.span for place in moved.places)
    return Judged(case, expected, after, moved.fits(after, strict=strict))


class Place(NamedTuple):
    """Where an entity is expected, and how many inserted characters before and after it may be part of it."""

    span: Span
    before: int
    after: int

    def takes(self, span: Span, *, strict: bool) -> bool:
        """Whether this is the entity."""
        wanted = self.span
        before, after = (0, 0) if strict else (self.before, self.after)
        return (
            span.label == wanted.label
            and wanted.start - before <= span.start <= wanted.start
            and wanted.end <= span.end <= wanted.end + after
        )


class Moved:
    """Entities of an original on their way into the changed text.

    Args:
        case: the texts, and the edits that lead from one to the other.
        entities: what a model found in the original.
    """

    def __init__(self, case: Case, entities: Sequence[Span]) -> None:
        self._inserted = list(_inserted(case.edits))
        inserts = {edit.start: len(edit.new) for edit in case.edits if edit.start == edit.end}
        self.places: list[Place] = []
        self._torn: list[tuple[int, int]] = []
        for span in entities:
            try:
                [moved] = apply(case.text, (span,), case.edits).spans
            except Refused:
                self._torn.append(_remains(span, case.edits))
            else:
                self.places.append(Place(moved, inserts.get(span.start, 0), inserts.get(span.end, 0)))

    def fits(self, found: Sequence[Span], *, strict: bool) -> bool:
        """Whether these are the entities that are expected; see `judged`."""
        if any(not any(place.takes(span, strict=strict) for span in found) for place in self.places):
            return False
        others = [span for span in found if not any(place.takes(span, strict=strict) for place in self.places)]
        return not (others if strict else [span for span in others if not self._is_new(span)])

    def _is_new(self, span: Span) -> bool:
        """Whether the original has no counterpart of this stretch."""
        return any(span.start < end and start < span.end for start, end in self._torn) or any(
            start <= span.start and span.end <= end for start, end in self._inserted
        )


def fitting(pairs: Iterable[tuple[Answer, Case, bool]]) -> float | None:
    """How right answers are by the data: the share of right labels, or the F1 of entities over all texts, each right
    with exact edges and label (as in CoNLL-2003, Tjong Kim Sang and De Meulder). None if the data say nothing of them.

    Args:
        pairs: an answer, its case, and whether it is about the changed text.
    """
    right = said = known = 0
    for answer, case, is_changed in pairs:
        gold: set[Any] = {case.label} - {None}
        own: set[Any] = {answer} if gold else set()
        if not isinstance(answer, str):
            gold = set(map(_key, case.moved if is_changed else case.spans))
            own = set(map(_key, answer))
        right, said, known = right + len(gold & own), said + len(own), known + len(gold)
    return 2 * right / (said + known) if known else None


def _case(copy: Record, column: str, name: str) -> Case:
    parent = copy.origin["parent"]
    own = copy.values.get(LABEL)
    return Case(
        name,
        parent[column],
        copy.values[column],
        tuple(fine for edit in copy.origin["edits"] for fine in _fine(edit)),
        None if own is None or own == "" else str(own),
        tuple(
            Span(one["start"], one["end"], one["label"])
            for one in parent["spans"]
            if one.get("field", "text") == column
        ),
        tuple(span for span in copy.spans if span.field == column),
    )


def _fine(edit: Mapping[str, Any]) -> Iterator[Edit]:
    """An edit that keeps the number of characters moves nothing: letter by letter it tears no entity."""
    start, old, new = edit["start"], edit["old"], edit["new"]
    if len(old) != len(new):
        yield Edit(start, edit["end"], new)
        return
    for at, (before, after) in enumerate(zip(old, new, strict=True), start):
        if before != after:
            yield Edit(at, at + 1, after)


def _inserted(edits: Iterable[Edit]) -> Iterator[tuple[int, int]]:
    """Where inserted texts stand in the changed one."""
    shift = 0
    for start, end, new in edits:
        if start == end:
            yield start + shift, start + shift + len(new)
        shift += len(new) - (end - start)


def _remains(span: Span, edits: Iterable[Edit]) -> tuple[int, int]:
    """Where that is in the changed text which a torn entity, with all the edits that touch it, has become."""
    start, end, before, inside = span.start, span.end, 0, 0
    for edit in edits:
        grown = len(edit.new) - (edit.end - edit.start)
        if edit.start < span.end and span.start < edit.end:
            start, end, inside = min(start, edit.start), max(end, edit.end), inside + grown
        elif edit.end <= span.start:
            before += grown
    return start + before, end + before + inside


def _key(span: Span) -> tuple[int, int, str]:
    return span.start, span.end, span.label
