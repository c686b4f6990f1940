"""Entries with spans that overlap are found by that."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson
from sqlalchemy import text

from seedbed.core.record import Span
from seedbed.core.texts.layers import overlapping
from seedbed.storage.review.dialect import dialect_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

CHUNK = 1_000
MARK = "\x1e"


def upgrade(connection: Connection) -> None:
    """Puts them under the mark, and under the labels of their spans with the mark before them."""
    rows = list(_marks(connection))
    command = text("INSERT INTO entry_spans (bin, label, number) VALUES (:bin, :label, :number)")
    for start in range(0, len(rows), CHUNK):
        connection.execute(command, rows[start : start + CHUNK])


def _marks(connection: Connection) -> Iterator[dict[str, object]]:
    name = dialect_of(connection).indexable
    query = (
        "SELECT entries.bin, entries.number, coalesce(entries.data, records.data) FROM entries"
        " JOIN records ON records.number = entries.number"
        " WHERE entries.number IN (SELECT number FROM entry_spans)"
    )
    for place, number, data in connection.execute(text(query)).yield_per(CHUNK):
        spans = [Span(**span) for span in orjson.loads(data).get("spans", ())]
        if overlapping(spans):
            for label in sorted({MARK, *(name(f"{MARK}{span.label}") for span in spans)}):
                yield {"bin": place, "label": label, "number": number}
