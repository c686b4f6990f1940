"""Datasets as reports see them, from files, runs and datasets of the workspace."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from seedbed.augmentation.layers import main_columns
from seedbed.core.errors import InputError, nearest
from seedbed.core.record import flat_text
from seedbed.reports.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from seedbed.core.record import Record, Span

VALUES = 60
"""A column with more different values than this, or with one for every second record, is no axis."""
LABELS = 1000
ANSWERS = ("answer", "data")
"""Columns with what is right to say of a text."""
_NOT_AXES = {"id", "text", "label", "model", "prompt", "reasoning", "spans", "state", "tags", "origin"}


def table_of(
    records: Iterable[Record],
    columns: Sequence[str] = (),
    label: str | None = None,
    axes: Sequence[str] | None = None,
) -> Table:
    """A table of records.

    Args:
        records: what is measured.
        columns: those with the texts; if none are given, the main ones of the dataset.
        label: the column with the label; `label` if not given.
        axes: the columns by which records are counted; if not given, those with few different values.

    Raises:
        InputError: there are no records, no texts, or no such column.
    """
    rows = list(records)
    if not rows:
        raise InputError("There are no records to report on.")
    known = [*dict.fromkeys(name for record in rows for name in record.values)]
    for name in (*columns, *([label] if label else []), *(axes or ())):
        if name not in known:
            raise InputError(f"There is no column `{name}`.", nearest(name, known))
    texts = tuple(columns) or main_columns(known)
    counted = axes if axes is not None else _axes(rows, known, {*texts, label or "label"})
    ids = [record.id or str(record.values.get("id") or "") for record in rows]
    answer = next((name for name in ANSWERS if name in known and name not in texts), None)
    return Table(
        [name_of(record, place) for place, record in enumerate(rows, 1)],
        [text_of(record, texts) for record in rows],
        _column(rows, label or "label"),
        [model_of(record) for record in rows],
        _column(rows, "prompt") if "prompt" in known and "prompt" not in texts else [""] * len(rows),
        {name: _column(rows, name) for name in counted},
        ids=ids,
        spans=_spans(rows, texts),
        answers=[record.values.get(answer) for record in rows] if answer else (),
    )


def name_of(record: Record, place: int) -> str:
    """What a record is called: by its id, or else by its place, counted from 1."""
    return record.id or str(record.values.get("id") or f"record {place}")


def text_of(record: Record, columns: Sequence[str]) -> str:
    """The texts of a record's columns, put together."""
    return flat_text([record.values.get(name) for name in columns])


def label_of(record: Record, column: str) -> str:
    """The label of a record as a text; empty if it has none."""
    return _text(record.values, column)


def _spans(rows: Sequence[Record], texts: Sequence[str]) -> Sequence[tuple[Span, ...]]:
    """The spans of the texts, where one column holds these."""
    if len(texts) != 1 or not any(record.spans for record in rows):
        return ()
    return [tuple(span for span in record.spans if span.field == texts[0]) for record in rows]


class Candidates:
    """Columns that may be axes: those with few different values, which are not texts, labels or what made them.

    Args:
        known: all columns.
        others: those that are something else.
    """

    def __init__(self, known: Sequence[str], others: AbstractSet[str]) -> None:
        self.counts: dict[str, Counter[str]] = {
            name: Counter() for name in known if name not in _NOT_AXES and name not in others
        }

    def add(self, record: Record) -> None:
        """One more record."""
        for name, counts in [*self.counts.items()]:
            value = record.values.get(name)
            if not isinstance(value, str | int | bool | None):
                del self.counts[name]
                continue
            counts["" if value is None else str(value)] += 1
            if len(counts) > VALUES:
                del self.counts[name]

    def take_in(self, other: Candidates) -> None:
        """Further records of the same columns."""
        for name, counts in [*self.counts.items()]:
            if name in other.counts:
                counts.update(other.counts[name])
            if name not in other.counts or len(counts) > VALUES:
                del self.counts[name]

    def axes(self, records: int) -> dict[str, Counter[str]]:
        """Those that are, of so many records."""
        return {name: own for name, own in self.counts.items() if 1 < len(own) <= max(2, records // 2)}


def _axes(rows: Sequence[Record], known: Sequence[str], others: set[str]) -> list[str]:
    candidates = Candidates(known, others)
    for record in rows:
        candidates.add(record)
    return [*candidates.axes(len(rows))]


def _column(rows: Sequence[Record], name: str) -> list[str]:
    """The values of a column as texts; equal ones are one object."""
    kept: dict[str, str] = {}
    return [kept.setdefault(value, value) for value in (_text(record.values, name) for record in rows)]


def _text(values: Mapping[str, Any], name: str) -> str:
    value = values.get(name)
    return value if isinstance(value, str) else "" if value is None else flat_text(value)


def model_of(record: Record) -> str:
    return str(record.values.get("model") or record.origin.get("model") or "")
