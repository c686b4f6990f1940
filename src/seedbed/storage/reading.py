"""Reads records page by page, with where they came from if asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import and_, func, or_, select

from seedbed.core.chat import Completion, Usage
from seedbed.core.record import DETAIL, REASON, Record, Span
from seedbed.core.stored import StoredRun

from .tables import calls, entries, records, version_rows, versions

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy import Engine, Select

    from seedbed.core.stored import Selection


READS = "seedbed_reads"
"""Execution option of connections that only read: no transaction is begun, so that no writer waits for them."""

STRETCH, LONGEST_STRETCH = 4, 100_000
"""So many numbers are looked through for a page, times its records, and at most: a database that is not told where to
end may take it for quicker to go through everything and sort that."""

LONGEST_NUMBER = 19
"""Numbers of so many digits are beyond what the database counts with."""

SOURCES = {
    "generate": "synthetic",
    "augment": "augmented",
    "fill": "augmented",
    "kept-synthetic": "synthetic",
    "kept-augmented": "augmented",
}
"""The tag that all records of a kind of run have."""


JSON_COLUMNS = ("recipe", "fingerprint", "columns", "figures", "options")


def run_of(row: dict[str, Any]) -> StoredRun:
    """The run of a row, whose documents are still JSON."""
    for name in JSON_COLUMNS:
        row[name] = orjson.loads(row[name]) if row[name] is not None else None
    return StoredRun(**row)


def encoded(fields: dict[str, Any]) -> dict[str, Any]:
    """Fields of a run as they are kept: documents as JSON."""
    return {
        name: orjson.dumps(value).decode() if name in JSON_COLUMNS and value is not None else value
        for name, value in fields.items()
    }


def completion_of(row: Any) -> Completion:
    """The answer of a call that has one."""
    text, finish_reason, logprobs, structured, seconds = orjson.loads(row.answer)
    return Completion(
        text,
        finish_reason,
        Usage(row.input_tokens, row.output_tokens),
        row.model,
        tuple((token, value) for token, value in logprobs),
        row.tries,
        seconds,
        structured,
    )


def times(calls: int, redacted: str | None) -> dict[str, int]:
    """What so many calls masked in which each masked the same."""
    return {kind: calls * count for kind, count in orjson.loads(redacted or "{}").items()}


def record_id(run: str, attempt: int, slot: int) -> str:
    """A record's name everywhere."""
    return f"{run}:{attempt}.{slot}"


def record_key(name: str) -> tuple[str, int, int]:
    """(run, attempt, slot) of a record's name.

    Raises:
        ValueError: it is none.
    """
    run, _, place = name.rpartition(":")
    attempt, _, slot = place.partition(".")
    if not all(part.isascii() and part.isdigit() and len(part) < LONGEST_NUMBER for part in (attempt, slot)):
        raise ValueError(f"{name!r} is no name of a record")
    return run, int(attempt), int(slot)


def read_records(
    engine: Engine, runs: Mapping[int, StoredRun], selection: Selection, *, page: int, origin: bool
) -> Iterator[Record]:
    """The selected records of these runs in the order of their admission."""
    first, end = _between(engine, list(runs))
    last, stretch = first - 1, STRETCH * page
    # By number alone: through the index of runs each page would go through all records of the run, and sort them.
    mine = (records.c.run + 0).in_(list(runs)), records.c.state == selection.state
    while last < end or last < (end := _between(engine, list(runs))[1]):  # with what came meanwhile
        until = min(end, last + stretch)
        query = _query(selection).where(*mine, records.c.number > last, records.c.number <= until)
        query = query.order_by(records.c.number).limit(page)
        with engine.connect() as connection:
            rows = connection.execution_options(**{READS: True}).execute(query).all()
        if len(rows) == page:
            last = rows[-1].number
        else:  # what lies between may be others' for long
            last, stretch = until, min(2 * stretch, LONGEST_STRETCH)
        origins = _origins(engine, rows) if origin else {}
        for row in rows:
            record = record_of(row, runs[row.run].id, runs[row.run].kind)
            if _is_left(selection) and row.edited:
                record = corrected(record, row.edited)
            if selection.takes(record):
                if origin:
                    record.origin = _origin(row, runs[row.run], origins.get((row.run, row.attempt), []), record)
                yield record


def _between(engine: Engine, runs: list[int]) -> tuple[int, int]:
    """The first and the last number of these runs' records."""
    # `+ 0`: the first one of all records is at hand, and looked at whose it is, and the next one, and so on.
    number = records.c.number + 0
    query = select(func.min(number), func.max(number)).where(records.c.run.in_(runs))
    with engine.connect() as connection:
        first, last = connection.execution_options(**{READS: True}).execute(query).one()
    return first or 0, last or 0


