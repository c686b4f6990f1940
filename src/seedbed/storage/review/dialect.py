"""What the review says otherwise to each kind of database: one file for each of them.

Statements that both understand are in the other files. There `:name` is what is bound, whichever way the driver writes
it (see `Dialect.bound`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy import Integer
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

from .on_postgres import Postgres
from .on_sqlite import Sqlite

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager

    from sqlalchemy import Connection, Engine, Table

    from .on_sqlite import Kind, Rows


class Dialect(Protocol):
    """How a database is spoken to."""

    number: str
    """The column of `entry_words` that holds the number of an entry."""

    having: str
    """The condition on rows of `entry_words` to have the words that are bound as `words`."""

    hint: str
    """Before a column, it keeps the database from looking for it in an index where that is the slower way."""

    def indexed(self, table: str, index: str) -> str:
        """A table that is to be gone through in the order of an index."""
        ...

    def merged(self, bins: Sequence[int], most: int, page: str, order: str) -> Iterator[str]:
        """Statements of which each answers the first `:limit` numbers of some bins, in order.

        Args:
            bins: their numbers.
            most: so many at most in one statement, if it grows with them.
            page: what is wanted of a bin, with `{bin}` in the place of its number.
            order: of the numbers, ASC or DESC.
        """
        ...

    def walked(self, words: str, own: str, order: str) -> str:
        """A statement that goes through the entries with words in order, and answers the first `:limit` that fit.

        Args:
            words: conditions on `entry_words`.
            own: conditions on `entries`.
            order: of the numbers, ASC or DESC.
        """
        ...

    def bound(self, statement: str) -> str:
        """A statement with `:name`, or with `?` for each value, as the driver takes it."""
        ...

    def query(self, pieces: Sequence[Sequence[str]]) -> str:
        """The query of the full-text index: each piece somewhere, its words in a row, the last word as a beginning."""
        ...

    def add_words(self, connection: Connection, rows: Sequence[tuple[int, str]]) -> None:
        """Puts the words of entries into the full-text index."""
        ...

    def remove_words(self, connection: Connection, rows: Sequence[tuple[int, str]]) -> None:
        """Takes the words of entries out of the full-text index; they must be those that are in it."""
        ...

    def first_with(self, connection: Connection, queries: Sequence[Sequence[str]], most: int) -> list[list[int]]:
        """The numbers of some entries that have all words of each query."""
        ...

    def numbers_in(self, name: str) -> str:
        """A query of the numbers in a list that is bound under a name, as JSON."""
        ...

    def fill(self, connection: Connection, more: Mapping[Kind, int]) -> dict[Kind, int]:
        """So many entries more (or less) are in bins, which are made where there are none; the bins' numbers."""
        ...

    def insert(self, connection: Connection, table: str, columns: Sequence[str], rows: Rows) -> None:
        """Puts rows into a table."""
        ...

    def update(self, connection: Connection, table: Table, columns: Sequence[str], rows: Rows) -> None:
        """Changes rows that are found by the first of the columns, each by one row."""
        ...

    def delete(self, connection: Connection, table: Table, columns: Sequence[str], rows: Rows) -> None:
        """Removes the rows that have these values in these columns."""
        ...

    def indexable(self, name: str) -> str:
        """A name as it is looked for: as much of a very long one as an index takes, and a sum of it."""
        ...

    def still(self, engine: Engine) -> AbstractContextManager[Connection]:
        """A connection that only reads, and sees one state whatever others write meanwhile."""
        ...

    def writers(self, engine: Engine) -> Engine:
        """The engine for those that write reviews: they wait for each other as `wait` says."""
        ...

    def wait(self, connection: Connection, datasets: Iterable[str] = (), records: Iterable[str] = ()) -> None:
        """Waits until nobody else writes reviews of these datasets, or of the datasets of these records."""
        ...

    def lightly(self, engine: Engine) -> AbstractContextManager[Connection]:
        """A transaction whose end does not wait for the disk: what is lost with the power is done again."""
        ...


_KNOWN: dict[str, Dialect] = {"sqlite": Sqlite(), "postgresql": Postgres()}


def dialect_of(database: Connection | Engine) -> Dialect:
    """How this database is spoken to."""
    return _KNOWN[database.dialect.name]


class place_of(GenericFunction[int]):  # noqa: N801 - written as a function of SQL
    """Where in a text another one begins, from 1; 0: nowhere."""

    type = Integer()
    inherit_cache = True


@compiles(place_of)
def _place_in_sqlite(element: place_of, compiler: Any, **options: Any) -> str:
    return f"instr({compiler.process(element.clauses, **options)})"


@compiles(place_of, "postgresql")
def _place_in_postgres(element: place_of, compiler: Any, **options: Any) -> str:
    return f"strpos({compiler.process(element.clauses, **options)})"
