"""Records under review as files: written for those who label them elsewhere, and taken back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from seedbed.core.errors import InputError, NotFound
from seedbed.core.review.editing import misplaced
from seedbed.core.review.entry import Change, Wanted
from seedbed.formats.csv import FORMULA
from seedbed.formats.spans import overlaps_in

from .saying import check_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from seedbed.core.record import Record, Span
    from seedbed.core.review.entry import Entry

    from ..output import Output
    from .reviewing import Reviewing

ID, TAGS = "id", "tags"
"""The columns by which a record is known again, and with its tags."""

DATASET = "dataset"
"""The column with the name of its dataset, where a file has records of several."""

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Choice:
    """What is written: with `ids` only these records; as `tasks` with their ids and tags, by which they are known
    again, else as the dataset has them, without those that were declined unless they are asked for. `several` where
    those of other datasets are written beside them, and each says which it is of."""

    ids: tuple[str, ...] = ()
    tasks: bool = True
    several: bool = False

    def entries(self, reviewing: Reviewing, wanted: Wanted) -> Iterable[Entry]:
        """The entries to write."""
        found = reviewing.every(wanted)
        if self.ids:
            found = self._named(reviewing, wanted)
        if self.tasks or wanted.decision is not None:
            return found
        return (entry for entry in found if entry.decision != "declined")

    def count(self, reviewing: Reviewing, wanted: Wanted) -> int:
        """How many entries there are to write; none of them is read, but for those that are named."""
        if self.ids:
            return sum(1 for _ in self.entries(reviewing, wanted))
        count = reviewing.count(wanted)
        if not self.tasks and wanted.decision is None:
            count -= reviewing.count(replace(wanted, decision="declined"))
        return count

    def overlapping(self, reviewing: Reviewing, wanted: Wanted) -> tuple[int, Record | None]:
        """How many of the entries have spans that overlap, and the first of them; nothing is read where none has."""
        if self.ids:
            return overlaps_in(entry.record for entry in self.entries(reviewing, wanted))
        wanted = replace(wanted, overlapping=True)
        count = self.count(reviewing, wanted)
        first = next(iter(self.entries(reviewing, wanted)), None) if count else None
        return (count, first.record) if first else (0, None)

    def _named(self, reviewing: Reviewing, wanted: Wanted) -> Iterator[Entry]:
        if replace(wanted, dataset="", sort="first", handed_over=False) == Wanted(""):
            entries = map(reviewing.entry, dict.fromkeys(self.ids))
            return (entry for entry in entries if entry.work or not wanted.handed_over)
        names = {*self.ids}
        return (entry for entry in reviewing.every(wanted) if entry.record.id in names)


def columns_of(reviewing: Reviewing, entries: Iterable[Entry], *, tasks: bool = True) -> list[str]:
    """The columns of the file, `spans` if there are any; of tasks the record's id first, its tags last.

    Entries are looked at only for columns that the dataset's runs do not name but some of its records have, and only
    until each of them was met.
    """
    known = dict.fromkeys(reviewing.columns)
    wanted = reviewing.columns_met() - known.keys()
    for entry in entries if wanted else ():
        met = [*entry.record.values, *(["spans"] if entry.record.spans else [])]
        known.update(dict.fromkeys(met))
        wanted.difference_update(met)
        if not wanted:
            break
    return [ID, *(name for name in known if name not in (ID, TAGS)), TAGS] if tasks else list(known)


def hand_over(reviewing: Reviewing, chosen: Sequence[str] | Wanted) -> dict[str, int]:
    """Makes annotation tasks of the approved ones among these records that are none yet.

    Args:
        reviewing: their dataset.
        chosen: their ids, or what they are.

    Returns:
        How many became tasks, by how they came to be: `synthetic` and `augmented` ones have that as a tag, `imported`
        ones have none.

    Raises:
        InputError: there is no such record.
    """
    sources = dict[str, int]()

    def handed_over(entry: Entry) -> Change | None:
        if entry.decision != "approved" or entry.work:
            return None
        sources[entry.source] = sources.get(entry.source, 0) + 1
        return Change(entry.record.id, entry.version, work="todo")

    if isinstance(chosen, Wanted):
        reviewing.change_all(replace(chosen, decision="approved", work="", handed_over=False), handed_over)
    else:
        reviewing.change_named(chosen, handed_over)
    return sources


def export(reviewing: Reviewing, wanted: Wanted, output: Output, choice: Choice | None = None) -> int:
    """Writes entries as they stand now, with all that people changed; answers how many.

    Raises:
        InputError: the file cannot be written.
    """
    output.check()
    records, columns = to_export(reviewing, wanted, choice or Choice(), origin=bool(output.with_origin))
    return output.put(records, columns, force=output.force)


def to_export(
    reviewing: Reviewing, wanted: Wanted, choice: Choice, *, origin: bool
) -> tuple[Iterator[Record], list[str]]:
    """Entries as records of a file, read page by page as they are taken, and the columns of the file."""
    columns = columns_of(reviewing, choice.entries(reviewing, wanted), tasks=choice.tasks)
    task = _of_several if choice.several else _record
    written: Callable[[Entry], Record] = task if choice.tasks else attrgetter("record")
    if origin:
        plain = written
        written = lambda entry: replace(plain(entry), origin=reviewing.origin(entry))  # noqa: E731
    return map(written, choice.entries(reviewing, wanted)), columns


def take_back(reviewing: Reviewing, records: Iterable[Record]) -> dict[str, int]:
    """Takes labels, spans and texts over from annotated records, which are known again by their `id`; their tasks are
    done then. It can be undone.

    Returns:
        How many records were `read`, and how many of them `changed` anything.

    Raises:
        InputError: a record has no id, is not of this dataset or comes twice, has no text any more, or a span lies
            outside it; nothing is changed then.
    """
    back = TakingBack(lambda _: reviewing)
    back.read(records)
    return back.write()


class TakingBack:
    """Annotated records on their way back into the datasets they are of: all are read first, then written.

    Args:
        desk: the dataset under review that a record's id is of.
    """

    def __init__(self, desk: Callable[[str], Reviewing]) -> None:
        self._desk = desk
        self._read: dict[str, tuple[Reviewing, dict[str, Record]]] = {}
        self._numbers: dict[str, int] = {}
        self._changed = 0

    def read(self, records: Iterable[Record]) -> None:
        """Looks at all of them; nothing is changed.

        Raises:
            InputError: a record has no id, is of none of these datasets or comes twice, has no text any more, or a
                span lies outside it.
        """
        numbered = enumerate(records, 1)
        while some := list(islice(numbered, CHUNK)):
            of: dict[str, tuple[Reviewing, dict[str, Record]]] = {}
            for number, record in some:
                name, desk = self._named(number, record)
                of.setdefault(desk.dataset, (desk, {}))[1][name] = record
            for desk, given in of.values():
                self._look(desk, given, self._read.setdefault(desk.dataset, (desk, {}))[1])

    def write(self) -> dict[str, int]:
        """Makes the records what they say now, and their tasks done; what was read of a dataset is one step to take
        back.

        Returns:
            How many were `read`, and how many of them `changed` anything.
        """
        for desk, given in self._read.values():
            desk.change_each([*given], lambda entry, given=given: self._back(entry, given))  # type: ignore[misc]
        return {"read": len(self._numbers), "changed": self._changed}

    def _named(self, number: int, record: Record) -> tuple[str, Reviewing]:
        name = str(record.values.get(ID) or record.id)
        if not name:
            hint = "Files of `seedbed tasks export` have it: keep the column `id`."
            raise InputError(f"Record {number} has no `id`, by which it would be known again.", hint)
        if name in self._numbers:
            raise _twice(number, name)
        self._numbers[name] = number
        try:
            return name, self._desk(name)
        except NotFound as error:
            raise NotFound(f"Record {number}: {error.message}", error.hint) from None

    def _look(self, desk: Reviewing, given: dict[str, Record], read: dict[str, Record]) -> None:
        known = desk.met([*given])
        for name, record in given.items():
            place = f"Record {self._numbers[name]}"
            if name not in known:
                hint = f"See them: seedbed review list {desk.dataset}"
                raise NotFound(f"{place}: The dataset {desk.dataset} has no record {name}.", hint)
            values, spans = _annotated(known[name], record)
            _check_text(known[name], values, self._numbers[name])
            if wrong := misplaced(values, spans):
                raise InputError(
                    f"{place}: the span {wrong.start} to {wrong.end} does not lie in `{wrong.field}`.",
                    "Count `start` and `end` in characters of the text; `end` is the first after the span.",
                )
            own = known[name].record.id  # a name may be written in more than one way
            if own in read:
                raise _twice(self._numbers[name], own)
            read[own] = record

    def _back(self, entry: Entry, given: dict[str, Record]) -> Change:
        values, spans = _annotated(entry, given[entry.record.id])
        self._changed += (values, spans) != (entry.record.values, entry.record.spans)
        return Change(entry.record.id, entry.version, work="done", values=values, spans=spans)


def _twice(number: int, name: str) -> InputError:
    return InputError(f"Record {number}: {name} is there twice.", "Leave one of them out.")


def _annotated(entry: Entry, record: Record) -> tuple[dict[str, Any], tuple[Span, ...]]:
    """The values and the spans that an entry is to have."""
    own = entry.record.values
    values = {name: fused(value, own[name]) for name, value in record.values.items() if name in own and name != ID}
    whole = {**own, **values}
    return whole, record.spans or _spans_stay(entry, whole)


def _check_text(entry: Entry, values: dict[str, Any], number: int) -> None:
    try:
        check_text(entry.record, values)
    except InputError as error:
        raise InputError(f"Record {number}, {entry.record.id}: {error.message}", error.hint) from None


def fused(value: Any, own: Any) -> Any:
    """A text without the apostrophe that kept a spreadsheet from taking it for a formula; an `own` one stays."""
    if isinstance(value, str) and value != own and value[:1] == "'" and FORMULA.match(value, 1):
        return value if isinstance(own, str) and own[:1] == "'" else value[1:]
    return value


def _spans_stay(entry: Entry, values: dict[str, Any]) -> Any:
    """A file without spans says nothing about them, unless the texts are others."""
    return entry.record.spans if values == entry.record.values else ()


def _record(entry: Entry) -> Record:
    record = entry.record
    values: dict[str, Any] = {ID: record.id, **record.values, TAGS: list(record.tags)}
    return replace(record, values=values)


def _of_several(entry: Entry) -> Record:
    record = _record(entry)
    return replace(record, values={ID: record.id, DATASET: entry.dataset, **record.values})
