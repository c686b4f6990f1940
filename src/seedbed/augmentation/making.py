"""What one process does with records: sees which transform can change which of them, and makes copies.

All chance of a record comes from the seed, the record's id (its content if it has none) and the transform, so that it
does not matter which process makes a copy, or when.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from seedbed.core.dice import MASK, Dice, stable_hash
from seedbed.core.pace import rare_collections
from seedbed.core.record import Record, Span
from seedbed.core.spans import Refused

from .layers import Columns, Layer, edited

if TYPE_CHECKING:
    from seedbed.core.transform import Editor, Edits, Looker, Mentions, Transform

    from .plan import Plan
    from .provenance import FieldEdits

TRIES = 4
"""So often chance is asked again where a copy would be like another one of its record, or would be refused."""

LABEL = "label"
_SPREAD = 0x9E3779B97F4A7C15
MIX = 0xD1342543DE82EF95
_YOUNG = 100_000
"""New objects before the collector looks for cycles: as good as none arises, and a list of records makes fewer."""


@dataclass(frozen=True, slots=True)
class Spec:
    """All a process needs to know; it can be sent to another one."""

    plan: Plan
    columns: tuple[str, ...]
    mentions: Mentions


class Sights(NamedTuple):
    """What was seen of records: contents and chances as numbers, and a bit for each transform that applies."""

    contents: Sequence[int]
    bases: Sequence[int]
    masks: Sequence[int]


class Wishes(NamedTuple):
    """Records, the chance of each as a number, and for each a bit for each transform that is to change it."""

    records: Sequence[Record]
    bases: Sequence[int]
    masks: Sequence[int]


class Job(NamedTuple):
    """A record that is to be changed by one transform, its texts, and its chance as a number."""

    record: Record
    layers: Sequence[Layer]
    chance: int


class Copy(NamedTuple):
    """A changed record; `work` is the number of the transform in the plan, `content` tells equal ones."""

    work: int
    number: int
    content: int
    values: dict[str, Any]
    spans: tuple[Span, ...]
    edits: list[FieldEdits]


Made = tuple[int, dict[str, Any], tuple[Span, ...], list["FieldEdits"]]
"""Of a copy its content, values, spans and edits."""

_job = partial(tuple.__new__, Job)
_copy = partial(tuple.__new__, Copy)  # in half the time of `Copy(…)`


@dataclass(slots=True)
class Work:
    """One transform of a plan."""

    name: str
    editor: Editor
    looker: Looker
    salt: int
    copies: int
    becomes: Mapping[str, str] | None

    @classmethod
    def of(cls, name: str, transform: Transform, mentions: Mentions) -> Work:
        """That of a transform, for data with these mentions."""
        known = mentions if transform.looks else {}
        editor, looker = transform.editor(known), transform.looker(known)
        if transform.only():
            edit, look = editor, looker
            editor = lambda text, dice: edit(text, dice) if text.spans else ()  # noqa: E731
            looker = lambda text: bool(text.spans) and look(text)  # noqa: E731
        return cls(name, editor, looker, stable_hash(name), transform.copies, transform.becomes)


class Maker:
    """Sees and makes, one list of records after the other.

    Args:
        spec: what is to be done.
    """

    def __init__(self, spec: Spec) -> None:
        self._seed = spec.plan.seed
        self._salt = stable_hash(self._seed)
        self._columns = Columns(spec.columns, spec.plan.roles)
        self._names = spec.columns
        self.works = [
            Work.of(name, one, spec.mentions)
            for one, name in zip(spec.plan.transforms, names_of(spec.plan), strict=True)
        ]

    @rare_collections(_YOUNG)
    def look(self, records: Sequence[Record]) -> Sights:
        """What can be changed by what."""
        contents = [content_of(record.values, record.spans, self._names) for record in records]
        bases = [self._base(record, content) for record, content in zip(records, contents, strict=True)]
        layers = list(map(self._columns.layers, records))
        if {*map(len, layers)} == {1}:
            texts = [text for [(_, text)] in layers]
            seen = [list(map(bool, map(work.looker, texts))) for work in self.works]
        else:
            own_texts = [[text for _, text in own] for own in layers]
            seen = [[any(map(work.looker, own)) for own in own_texts] for work in self.works]
        for number, work in enumerate(self.works):
            if work.becomes:
                seen[number] = _told_of(work.becomes, records, seen[number])
        masks = _Masks()
        return Sights(contents, bases, [masks[row] for row in zip(*seen, strict=True)])

    @rare_collections(_YOUNG)
    def make(self, wishes: Wishes) -> list[list[Copy]]:
        """The copies that are wished of each record; fewer where no further one would differ."""
        records, bases, masks = wishes
        layers = list(map(self._columns.layers, records))
        found: list[list[Copy]] = [[] for _ in records]
        for number, work in enumerate(self.works):
            bit, salt = 1 << number, work.salt
            places = [place for place, mask in enumerate(masks) if mask & bit]
            jobs = [_job((records[at], layers[at], bases[at] ^ salt)) for at in places]
            for place, copies in zip(places, self._copies(number, jobs), strict=True):
                found[place] += copies
        return found

    def bases(self, records: Sequence[Record]) -> list[int]:
        """The chance of each as a number."""
        return [self._base(one, content_of(one.values, one.spans, self._names)) for one in records]

    def _base(self, record: Record, content: int) -> int:
        own = record.id or record.values.get("id")
        return number_of(content, self._salt) if own is None or own == "" else stable_hash(self._seed, own)

    def _copies(self, number: int, jobs: Sequence[Job]) -> Iterator[Iterable[Copy]]:
        """Of each record as many different copies by a transform as are wanted, or as there are."""
        wanted = self.works[number].copies
        found: list[dict[int, Copy]] = [{} for _ in jobs]
        lacking: Sequence[int] = range(len(jobs))
        for attempt in range(wanted * TRIES):
            tried = [jobs[place] for place in lacking]
            for place, made in zip(lacking, self._tried(self.works[number], tried, attempt), strict=True):
                own = found[place]
                if made and made[0] not in own:
                    own[made[0]] = _copy((number, len(own), *made))
            lacking = [place for place in lacking if len(found[place]) < wanted]
            if not lacking:
                break
        return (own.values() for own in found)

    def _tried(self, work: Work, jobs: Sequence[Job], attempt: int) -> list[Made | None]:
        """One copy of each record; None if its edits would leave a span or the text wrong.

        Each step is taken for all of them before the next one: going from step to step for each took half as long
        again, as the processor then has the code of none at hand.
        """
        editor, turn = work.editor, attempt * _SPREAD & MASK
        dice = [Dice(job.chance ^ turn) for job in jobs]
        made = [
            [(layer, edits) for layer in job.layers if (edits := editor(layer.text, own))]
            for job, own in zip(jobs, dice, strict=True)
        ]
        whole = [_edited(job.record, own, work.becomes) for job, own in zip(jobs, made, strict=True)]
        return [
            one and (content_of(*one, self._names), *one, [(layer.field, edits) for layer, edits in own])
            for one, own in zip(whole, made, strict=True)
        ]


def _edited(
    record: Record, made: Sequence[tuple[Layer, Edits]], becomes: Mapping[str, str] | None
) -> tuple[dict[str, Any], tuple[Span, ...]] | None:
    """A copy's values and spans; None if the edits would leave a span or the text wrong."""
    try:
        values, spans = edited(record, made)
    except Refused:
        return None
    if becomes and LABEL in values:
        values[LABEL] = becomes[str(values[LABEL])]
    return values, spans


