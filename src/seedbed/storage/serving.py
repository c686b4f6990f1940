"""The tables of the service: who may do what, what belongs where, recipes that are saved."""

from __future__ import annotations

from sqlalchemy import Column, Index, String, Table, Text

from .tables import Whole, metadata

users = Table(
    "users",
    metadata,
    Column("name", String, primary_key=True),
    Column("password", Text, nullable=False),
    Column("owner", Whole, nullable=False),
    Column("created", String, nullable=False),
)

tokens = Table(
    "tokens",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("hash", String, nullable=False, unique=True),
    Column("last4", String, nullable=False),
    Column("scope", String, nullable=False),
    Column("project", String, nullable=False),
    Column("user", String, nullable=False),
    Column("created", String, nullable=False),
    Column("expires", String, nullable=False),
    Column("used", String, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("hash", String, primary_key=True),
    Column("user", String, nullable=False, index=True),
    Column("csrf", String, nullable=False),
    Column("created", String, nullable=False),
    Column("seen", String, nullable=False),
)

projects = Table(
    "projects",
    metadata,
    Column("id", String, primary_key=True),
    Column("title", String, nullable=False),
    Column("description", Text, nullable=False),
    Column("created", String, nullable=False),
    Column("version", Whole, nullable=False),
    Column("sample", Whole, nullable=False),
)

members = Table(
    "members",
    metadata,
    Column("project", String, primary_key=True),
    Column("user", String, primary_key=True),
    Column("role", String, nullable=False),
    Index("members_by_user", "user"),
)

belongs = Table(
    "belongs",
    metadata,
    Column("kind", String, primary_key=True),
    Column("name", String, primary_key=True),
    Column("project", String, primary_key=True),
    Index("belongs_by_project", "project", "kind"),
)

audit = Table(
    "audit",
    metadata,
    Column("number", Whole, primary_key=True),
    Column("at", String, nullable=False),
    Column("who", String, nullable=False),
    Column("action", String, nullable=False),
    Column("target", String, nullable=False),
    Column("detail", Text, nullable=False),
)

settings = Table("settings", metadata, Column("name", String, primary_key=True), Column("value", Text, nullable=False))

recipes = Table(
    "recipes",
    metadata,
    Column("name", String, primary_key=True),
    Column("yaml", Text, nullable=False),
    Column("version", Whole, nullable=False),
    Column("created", String, nullable=False),
    Column("updated", String, nullable=False),
)
