"""Saved filters as rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson
from sqlalchemy import delete, insert, select

from seedbed.core.review.entry import View

from ..tables import views

if TYPE_CHECKING:
    from sqlalchemy import Connection


def views_of(connection: Connection, *where: object) -> list[View]:
    """The saved filters that fulfil conditions, the oldest first."""
    rows = connection.execute(select(views).where(*where).order_by(views.c.number))  # type: ignore[arg-type]
    return [View(row.dataset, row.name, orjson.loads(row.where), row.by, row.number) for row in rows]


def save(connection: Connection, view: View) -> int:
    """Writes a filter in the place of one of its name; answers its number."""
    connection.execute(delete(views).where(views.c.dataset == view.dataset, views.c.name == view.name))
    fields = {"dataset": view.dataset, "name": view.name, "by": view.by}
    made = connection.execute(insert(views).values(**fields, where=orjson.dumps(view.where).decode()))
    return int(made.inserted_primary_key[0])  # type: ignore[index]
