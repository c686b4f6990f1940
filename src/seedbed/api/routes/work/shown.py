"""Records as all lists of them show them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from seedbed.core.record import flat_text

from .bodies import SpanItem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seedbed.core.review.entry import Entry
    from seedbed.core.stored import Store


class RecordItem(BaseModel):
    """A record under review."""

    id: str
    dataset: str
    values: dict[str, Any]
    text: str
    label: str
    spans: list[SpanItem]
    tags: list[str]
    decision: str
    reason: str
    note: str
    work: str
    person: str
    source: str
    model: str
    suggested: str
    doubt: float
    version: int
    changed: str
    by: str


def items_of(store: Store, dataset: str, names: Sequence[str]) -> list[dict[str, Any]]:
    """Records of a dataset by their ids, in that order; those that are gone are left out."""
    store.reviews.catch_up(dataset)
    found = (store.reviews.entry(name) for name in names)
    return [item_of(entry) for entry in found if entry is not None]


def item_of(entry: Entry) -> dict[str, Any]:
    """The fields of `RecordItem`."""
    record = entry.record
    fields = ("decision", "reason", "note", "work", "person", "source", "model", "suggested", "doubt", "version")
    own = {name: getattr(entry, name) for name in (*fields, "dataset", "changed", "by")}
    return {
        "id": record.id,
        "values": record.values,
        "text": flat_text(record.values.get("text")),
        "label": flat_text(record.values.get("label")),
        "spans": [span._asdict() for span in record.spans],
        "tags": list(record.tags),
        **own,
    }
