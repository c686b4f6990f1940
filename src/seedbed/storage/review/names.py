"""Names that are longer than an index of PostgreSQL takes, found again where they are whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import orjson
from sqlalchemy import func, select

from ..tables import entries, records, runs, spans
from .dialect import dialect_of
from .placing import OVERLAPS
from .tallies import COLUMN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

SHORTENED: Final = 200
"""All names that were shortened have more characters than this."""


def whole_names(connection: Connection) -> dict[str, str]:
    """Names of columns and labels of spans, by what is kept in their place; only those that were shortened."""
    indexable = dialect_of(connection).indexable
    found = {indexable(name): name for name in _long_names(connection)}
    return {short: name for short, name in found.items() if short != name}


def _long_names(connection: Connection) -> Iterator[str]:
    for columns in connection.scalars(select(runs.c.columns)):
        yield from (f"{COLUMN}{name}" for name in orjson.loads(columns) if len(name) > SHORTENED)
    one_of_each = select(func.min(spans.c.number)).where(func.length(spans.c.label) > SHORTENED)
    content = func.coalesce(entries.c.data, records.c.data)
    query = select(content).join(records, records.c.number == entries.c.number)
    for data in connection.scalars(query.where(entries.c.number.in_(one_of_each.group_by(spans.c.label)))):
        for span in orjson.loads(data).get("spans", ()):
            yield from (span["label"], f"{OVERLAPS}{span['label']}")