def _is_left(selection: Selection) -> bool:
    """Whether records are wanted as people left them, now or then."""
    return selection.reviewed or bool(selection.version)


def _query(selection: Selection) -> Select[Any]:
    if not selection.version:
        return _as_left() if selection.reviewed else select(records)
    mine = versions.c.dataset == selection.dataset, versions.c.number == selection.version
    key = select(versions.c.id).where(*mine).scalar_subquery()
    held = and_(version_rows.c.entry == records.c.number, version_rows.c.version == key)
    chosen = select(records, version_rows.c.data.label("edited"))
    return chosen.select_from(records).join(version_rows, held)


def _as_left() -> Select[Any]:
    """Records with what people made of them, but for those they declined."""
    query = select(records, entries.c.data.label("edited")).outerjoin(entries, entries.c.number == records.c.number)
    return query.where(or_(entries.c.number.is_(None), entries.c.decision != "declined"))


def corrected(record: Record, data: bytes) -> Record:
    """The record with the content that an entry of the review holds."""
    content = orjson.loads(data)
    spans = tuple(Span(**span) for span in content["spans"])
    return replace(record, values=content["values"], spans=spans, tags=tuple(content["tags"]))


def record_of(row: Any, run: str, kind: str = "generate", data: bytes | None = None) -> Record:
    """The record of a row that has one; one that was not accepted says why in its origin.

    Args:
        row: of the table.
        run: its run's id.
        kind: that of the run; it decides the first tag.
        data: what is in the record, if the row's column of that name is something else.
    """
    content = orjson.loads(data or row.data or b'{"values": {}}')
    spans = tuple(Span(**span) for span in content.get("spans", ()))
    own = [tag for tag in content.get("tags", ()) if tag != SOURCES.get(kind)]
    tags = (SOURCES[kind], *own) if kind in SOURCES else tuple(own)
    name = record_id(run, row.attempt, row.slot)
    origin = content.get("origin", {})
    if row.state != "accepted":
        origin = {**origin, REASON: row.reason, DETAIL: row.detail}
    return Record(content["values"], spans, name, row.state, tags, origin)


def origin_of(engine: Engine, run: StoredRun, number: int) -> dict[str, Any]:
    """Where the record of a number came from; empty if it is not there."""
    with engine.connect() as connection:
        reading = connection.execution_options(**{READS: True})
        row = reading.execute(select(records).where(records.c.number == number)).first()
    if row is None:
        return {}
    return _origin(row, run, _origins(engine, [row]).get((row.run, row.attempt), []), record_of(row, run.id, run.kind))


def _origins(engine: Engine, rows: Sequence[Any]) -> dict[tuple[int, int], list[Any]]:
    """The calls of these records' attempts, by (run, attempt)."""
    found: dict[tuple[int, int], list[Any]] = {}
    attempts = sorted({row.attempt for row in rows})
    query = (
        select(calls)
        .where(
            calls.c.run.in_({row.run for row in rows}),
            calls.c.attempt.between(attempts[0], attempts[-1]),
            calls.c.answer.is_not(None),
        )
        .order_by(calls.c.number)
    )
    with engine.connect() as connection:
        for call in connection.execution_options(**{READS: True}).execute(query):
            found.setdefault((call.run, call.attempt), []).append(call)
    return found


def _origin(row: Any, run: StoredRun, made_by: Sequence[Any], record: Record) -> dict[str, Any]:
    frozen: dict[str, Any] = next((orjson.loads(call.frozen) for call in made_by if call.frozen), {})
    first = orjson.loads(made_by[0].question) if made_by else {}
    costs = [call.cost for call in made_by]
    return {
        **record.origin,
        "run": run.id,
        "recipe": run.name,
        "attempt": row.attempt,
        "model": row.model,
        "prompt": first.get("prompt", first.get("messages")),
        "sampling": {k: v for k, v in frozen.get("sampling", {}).items() if v not in (None, [], {})},
        "seed": frozen.get("seed"),
        "cell": frozen.get("cell", {}),
        "parents": record.origin.get("parents", []),
        "checks": record.origin.get("checks", {}),
        "edits": [],
        "made": datetime.fromtimestamp(row.at, UTC).isoformat(timespec="seconds"),
        "calls": len(made_by),
        "tokens": sum(call.input_tokens + call.output_tokens for call in made_by),
        "cost": None if None in costs else sum(costs),
    }
