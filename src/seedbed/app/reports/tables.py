"""Datasets as reports see them, from files, runs and datasets of the workspace."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import repeat
from typing import TYPE_CHECKING, Any, overload

from seedbed.augmentation.layers import main_columns
from seedbed.core.errors import InputError, NoRecords, nearest
from seedbed.core.record import flat_text
from seedbed.reports.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Set as AbstractSet

    from seedbed.core.record import Record, Span

VALUES = 60
"""A column with more different values than this, or with one for every second record, is no axis."""
LABELS = 1000
SHORT, MANY = 60, 10_000
"""Texts of so many characters are looked for among those met, of which so many are kept."""
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
    rows = _Columns(records)
    if not rows.ids:
        raise NoRecords("There are no records to report on.")
    known = [*rows.values]
    for name in (*columns, *([label] if label else []), *(axes or ())):
        if name not in known:
            raise InputError(f"There is no column `{name}`.", nearest(name, known))
    texts = tuple(columns) or main_columns(known)
    counted = axes if axes is not None else _axes(rows, {*texts, label or "label"})
    answer = next((name for name in ANSWERS if name in known and name not in texts), None)
    return Table(
        _Names(rows.ids),
        rows.texts(texts),
        rows.column(label or "label"),
        rows.models,
        rows.column("prompt") if "prompt" in known and "prompt" not in texts else [""] * len(rows.ids),
        {name: rows.column(name) for name in counted},
        ids=rows.ids,
        spans=_spans(rows.spans, texts),
        answers=rows.values[answer] if answer else (),
    )


class _Columns:
    """What is measured of records, column by column, each record read once and let go: `values` by column (None where a
    record has none), `spans`, and of each the id, or the value of a column of that name, and the model."""

    def __init__(self, records: Iterable[Record]) -> None:
        self.values: dict[str, list[Any]] = {}
        self.spans: list[tuple[Span, ...]] = []
        self.ids: list[str] = []
        self.models: list[str] = []
        self._kept: dict[str, str] = {}
        for record in records:
            self._take(record)

    def texts(self, columns: Sequence[str]) -> list[str]:
        """The texts of these columns, put together."""
        none = repeat(None, len(self.ids))
        if len(columns) == 1:
            return [flat_text([value]) for value in self.values.get(columns[0], none)]
        return [flat_text(list(row)) for row in zip(*(self.values.get(name, none) for name in columns), strict=True)]

    def column(self, name: str) -> list[str]:
        """The values of a column as texts; equal ones are one object."""
        kept: dict[str, str] = {}
        values = self.values.get(name) or repeat(None, len(self.ids))
        return [kept.setdefault(value, value) for value in map(_plain, values)]

    def _take(self, record: Record) -> None:
        for name, value in record.values.items():
            column = self.values.get(name)
            if column is None:
                column = self.values[name] = [None] * len(self.ids)
            column.append(self._one(value) if isinstance(value, str) else value)
        self.ids.append(record.id or str(record.values.get("id") or ""))
        self.models.append(self._one(model_of(record)))
        self.spans.append(record.spans)
        for column in self.values.values():
            if len(column) < len(self.ids):
                column.append(None)

    def _one(self, value: str) -> str:
        """Equal texts are one object where they are short and not too many."""
        if len(value) > SHORT:
            return value
        return self._kept.setdefault(value, value) if len(self._kept) < MANY else self._kept.get(value, value)


class _Names(Sequence[str]):
    """What records are called: by their ids, or else by their places, counted from 1."""

    def __init__(self, ids: Sequence[str]) -> None:
        self._ids = ids

    def __len__(self) -> int:
        return len(self._ids)

    @overload
    def __getitem__(self, place: int) -> str: ...

    @overload
    def __getitem__(self, place: slice) -> list[str]: ...

    def __getitem__(self, place: int | slice) -> str | list[str]:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self)))]
        return self._ids[place] or f"record {range(1, len(self) + 1)[place]}"


def name_of(record: Record, place: int) -> str:
    """What a record is called: by its id, or else by its place, counted from 1."""
    return record.id or str(record.values.get("id") or f"record {place}")


def text_of(record: Record, columns: Sequence[str]) -> str:
    """The texts of a record's columns, put together."""
    return flat_text([record.values.get(name) for name in columns])


def label_of(record: Record, column: str) -> str:
    """The label of a record as a text; empty if it has none."""
    return _plain(record.values.get(column))


def _spans(spans: Sequence[tuple[Span, ...]], texts: Sequence[str]) -> Sequence[tuple[Span, ...]]:
    """The spans of the texts, where one column holds these."""
    if len(texts) != 1 or not any(spans):
        return ()
    return [tuple(span for span in own if span.field == texts[0]) for own in spans]


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
        for name in [*self.counts]:
            self.add_values(name, [record.values.get(name)])

    def add_values(self, name: str, values: Iterable[Any]) -> None:
        """What further records have in a column that still may be one."""
        counts = self.counts[name]
        for value in values:
            if isinstance(value, str | int | bool | None):
                counts["" if value is None else str(value)] += 1
                if len(counts) <= VALUES:
                    continue
            del self.counts[name]
            return

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


def _axes(rows: _Columns, others: set[str]) -> list[str]:
    candidates = Candidates([*rows.values], others)
    for name in [*candidates.counts]:
        candidates.add_values(name, rows.values[name])
    return [*candidates.axes(len(rows.ids))]


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else "" if value is None else flat_text(value)


def model_of(record: Record) -> str:
    """The model that wrote a record; empty if none is known."""
    return str(record.values.get("model") or record.origin.get("model") or "")