class _Masks(dict[tuple[bool, ...], int]):
    """Whether each transform can change a record → a bit for each that can."""

    def __missing__(self, row: tuple[bool, ...]) -> int:
        mask = self[row] = sum(1 << number for number, can in enumerate(row) if can)
        return mask


def _told_of(becomes: Mapping[str, str], records: Sequence[Record], seen: Sequence[bool]) -> list[bool]:
    """Which of the records that can be changed have no label, or one of which it is said what it would be."""
    return [
        can and (LABEL not in record.values or str(record.values[LABEL]) in becomes)
        for can, record in zip(seen, records, strict=True)
    ]


def names_of(plan: Plan) -> list[str]:
    """Names of a plan's transforms: their kinds, with a number where a kind comes again."""
    counts = Counter(one.kind for one in plan.transforms)
    met: Counter[str] = Counter()
    names = []
    for one in plan.transforms:
        met[one.kind] += 1
        names.append(one.kind if counts[one.kind] == 1 else f"{one.kind}-{met[one.kind]}")
    return names


def number_of(base: int, salt: int) -> int:
    """By which a record is drawn for a transform."""
    mixed = (base ^ salt) * MIX & MASK
    return (mixed ^ mixed >> 32) * MIX & MASK


def content_of(values: Mapping[str, Any], spans: Sequence[Span], columns: Sequence[str]) -> int:
    """What makes two records the same, as a number: the texts of the columns and the spans."""
    parts = [value if isinstance(value := values.get(column), str) else repr(value) for column in columns]
    for start, end, label, field in spans:
        parts.append(f"{start}\x1f{end}\x1f{label}\x1f{field}")
    return stable_hash("\x1f".join(parts))
