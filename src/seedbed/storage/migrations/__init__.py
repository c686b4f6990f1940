"""Numbered steps from each version of the tables to the next; each runs once, in order, in one transaction."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import insert, inspect, select

from seedbed.core.errors import InputError
from seedbed.storage.postgres import first
from seedbed.storage.tables import schema_version

from . import (
    m0001_first,
    m0002_options,
    m0003_templates,
    m0004_redacted,
    m0005_verdicts,
    m0006_review,
    m0007_doubts,
    m0008_access,
    m0009_jobs,
    m0010_finding,
    m0011_versions,
    m0012_twins,
    m0013_batches,
    m0014_overlaps,
)

if TYPE_CHECKING:
    from sqlalchemy import Connection

STEPS = (
    m0001_first.upgrade,
    m0002_options.upgrade,
    m0003_templates.upgrade,
    m0004_redacted.upgrade,
    m0005_verdicts.upgrade,
    m0006_review.upgrade,
    m0007_doubts.upgrade,
    m0008_access.upgrade,
    m0009_jobs.upgrade,
    m0010_finding.upgrade,
    m0011_versions.upgrade,
    m0012_twins.upgrade,
    m0013_batches.upgrade,
    m0014_overlaps.upgrade,
)


def migrate(connection: Connection) -> None:
    """Brings the store to the newest version.

    Raises:
        InputError: the store was written by a newer Seedbed, or the database is something else's.
    """
    tables = inspect(connection).get_table_names()
    if tables and schema_version.name not in tables:
        where = connection.engine.url.database
        raise InputError(
            f"{where} cannot be opened as a Seedbed store: it is a database of something else.",
            "Choose another --workspace, or another database.",
        )
    schema_version.create(connection, checkfirst=True)
    versions = connection.scalars(select(schema_version.c.version)).all()
    current = max(versions, default=0) or _begun(connection)
    if current > len(STEPS):
        raise InputError(
            f"The store has version {current}, this Seedbed knows versions up to {len(STEPS)}.",
            "Upgrade Seedbed: pip install --upgrade seedbed",
        )
    for number, step in enumerate(STEPS[current:], start=current + 1):
        step(connection)
        connection.execute(insert(schema_version).values(version=number))


def _begun(connection: Connection) -> int:
    """The version of an empty database: one that is no file begins further on."""
    if connection.dialect.name != "postgresql":
        return 0
    first.create(connection, datetime.now(UTC).isoformat(timespec="seconds"))
    connection.execute(insert(schema_version), [{"version": number} for number in range(1, first.REACHED + 1)])
    return first.REACHED


def is_current(connection: Connection) -> bool:
    """Whether nothing is to be done; reads only."""
    if not inspect(connection).has_table("schema_version"):
        return False
    return len(STEPS) == max(connection.scalars(select(schema_version.c.version)).all(), default=0)
