"""Versions of datasets as rows: which records there were, and what people had made of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, literal, select, update

from seedbed.core.review.entry import Version

from ..tables import entries, version_rows, versions

if TYPE_CHECKING:
    from sqlalchemy import Connection


def keep(connection: Connection, dataset: str, note: str, by: str) -> Version:
    """Keeps a dataset as its entries stand now, but for those that are declined."""
    mine = versions.c.dataset == dataset
    number = 1 + (connection.scalar(select(func.max(versions.c.number)).where(mine)) or 0)
    at = datetime.now(UTC).isoformat(timespec="seconds")
    fields = {"dataset": dataset, "number": number, "note": note, "by": by, "at": at}
    made = connection.execute(insert(versions).values(**fields, records=0))
    key = int(made.inserted_primary_key[0])  # type: ignore[index]
    left = select(literal(key), entries.c.number, entries.c.data).where(
        entries.c.dataset == dataset, entries.c.decision != "declined"
    )
    connection.execute(insert(version_rows).from_select(["version", "entry", "data"], left))
    count = connection.scalar(select(func.count()).where(version_rows.c.version == key)) or 0
    connection.execute(update(versions).where(versions.c.id == key).values(records=count))
    return Version(dataset, number, note, by, at, count)


def kept(connection: Connection, dataset: str) -> list[Version]:
    """The versions of a dataset, the latest first."""
    rows = connection.execute(select(versions).where(versions.c.dataset == dataset).order_by(versions.c.number.desc()))
    return [Version(row.dataset, row.number, row.note, row.by, row.at, row.records) for row in rows]


def remove(connection: Connection, dataset: str, number: int | None = None) -> bool:
    """Forgets a version, or all of a dataset; whether there was any."""
    query = select(versions.c.id).where(versions.c.dataset == dataset)
    keys = connection.scalars(query if number is None else query.where(versions.c.number == number)).all()
    connection.execute(delete(version_rows).where(version_rows.c.version.in_(keys)))
    connection.execute(delete(versions).where(versions.c.id.in_(keys)))
    return bool(keys)


def key_of(connection: Connection, dataset: str, number: int) -> int:
    """The key of a version; 0 if there is none."""
    mine = versions.c.dataset == dataset, versions.c.number == number
    return connection.scalar(select(versions.c.id).where(*mine)) or 0
