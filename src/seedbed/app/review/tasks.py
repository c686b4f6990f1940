"""Records under review as files: written for those who label them elsewhere, and taken back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

from seedbed.core.errors import InputError
from seedbed.core.review.editing import misplaced
from seedbed.core.review.entry import Change

if TYPE_CHECKING:
    from collections.abc import Iterable

    from seedbed.core.record import Record
    from seedbed.core.review.entry import Entry, Wanted

    from ..output import Output
    from .reviewing import Reviewing

ID, TAGS = "id", "tags"
"""The columns by which a record is known again, and with its tags."""

CHUNK = 500


class Showing(Protocol):
    """A dataset under review, here or at a server."""

    columns: list[str]

    def every(self, wanted: Wanted) -> Iterable[Entry]:
        """All entries that are wanted."""
        ...


def columns_of(reviewing: Showing, wanted: Wanted) -> list[str]:
    """The columns of the file: the record's id first, `spans` if there are any, its tags last."""
    known = dict.fromkeys(reviewing.columns)
    for entry in reviewing.every(wanted):
        known.update(dict.fromkeys(entry.record.values))
        if entry.record.spans:
            known["spans"] = None
    return [ID, *(name for name in known if name not in (ID, TAGS)), TAGS]


def export(reviewing: Showing, wanted: Wanted, output: Output) -> int:
    """Writes entries as they stand now, with all that people changed; answers how many.

    Raises:
        InputError: the file cannot be written.
    """
    output.check()
    columns = columns_of(reviewing, wanted)
    return output.put(map(_record, reviewing.every(wanted)), columns, force=output.force)


def take_back(reviewing: Reviewing, records: Iterable[Record]) -> dict[str, int]:
    """Takes labels, spans and texts over from annotated records, which are known again by their `id`; their tasks are
    done then. It can be undone.

    Returns:
        How many records were `read`, and how many of them `changed` anything.

    Raises:
        InputError: a record has no id, is not of this dataset or comes twice, or a span lies outside its text; nothing
            is changed then.
    """
    found = dict[str, Change]()
    changed = 0
    for number, record in enumerate(records, 1):
        entry = _known(reviewing, record, number)
        if entry.record.id in found:
            raise InputError(f"Record {number}: {entry.record.id} is there twice.", "Leave one of them out.")
        values = {name: value for name, value in record.values.items() if name in entry.record.values and name != ID}
        whole = {**entry.record.values, **values}
        spans = record.spans or _spans_stay(entry, whole)
        if wrong := misplaced(whole, spans):
            raise InputError(f"Record {number}: the span {wrong.start} to {wrong.end} does not lie in `{wrong.field}`.")
        changed += (whole, spans) != (entry.record.values, entry.record.spans)
        found[entry.record.id] = Change(entry.record.id, entry.version, work="done", values=whole, spans=spans)
    changes = list(found.values())
    for start in range(0, len(changes), CHUNK):
        reviewing.change(changes[start : start + CHUNK])
    return {"read": len(changes), "changed": changed}


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
