"""The tables of what a server does beside its answers."""

from __future__ import annotations

from sqlalchemy import Column, Index, String, Table, Text

from .tables import Whole, metadata

jobs = Table(
    "jobs",
    metadata,
    Column("number", Whole, primary_key=True),
    Column("kind", String, nullable=False),
    Column("dataset", String, nullable=False),
    Column("project", String, nullable=False),
    Column("asked", Text, nullable=False),
    Column("by", String, nullable=False),
    Column("state", String, nullable=False),
    Column("done", Whole, nullable=False),
    Column("total", Whole),
    Column("words", String, nullable=False),
    Column("result", Text),
    Column("message", Text, nullable=False),
    Column("hint", Text, nullable=False),
    Column("created", String, nullable=False),
    Column("updated", String, nullable=False),
    Index("jobs_by_state", "state", "number"),
    Index("jobs_by_dataset", "dataset", "number"),
)

reports = Table(
    "reports",
    metadata,
    Column("number", Whole, primary_key=True),
    Column("id", String, nullable=False, unique=True),
    Column("dataset", String, nullable=False),
    Column("project", String, nullable=False),
    Column("figures", Text, nullable=False),
    Column("findings", Text, nullable=False),
    Column("page", Text, nullable=False),
    Column("created", String, nullable=False),
    Index("reports_by_dataset", "dataset", "number"),
)

spot_checks = Table(
    "spot_checks",
    metadata,
    Column("number", Whole, primary_key=True),
    Column("dataset", String, nullable=False),
    Column("project", String, nullable=False),
    Column("sample", Text, nullable=False),
    Column("strata", Text, nullable=False),
    Column("counts", Text, nullable=False),
    Column("seed", Whole, nullable=False),
    Column("by", String),
    Column("who", String, nullable=False),
    Column("created", String, nullable=False),
    Index("spot_checks_by_dataset", "dataset", "number"),
)
