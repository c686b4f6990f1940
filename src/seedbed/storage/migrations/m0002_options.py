"""Runs keep how they are run: options of their output, plugins, and which file they have written."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import text

if TYPE_CHECKING:
    from sqlalchemy import Connection


def upgrade(connection: Connection) -> None:
    """Adds the column; an output that is named was written by its run."""
    connection.exec_driver_sql("ALTER TABLE runs ADD COLUMN options TEXT NOT NULL DEFAULT '{}'")
    remember = text("UPDATE runs SET options = :options WHERE number = :number")
    for number, output in connection.exec_driver_sql("SELECT number, output FROM runs WHERE output IS NOT NULL").all():
        connection.execute(remember, {"options": json.dumps({"written": {"path": output}}), "number": number})
