"""Many rows in one statement: one of its own for each would be sent, planned and carried out by itself."""

# ruff: noqa: S608 - what is put into statements are names of tables and columns; all else is bound.

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Float, Integer, LargeBinary

from .opening import told

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import psycopg
    from sqlalchemy import Connection, Table

_KINDS: Final = ((Integer, "bigint"), (Float, "double precision"), (LargeBinary, "bytea"))


def insert(connection: Connection, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Puts rows into a table, as quickly as the server takes them; as many as one likes, one after the other."""
    driver: psycopg.Connection = connection.connection.driver_connection  # type: ignore[assignment]
    command = f"COPY {_quoted(table)} ({_listed(columns)}) FROM STDIN"
    with told(connection.engine.url), driver.cursor() as cursor, cursor.copy(command.encode()) as copy:
        for row in rows:
            copy.write_row(row)


def update(connection: Connection, table: Table, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Changes rows that are found by the first of the columns."""
    key, *others = columns
    news = ", ".join(f"{_quoted(name)} = given.{_quoted(name)}" for name in others)
    command = f"UPDATE {table.name} SET {news} FROM {_given(table, columns)} WHERE {_same(table, [key])}"
    connection.exec_driver_sql(command, by_column(rows))


def delete(connection: Connection, table: Table, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Removes the rows that have these values in these columns."""
    command = f"DELETE FROM {table.name} USING {_given(table, columns)} WHERE {_same(table, columns)}"
    connection.exec_driver_sql(command, by_column(rows))


def arrays(table: Table, columns: Sequence[str]) -> str:
    """A list of rows, to which `by_column` of them is bound."""
    return f"unnest({', '.join(f'%s::{_kind(table, name)}[]' for name in columns)})"


def by_column(rows: Sequence[Sequence[Any]]) -> tuple[list[Any], ...]:
    """What `arrays` binds."""
    return tuple(list(column) for column in zip(*rows, strict=True))


def _given(table: Table, columns: Sequence[str]) -> str:
    return f"{arrays(table, columns)} AS given({_listed(columns)})"


def _same(table: Table, columns: Sequence[str]) -> str:
    return " AND ".join(f"{table.name}.{_quoted(name)} = given.{_quoted(name)}" for name in columns)


def _kind(table: Table, column: str) -> str:
    return next((name for kind, name in _KINDS if isinstance(table.c[column].type, kind)), "text")


def _listed(columns: Sequence[str]) -> str:
    return ", ".join(map(_quoted, columns))


def _quoted(name: str) -> str:
    return f'"{name}"'
