"""Labels changed as a reviewed queue says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seedbed.augmentation.layers import main_columns
from seedbed.core.errors import InputError, nearest
from seedbed.reports.labels import changes

from ...data.convert import columns_of
from ..tables import label_of, name_of, text_of
from .reviewed import Key, key_of

if TYPE_CHECKING:
    from seedbed.core.record import Record

    from ...existing import Source
    from ...output import Output
    from .reviewed import Row

BEFORE = "label_before"
AGAIN = "Was the file changed since? Then make the queue anew: seedbed labels suspects"


def check_output(output: Output, queue: Path | None = None) -> None:
    """Whether the data can be written there.

    Raises:
        InputError: it is the queue, or cannot be written.
    """
    if queue and queue.exists() and output.path.exists() and queue.samefile(output.path):
        raise InputError(f"{queue} is the queue; it would be lost.", "Write to another file.")
    output.check()


@dataclass(slots=True)
class Fixing:
    """The data with the labels that were accepted; what they were before is in the column `label_before`.

    Args:
        source: the data the queue was made of.
        queue: its rows that are accepted.
        label: the column of the labels.
        texts: the columns of the texts, as they were when the queue was made; the main ones if none are given.

    Raises:
        InputError: a column is not there, a record of the queue is not, or has another label than there; or a label is
            suggested that no record has.
    """

    source: Source
    queue: Sequence[Row]
    label: str = "label"
    texts: Sequence[str] = ()
    columns: list[str] = field(init=False)
    figures: dict[str, Any] = field(init=False)
    _new: dict[Key, str] = field(init=False)
    _old: dict[Key, str] = field(default_factory=dict)
    _values: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.columns = columns_of(self.source())
        for name in (*self.texts, self.label):
            if name not in self.columns:
                raise InputError(f"There is no column `{name}`.", nearest(name, self.columns))
        self.texts = tuple(self.texts) or main_columns(self.columns)
        if BEFORE not in self.columns:
            self.columns.insert(self.columns.index(self.label) + 1, BEFORE)
        self._new = {row.key: row.suggested for row in self.queue}
        self.figures = self._checked()

    def records(self) -> Iterator[Record]:
        """All records, in their order."""
        for key, record in self._keyed():
            old, new = label_of(record, self.label), self._new.get(key)
            if new is None or new == old:
                yield record
            else:
                before = {self.label: self._values[new], BEFORE: record.values[self.label]}
                yield replace(record, values={**record.values, **before})

    def changed(self) -> dict[str, Any]:
        """The new labels by the ids of the records that get another one; for data whose records have ids."""
        return {key[0]: self._values[new] for key, new in self._new.items() if new != self._old[key]}

    def _keyed(self) -> Iterator[tuple[Key, Record]]:
        for place, record in enumerate(self.source(), start=1):
            yield key_of(name_of(record, place), text_of(record, self.texts)), record

    def _checked(self) -> dict[str, Any]:
        rows = {row.key: row for row in self.queue}
        before, pairs = Counter[str](), list[tuple[str, str]]()
        for key, record in self._keyed():
            label = label_of(record, self.label)
            before[label] += 1
            if label:
                self._values.setdefault(label, record.values[self.label])
            row = rows.get(key)
            if row is None:
                continue
            self._old[key] = label
            if label not in (row.label, row.suggested):
                message = f"Row {row.number} of the queue is about `{row.label}`, and {key[0]} has the label `{label}`."
                raise InputError(message, AGAIN)
            if label != row.suggested:
                pairs.append((label, row.suggested))
        self._check_rows()
        return _figures(before, pairs, len(self.queue))

    def _check_rows(self) -> None:
        for row in self.queue:
            if row.key not in self._old:
                message = f"Row {row.number} of the queue: there is no {row.key[0]} with that text in the data."
                raise InputError(message, AGAIN)
            if row.suggested not in self._values:
                message = f"Row {row.number} of the queue suggests `{row.suggested}`, which is no label of the data."
                raise InputError(message, nearest(row.suggested, self._values))


def _figures(before: Counter[str], pairs: Sequence[tuple[str, str]], accepted: int) -> dict[str, Any]:
    after = before.copy()
    after.subtract(old for old, _ in pairs)
    after.update(new for _, new in pairs)
    return {
        "records": before.total(),
        "accepted_rows": accepted,
        "changed": len(pairs),
        "changes": changes(pairs),
        "labels": {label: {"before": before[label], "after": after[label]} for label in sorted({*before, *after})},
    }
