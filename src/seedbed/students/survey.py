"""What a dataset is like before chats are made of it: columns, their few values, spans, who wrote it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from seedbed.formats.rows import to_text, unfolded

if TYPE_CHECKING:
    from seedbed.core.record import Record

MOST_LABELS = 500
LONGEST_LABEL = 200


@dataclass(slots=True)
class Column:
    """What a column holds: in how many records anything, which texts as long as they are few and short (else None),
    lists, and the keys of objects."""

    filled: int = 0
    values: Counter[str] | None = field(default_factory=Counter)
    lists: bool = False
    keys: dict[str, None] = field(default_factory=dict)

    def add(self, value: Any) -> None:
        """The value of the next record; nothing and an empty text do not count."""
        if value in (None, ""):
            return
        self.filled += 1
        found = unfolded(value)
        if isinstance(found, dict):
            self.keys.update(dict.fromkeys(map(str, found)))
        elif isinstance(found, list):
            self.lists = True
        for one in found if isinstance(found, list) else [found]:
            self._count(to_text(one))

    def _count(self, text: str) -> None:
        if self.values is None:
            return
        self.values[text] += 1
        if len(self.values) > MOST_LABELS or len(text) > LONGEST_LABEL:
            self.values = None


@dataclass(slots=True)
class Survey:
    """All that is known of records once they have been read: `spans` counts labels by the column they lie in."""

    records: int = 0
    columns: dict[str, Column] = field(default_factory=dict)
    spans: dict[str, Counter[str]] = field(default_factory=dict)
    models: Counter[str] = field(default_factory=Counter)

    def add(self, record: Record) -> None:
        """The next record."""
        self.records += 1
        for name, value in record.values.items():
            self.columns.setdefault(name, Column()).add(value)
        for span in record.spans:
            self.spans.setdefault(span.field, Counter())[span.label] += 1
        if model := _model(record):
            self.models[model] += 1

    def has(self, *names: str) -> bool:
        """Whether every one of these columns holds anything."""
        return all(name in self.columns and self.columns[name].filled for name in names)

    def labels(self, name: str) -> tuple[str, ...]:
        """The values of a column as labels, in order; none if there are too many of them or they are too long."""
        return tuple(sorted(self.columns[name].values or ()))


def _model(record: Record) -> str:
    """Who wrote a record, by its own column or by its origin."""
    origin = record.origin or unfolded(record.values.get("origin"))
    found = record.values.get("model") or (origin.get("model") if isinstance(origin, dict) else "")
    return found if isinstance(found, str) else ""
