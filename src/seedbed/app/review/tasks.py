"""Records under review as files: written for those who label them elsewhere, and taken back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from seedbed.core.errors import InputError
from seedbed.core.review.editing import misplaced
from seedbed.core.review.entry import Change, Wanted
from seedbed.formats.csv import FORMULA
from seedbed.formats.spans import overlaps_in

from .saying import check_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from seedbed.core.record import Record
    from seedbed.core.review.entry import Entry

    from ..output import Output
    from .reviewing import Reviewing

ID, TAGS = "id", "tags"
"""The columns by which a record is known again, and with its tags."""

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Choice:
    """What is written: with `ids` only these records; as `tasks` with their ids and tags, by which they are known
    again, else as the dataset has them, without those that were declined unless they are asked for."""

    ids: tuple[str, ...] = ()
    tasks: bool = True

    def entries(self, reviewing: Reviewing, wanted: Wanted) -> Iterable[Entry]:
        """The entries to write."""
        found = reviewing.every(wanted)
        if self.ids:
            found = self._named(reviewing, wanted)
        if self.tasks or wanted.decision is not None:
            return found
        return (entry for entry in found if entry.decision != "declined")

    def overlapping(self, reviewing: Reviewing, wanted: Wanted) -> tuple[int, Record | None]:
        """How many of the entries have spans that overlap, and the first of them; nothing is read where none has."""
        if self.ids:
            return overlaps_in(entry.record for entry in self.entries(reviewing, wanted))
        wanted = replace(wanted, overlapping=True)
        count = reviewing.count(wanted)
        if not self.tasks and wanted.decision is None:
            count -= reviewing.count(replace(wanted, decision="declined"))
        first = next(iter(self.entries(reviewing, wanted)), None) if count else None
        return (count, first.record) if first else (0, None)

    def _named(self, reviewing: Reviewing, wanted: Wanted) -> Iterator[Entry]:
        if replace(wanted, dataset="", sort="first", handed_over=False) == Wanted(""):
            entries = map(reviewing.entry, self.ids)
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


def hand_over(reviewing: Reviewing, records: Sequence[str]) -> int:
    """Makes annotation tasks of the approved ones among these records that are none yet; answers how many.

    Raises:
        InputError: there is no such record.
    """

    def handed_over(entry: Entry) -> Change | None:
        approved = entry.decision == "approved" and not entry.work
        return Change(entry.record.id, entry.version, work="todo") if approved else None

    return reviewing.change_named(records, handed_over)


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
    written: Callable[[Entry], Record] = _record if choice.tasks else attrgetter("record")
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
    found = dict[str, Change]()
    changed = 0
    for number, record in enumerate(records, 1):
        entry = _known(reviewing, record, number)
        if entry.record.id in found:
            raise InputError(f"Record {number}: {entry.record.id} is there twice.", "Leave one of them out.")
        own = entry.record.values
        values = {name: fused(value, own[name]) for name, value in record.values.items() if name in own and name != ID}
        whole = {**own, **values}
        _check_text(entry, whole, number)
        spans = record.spans or _spans_stay(entry, whole)
        if wrong := misplaced(whole, spans):
            raise InputError(f"Record {number}: the span {wrong.start} to {wrong.end} does not lie in `{wrong.field}`.")
        changed += (whole, spans) != (entry.record.values, entry.record.spans)
        found[entry.record.id] = Change(entry.record.id, entry.version, work="done", values=whole, spans=spans)
    changes = list(found.values())
    for start in range(0, len(changes), CHUNK):
        reviewing.change(changes[start : start + CHUNK])
    return {"read": len(changes), "changed": changed}


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


def _known(reviewing: Reviewing, record: Record, number: int) -> Entry:
    name = str(record.values.get(ID) or record.id)
    if not name:
        hint = "Files of `seedbed tasks export` have it: keep the column `id`."
        raise InputError(f"Record {number} has no `id`, by which it would be known again.", hint)
    try:
        return reviewing.entry(name)
    except InputError as error:
        raise InputError(f"Record {number}: {error.message}", error.hint) from None


def _spans_stay(entry: Entry, values: dict[str, Any]) -> Any:
    """A file without spans says nothing about them, unless the texts are others."""
    return entry.record.spans if values == entry.record.values else ()


def _record(entry: Entry) -> Record:
    record = entry.record
    values: dict[str, Any] = {ID: record.id, **record.values, TAGS: list(record.tags)}
    return replace(record, values=values)
