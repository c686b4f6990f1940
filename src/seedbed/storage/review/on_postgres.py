"""The review's statements for PostgreSQL; see `dialect.Dialect`."""

# ruff: noqa: S608 - what is put into statements are names of this file; all else is bound.

from __future__ import annotations

import re
from contextlib import contextmanager
from hashlib import blake2b, md5
from typing import TYPE_CHECKING, Any, Final
from unicodedata import normalize

import orjson
from sqlalchemy import select, text

from ..postgres import rows as many
from ..postgres.opening import APPENDS, appending
from ..postgres.values import storable
from ..tables import bins, runs
from .on_sqlite import ALIKE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import Connection, Engine, Table

    from .on_sqlite import Kind, Rows

LONGEST_WORD: Final = 500
"""Characters of a word that are kept: PostgreSQL takes words of 2,046 bytes."""

LONGEST_TEXT: Final = 100_000
"""A text with more characters may be more than the index takes of one; see `_fitting`."""

MOST_BYTES: Final = 900_000
"""Bytes of the different words of a text that are searched for; PostgreSQL takes a megabyte, with their places."""

LAST_PLACE: Final = 16_383
"""Places of words are not told apart from here on."""

# The planner is to see the words: whether an index or a walk is quicker depends on how frequent they are.
_WITH = (
    "SELECT {at}, string_agg(number::text, ',')"
    " FROM (SELECT number FROM entry_words WHERE words @@ CAST(%s AS tsquery) LIMIT %s) AS found{at}"
)
# A bin is told by its dataset and a sum of all else, which may be long: as its index has it.
_SUM: Final = " || chr(31) || ".join(f"{name}::text" if name in {"doubted", "twin"} else name for name in ALIKE[1:])
_FILL: Final = (
    f"INSERT INTO entry_bins ({', '.join(ALIKE)}, count) SELECT * FROM {many.arrays(bins, (*ALIKE, 'count'))}"
    f" ON CONFLICT (dataset, md5({_SUM})) DO UPDATE SET count = entry_bins.count + excluded.count"
    f" RETURNING number, dataset, md5({_SUM})"
)

LONGEST_NAME: Final = 1_000
"""Bytes of a name that an index takes whole: it takes 2,700 of all its columns."""

KEPT_OF_NAME: Final = 200
"""Characters of a longer one."""


