"""The tables of the durable store."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

metadata = MetaData()

Whole = BigInteger().with_variant(Integer(), "sqlite")
"""Whole numbers of 64 bits; those of SQLite always have them, and count up by themselves only under this name."""


runs = Table(
    "runs",
    metadata,
    Column("number", Whole, primary_key=True),
    Column("id", String, nullable=False, unique=True),
    Column("name", String, nullable=False, index=True),
    Column("state", String, nullable=False),
    Column("recipe", Text, nullable=False),
    Column("fingerprint", Text, nullable=False),
    Column("dataset", String, nullable=False, index=True),
    Column("columns", Text, nullable=False),
    Column("seed", Whole, nullable=False),
    Column("epoch", Whole, nullable=False, default=0),
    Column("output", Text),
    Column("figures", Text),
    Column("seconds", Float, nullable=False, default=0.0),
    Column("message", Text, nullable=False, default=""),
    Column("control", String, nullable=False, default=""),
    Column("folder", Text, nullable=False, default=""),
    Column("options", Text, nullable=False, default="{}"),
    Column("kind", String, nullable=False, default="generate"),
    Column("created", String, nullable=False),
    Column("updated", String, nullable=False),
)

calls = Table(
    "calls",
    metadata,
    Column("number", Whole, primary_key=True),
    Column("run", Whole, nullable=False),
    Column("attempt", Whole, nullable=False),
    Column("hash", String, nullable=False),
    Column("occurrence", Whole, nullable=False),
    Column("model", String, nullable=False),
    Column("frozen", Text),
    Column("question", LargeBinary, nullable=False),
    Column("answer", LargeBinary),
    Column("input_tokens", Whole, nullable=False),
    Column("output_tokens", Whole, nullable=False),
    Column("cost", Float),
    Column("tries", Whole, nullable=False),
    Column("at", Float, nullable=False),
    Column("redacted", Text),
    Index("calls_by_attempt", "run", "attempt"),
)

records = Table(
    "records",
    metadata,
    Column("number", Whole, primary_key=True),
    Column("run", Whole, nullable=False),
    Column("attempt", Whole, nullable=False),
    Column("slot", Whole, nullable=False),
    Column("state", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("detail", Text, nullable=False),
    Column("cell", String, nullable=False),
    Column("model", String, nullable=False),
    Column("data", LargeBinary),
    Column("at", Float, nullable=False),
    UniqueConstraint("run", "attempt", "slot", name="one_end_per_slot"),
)

connections = Table(
    "connections",
    metadata,
    Column("name", String, primary_key=True),
    Column("settings", Text, nullable=False),
    Column("key", Text),
    Column("created", String, nullable=False),
    Column("version", Whole, nullable=False, server_default="1"),
)

templates = Table(
    "templates",
    metadata,
    Column("name", String, primary_key=True),
    Column("version", Whole, primary_key=True),
    Column("document", Text, nullable=False),
    Column("created", String, nullable=False),
)

verdicts = Table(
    "verdicts",
    metadata,
    Column("dataset", String, primary_key=True),
    Column("record", String, primary_key=True),
    Column("judge", String, primary_key=True),
    Column("right", Whole, nullable=False),
    Column("note", Text, nullable=False, default=""),
    Column("created", String, nullable=False),
)

entries = Table(
    "entries",
    metadata,
    Column("number", Whole, primary_key=True),
    Column("run", Whole, nullable=False),
    Column("dataset", String, nullable=False),
    Column("decision", String, nullable=False),
    Column("work", String, nullable=False),
    Column("person", String, nullable=False),
    Column("label", String, nullable=False),
    Column("model", String, nullable=False),
    Column("source", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("note", Text, nullable=False),
    Column("version", Whole, nullable=False),
    Column("data", LargeBinary),
    Column("changed", String, nullable=False),
    Column("by", String, nullable=False),
    Column("suggested", String, nullable=False),
    Column("doubt", Float, nullable=False),
    Column("bin", Whole, nullable=False),
    Column("twins", Whole, nullable=False, server_default="0"),
    Index("entries_by_bin", "bin", "number"),
    Index("entries_by_run", "run", "number"),
    Index(
        "entries_by_doubt",
        "dataset",
        "doubt",
        "number",
        "bin",
        sqlite_where=text("doubt > 0"),
        postgresql_where=text("doubt > 0"),
    ),
    Index(
        "entries_by_twins",
        "dataset",
        "twins",
        "number",
        "bin",
        sqlite_where=text("twins > 0"),
        postgresql_where=text("twins > 0"),
    ),
)

bins = Table(
    "entry_bins",
    metadata,
    Column("number", Whole, primary_key=True),
    Column("dataset", String, nullable=False),
    Column("decision", String, nullable=False),
    Column("work", String, nullable=False),
    Column("person", String, nullable=False),
    Column("label", String, nullable=False),
    Column("model", String, nullable=False),
    Column("source", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("doubted", Whole, nullable=False),
    Column("tags", Text, nullable=False),
    Column("twin", Whole, nullable=False),
    Column("count", Whole, nullable=False),
    UniqueConstraint(
        *("dataset", "decision", "work", "person", "label", "model", "source", "reason", "doubted", "tags", "twin"),
        name="one_bin_of_each_kind",
    ),
)
"""The entries of a dataset that are alike in all that one filters by: what they have in common, and how many."""

spans = Table(
    "entry_spans",
    metadata,
    Column("bin", Whole, primary_key=True),
    Column("label", String, primary_key=True),
    Column("number", Whole, primary_key=True),
    sqlite_with_rowid=False,
)
"""The entries of a bin that have a span with a label, in order."""

twin_searches = Table(
    "twin_searches",
    metadata,
    Column("dataset", String, primary_key=True),
    Column("at", String, nullable=False),
    Column("by", String, nullable=False),
    Column("groups", Whole, nullable=False),
    Column("records", Whole, nullable=False),
    Column("seen", Whole, nullable=False),
)
"""When a dataset was last looked through for entries that say nearly the same; `seen` is how many it had then."""

tallies = Table(
    "entry_tallies",
    metadata,
    Column("dataset", String, primary_key=True),
    Column("what", String, primary_key=True),
    Column("value", String, primary_key=True),
    Column("count", Whole, nullable=False),
)

changes = Table(
    "changes",
    metadata,
    Column("number", Whole, primary_key=True),
    Column("batch", Whole, nullable=False),
    Column("dataset", String, nullable=False),
    Column("entry", Whole, nullable=False),
    Column("version", Whole, nullable=False),
    Column("by", String, nullable=False),
    Column("at", String, nullable=False),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
    Column("undone", Whole, nullable=False),
    Index("changes_by_entry", "entry", "version"),
    Index("changes_by_person", "dataset", "by", "undone", "batch"),
)

taken_in = Table(
    "taken_in",
    metadata,
    Column("run", Whole, primary_key=True),
    Column("number", Whole, nullable=False),
    Column("epoch", Whole, nullable=False),
    Column("seconds", Float, nullable=False),
)
"""Up to which record of a run there are entries. `epoch` and `seconds` are those of the run when it had ended and all
were taken in, else -1: whoever writes more claims it anew, and has driven it longer in the end."""

views = Table(
    "views",
    metadata,
    Column("number", Whole, primary_key=True),
    Column("dataset", String, nullable=False),
    Column("name", String, nullable=False),
    Column("where", Text, nullable=False),
    Column("by", String, nullable=False),
    UniqueConstraint("dataset", "name", name="one_view_of_a_name"),
)

versions = Table(
    "versions",
    metadata,
    Column("id", Whole, primary_key=True),
    Column("dataset", String, nullable=False),
    Column("number", Whole, nullable=False),
    Column("note", Text, nullable=False),
    Column("by", String, nullable=False),
    Column("at", String, nullable=False),
    Column("records", Whole, nullable=False),
    UniqueConstraint("dataset", "number", name="one_version_of_a_number"),
)

version_rows = Table(
    "version_rows",
    metadata,
    Column("version", Whole, primary_key=True),
    Column("entry", Whole, primary_key=True),
    Column("data", LargeBinary),
    sqlite_with_rowid=False,
)
"""Which records a version holds; `data` is what people had made of one by then, if anything."""

batches = Table(
    "batches",
    metadata,
    Column("number", Whole, primary_key=True),
    Column("run", Whole, nullable=False),
    Column("token", String, nullable=False, unique=True),
    Column("connection", String, nullable=False),
    Column("model", String, nullable=False),
    Column("remote", String, nullable=False),
    Column("began", Float, nullable=False),
    Column("over", Whole, nullable=False),
    Index("batches_by_run", "run", "number"),
)

batch_lines = Table(
    "batch_lines",
    metadata,
    Column("number", Whole, primary_key=True),
    Column("batch", Whole, nullable=False),
    Column("run", Whole, nullable=False),
    Column("attempt", Whole, nullable=False),
    Column("name", String, nullable=False),
    Column("hash", String, nullable=False),
    Column("custom_id", String, nullable=False),
    Column("frozen", Text, nullable=False),
    Index("batch_lines_by_attempt", "run", "attempt"),
    Index("batch_lines_by_batch", "batch"),
)
"""What each request of a batch is of; `frozen` is its attempt, as in `calls`."""

schema_version = Table("schema_version", metadata, Column("version", Whole, primary_key=True, autoincrement=False))
