"""Jobs of a server, and the reports and spot checks that are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Connection

STATEMENTS = (
    """CREATE TABLE jobs (
        number INTEGER NOT NULL PRIMARY KEY, kind VARCHAR NOT NULL, dataset VARCHAR NOT NULL,
        project VARCHAR NOT NULL, asked TEXT NOT NULL, "by" VARCHAR NOT NULL, state VARCHAR NOT NULL,
        done INTEGER NOT NULL, total INTEGER, words VARCHAR NOT NULL, result TEXT, message TEXT NOT NULL,
        hint TEXT NOT NULL, created VARCHAR NOT NULL, updated VARCHAR NOT NULL)""",
    "CREATE INDEX jobs_by_state ON jobs (state, number)",
    "CREATE INDEX jobs_by_dataset ON jobs (dataset, number)",
    """CREATE TABLE reports (
        number INTEGER NOT NULL PRIMARY KEY, id VARCHAR NOT NULL UNIQUE, dataset VARCHAR NOT NULL,
        project VARCHAR NOT NULL, figures TEXT NOT NULL, findings TEXT NOT NULL, page TEXT NOT NULL,
        created VARCHAR NOT NULL)""",
    "CREATE INDEX reports_by_dataset ON reports (dataset, number)",
    """CREATE TABLE spot_checks (
        number INTEGER NOT NULL PRIMARY KEY, dataset VARCHAR NOT NULL, project VARCHAR NOT NULL,
        sample TEXT NOT NULL, strata TEXT NOT NULL, counts TEXT NOT NULL, seed INTEGER NOT NULL, "by" VARCHAR,
        who VARCHAR NOT NULL, created VARCHAR NOT NULL)""",
    "CREATE INDEX spot_checks_by_dataset ON spot_checks (dataset, number)",
)


def upgrade(connection: Connection) -> None:
    """Creates the tables."""
    for statement in STATEMENTS:
        connection.exec_driver_sql(statement)