class Postgres:
    """See `Dialect`. The full-text index holds the words that Seedbed finds in texts; the server divides none."""

    number = "number"
    having = "words @@ CAST(:words AS tsquery)"
    hint = ""

    def indexed(self, table: str, index: str) -> str:
        """See `Dialect.indexed`."""
        return table

    def merged(self, bins: Sequence[int], most: int, page: str, order: str) -> Iterator[str]:
        """See `Dialect.merged`. First the bins are found whose first number is among the first: no other has one that
        is wanted. To plan a union of many parts takes longer than to read both."""
        first = f"{page.format(bin='chosen.bin')} ORDER BY number {order} LIMIT 1"
        some = f"unnest(ARRAY[{','.join(map(str, bins))}]::bigint[]) AS chosen(bin)"
        some = (
            f"SELECT chosen.bin FROM {some} CROSS JOIN LATERAL ({first}) AS first ORDER BY number {order} LIMIT :limit"
        )
        own = f"{page.format(bin='chosen.bin')} ORDER BY number {order} LIMIT :limit"
        yield (
            f"SELECT number FROM ({some}) AS chosen CROSS JOIN LATERAL ({own}) AS own"
            f" ORDER BY number {order} LIMIT :limit"
        )

    def walked(self, words: str, own: str, order: str) -> str:
        """See `Dialect.walked`. What is counted is looked up for each: joined, it would be made for all before."""
        fit = f"SELECT count(*) FROM entries WHERE entries.number = entry_words.number AND {own}"
        return f"SELECT number FROM entry_words WHERE {words} AND ({fit}) > 0 ORDER BY number {order} LIMIT :limit"

    def bound(self, statement: str) -> str:
        """See `Dialect.bound`."""
        return re.sub(r"(?<!:):(\w+)", r"%(\1)s", statement).replace("?", "%s")

    def query(self, pieces: Sequence[Sequence[str]]) -> str:
        """See `Dialect.query`."""
        found = " & ".join(f"({' <-> '.join(map(_lexeme, piece))})" for piece in pieces)
        return f"{found[:-1]}:*)" if found else ""

    def add_words(self, connection: Connection, rows: Sequence[tuple[int, str]]) -> None:
        """See `Dialect.add_words`."""
        many.insert(connection, "entry_words", ("number", "words"), ((at, vector(words)) for at, words in rows))

    def remove_words(self, connection: Connection, rows: Sequence[tuple[int, str]]) -> None:
        """See `Dialect.remove_words`."""
        command = text(f"DELETE FROM entry_words WHERE number IN ({self.numbers_in('numbers')})")
        connection.execute(command, {"numbers": orjson.dumps([number for number, _ in rows]).decode()})

    def first_with(self, connection: Connection, queries: Sequence[Sequence[str]], most: int) -> list[list[int]]:
        """See `Dialect.first_with`."""
        statement = " UNION ALL ".join(_WITH.format(at=at) for at in range(len(queries))) + " ORDER BY 1"
        bounds = [bound for words in queries for bound in (" & ".join(map(_lexeme, words)), most)]
        found = connection.exec_driver_sql(statement, tuple(bounds)).all()
        return [list(map(int, row[1].split(","))) if row[1] else [] for row in found]

    def numbers_in(self, name: str) -> str:
        """See `Dialect.numbers_in`."""
        return f"SELECT CAST(value AS bigint) FROM json_array_elements_text(CAST(:{name} AS json))"

    def fill(self, connection: Connection, more: Mapping[Kind, int]) -> dict[Kind, int]:
        """See `Dialect.fill`: one statement for all, which else would be waited for one by one."""
        sums = {kind: _sum(kind) for kind in more}
        given: dict[tuple[str, str], list[Any]] = {}
        for kind, key in sums.items():
            given.setdefault(key, [*kind, 0])[-1] += more[kind]
        found = connection.exec_driver_sql(_FILL, many.by_column(list(given.values()))) if given else ()
        numbers = {(dataset, key): int(number) for number, dataset, key in found}
        return {kind: numbers[key] for kind, key in sums.items()}

    def insert(self, connection: Connection, table: str, columns: Sequence[str], rows: Rows) -> None:
        """See `Dialect.insert`."""
        many.insert(connection, table, columns, rows)

    def update(self, connection: Connection, table: Table, columns: Sequence[str], rows: Rows) -> None:
        """See `Dialect.update`."""
        many.update(connection, table, columns, rows)

    def delete(self, connection: Connection, table: Table, columns: Sequence[str], rows: Rows) -> None:
        """See `Dialect.delete`."""
        many.delete(connection, table, columns, rows)

    def indexable(self, name: str) -> str:
        """See `Dialect.indexable`."""
        if 4 * len(name) <= LONGEST_NAME or len((name := storable(name)).encode()) <= LONGEST_NAME:
            return name
        return f"{name[:KEPT_OF_NAME]}… {md5(name.encode(), usedforsecurity=False).hexdigest()}"

    @contextmanager
    def still(self, engine: Engine) -> Iterator[Connection]:
        """See `Dialect.still`."""
        with engine.connect() as connection:
            yield connection.execution_options(**{APPENDS: True}, isolation_level="REPEATABLE READ")

    def writers(self, engine: Engine) -> Engine:
        """See `Dialect.writers`."""
        return appending(engine)

    def wait(self, connection: Connection, datasets: Iterable[str] = (), records: Iterable[str] = ()) -> None:
        """See `Dialect.wait`: a lock for each dataset, in an order that is the same for all who want several."""
        wanted = {*datasets, *_datasets_of(connection, records)}
        for key in sorted(map(_key, wanted)):
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(%s)", (key,))

    @contextmanager
    def lightly(self, engine: Engine) -> Iterator[Connection]:
        """See `Dialect.lightly`."""
        with engine.begin() as connection:
            connection.exec_driver_sql("SET LOCAL synchronous_commit = off")
            yield connection


def _sum(kind: tuple[Any, ...]) -> tuple[str, str]:
    """By what a bin is told."""
    words = storable("\x1f".join(map(str, kind[1:]))).encode()
    return storable(kind[0]), md5(words, usedforsecurity=False).hexdigest()


def vector(words: str) -> str:
    """The words of a text, as `words_of` makes them, with their places, as the index takes them."""
    found = enumerate(_folded(words).split(), start=1)
    kept = _fitting(found) if len(words) > LONGEST_TEXT else found
    return " ".join(f"'{word[:LONGEST_WORD]}':{min(place, LAST_PLACE)}" for place, word in kept)


def _fitting(found: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """As many of the words as the index takes of one text."""
    met, size = set[str](), 0
    for place, word in found:
        if word not in met:
            size += len(word[:LONGEST_WORD].encode()) + 8
            met.add(word)
        if size > MOST_BYTES:
            return
        yield place, word


def _lexeme(word: str) -> str:
    return f"'{_folded(word)[:LONGEST_WORD]}'"


def _folded(words: str) -> str:
    """Without the accents of Latin letters, as FTS5 folds them."""
    return words if words.isascii() else words.translate(_LETTERS)


class _Letters(dict[int, str]):
    """What becomes of each letter, found out when it is first met."""

    def __missing__(self, code: int) -> str:
        plain = normalize("NFD", chr(code))[0]
        self[code] = "" if 0x300 <= code <= 0x36F else plain if plain.isascii() else chr(code)
        return self[code]


_LETTERS: Final = _Letters()


def _key(dataset: str) -> int:
    """The number of a dataset's lock."""
    return int.from_bytes(blake2b(f"review of {dataset}".encode(), digest_size=8).digest(), signed=True)


def _datasets_of(connection: Connection, names: Iterable[str]) -> Sequence[str]:
    """The datasets of records with these names."""
    wanted = {name.rpartition(":")[0] for name in names}
    return connection.scalars(select(runs.c.dataset).distinct().where(runs.c.id.in_(wanted))).all() if wanted else ()
