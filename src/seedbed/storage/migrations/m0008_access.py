"""Who may do what, what belongs to which project, recipes that are saved."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Connection

TABLES = (
    (
        "users (name VARCHAR NOT NULL PRIMARY KEY, password TEXT NOT NULL, owner INTEGER NOT NULL,"
        " created VARCHAR NOT NULL)"
    ),
    (
        "tokens (id VARCHAR NOT NULL PRIMARY KEY, name VARCHAR NOT NULL, hash VARCHAR NOT NULL UNIQUE,"
        " last4 VARCHAR NOT NULL, scope VARCHAR NOT NULL, project VARCHAR NOT NULL, user VARCHAR NOT NULL,"
        " created VARCHAR NOT NULL, expires VARCHAR NOT NULL, used VARCHAR NOT NULL)"
    ),
    (
        "sessions (hash VARCHAR NOT NULL PRIMARY KEY, user VARCHAR NOT NULL, csrf VARCHAR NOT NULL,"
        " created VARCHAR NOT NULL, seen VARCHAR NOT NULL)"
    ),
    (
        "projects (id VARCHAR NOT NULL PRIMARY KEY, title VARCHAR NOT NULL, description TEXT NOT NULL,"
        " created VARCHAR NOT NULL, version INTEGER NOT NULL, sample INTEGER NOT NULL)"
    ),
    "members (project VARCHAR NOT NULL, user VARCHAR NOT NULL, role VARCHAR NOT NULL, PRIMARY KEY (project, user))",
    (
        "belongs (kind VARCHAR NOT NULL, name VARCHAR NOT NULL, project VARCHAR NOT NULL,"
        " PRIMARY KEY (kind, name, project))"
    ),
    (
        "audit (number INTEGER NOT NULL PRIMARY KEY, at VARCHAR NOT NULL, who VARCHAR NOT NULL,"
        " action VARCHAR NOT NULL, target VARCHAR NOT NULL, detail TEXT NOT NULL)"
    ),
    "settings (name VARCHAR NOT NULL PRIMARY KEY, value TEXT NOT NULL)",
    (
        "recipes (name VARCHAR NOT NULL PRIMARY KEY, yaml TEXT NOT NULL, version INTEGER NOT NULL,"
        " created VARCHAR NOT NULL, updated VARCHAR NOT NULL)"
    ),
)
INDICES = (
    "ix_sessions_user ON sessions (user)",
    "members_by_user ON members (user)",
    "belongs_by_project ON belongs (project, kind)",
)


def upgrade(connection: Connection) -> None:
    """Creates the tables and the project of everything that has none; connections get a version."""
    for table in TABLES:
        connection.exec_driver_sql(f"CREATE TABLE {table}")
    for index in INDICES:
        connection.exec_driver_sql(f"CREATE INDEX {index}")
    connection.exec_driver_sql("ALTER TABLE connections ADD COLUMN version INTEGER NOT NULL DEFAULT 1")
    now = datetime.now(UTC).isoformat(timespec="seconds")
    connection.exec_driver_sql("INSERT INTO projects VALUES ('default', 'My project', '', ?, 1, 0)", (now,))
