"""The entries that are wanted, page by page, without going through those that are not."""

# ruff: noqa: S608 - what is put into statements are numbers of bins and words of this file; all else is bound.

from __future__ import annotations

from heapq import merge
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import column, func, select, table, text

from ..tables import bins, entries, spans
from .bins import fitting
from .dialect import dialect_of
from .entries import asked_for
from .placing import label_wanted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

    from seedbed.core.review.entry import Wanted

MERGED = 150
"""So many bins are merged in one statement."""

MOST_BINS = 2_500
"""Where more bins than these fit, merging them costs more than going through the entries."""

GATHERED = 10_000
"""So few entries are gathered before it is looked which have the words, or sorted."""

BEYOND = 2**62
"""A number after all others."""


class _Key(NamedTuple):
    """A column of entries that few of them have, by which these come first; `flag` says so of a bin."""

    column: str
    flag: str
    order: str
    beyond: str
    first: float


_KEYS = {"doubt": _Key("doubt", "doubted", "DESC", "<", 2.0), "twins": _Key("twins", "twin", "ASC", ">", 0)}


def numbers(connection: Connection, wanted: Wanted, after: int, limit: int) -> list[int]:
    """The numbers of the entries that are wanted, in order, beyond one (0 for the first ones).

    Args:
        connection: that sees the same state for several statements.
        wanted: of one dataset.
        after: the number of the last entry of the page before.
        limit: how many at most.
    """
    if wanted.words.strip() and not asked_for(wanted.words):
        return []
    if wanted.sort in _KEYS:
        return _by_key(connection, wanted, _KEYS[wanted.sort], after, limit)
    return _Bins(connection, wanted).page(after, limit, backwards=wanted.sort == "last")


def count(connection: Connection, wanted: Wanted) -> int:
    """How many entries are wanted."""
    if wanted.words.strip():
        return sum(with_words(connection, wanted).values()) if asked_for(wanted.words) else 0
    found = with_span(connection, wanted)
    if found is not None:
        return sum(found.values())
    return int(connection.scalar(select(func.sum(bins.c.count)).where(*fitting(wanted))) or 0)


def holding(connection: Connection, wanted: Wanted) -> set[str]:
    """The datasets of all that have entries in bins that fit, whichever dataset is wanted."""
    query = select(bins.c.dataset).distinct().where(*fitting(wanted, anywhere=True), bins.c.count > 0)
    return set(connection.scalars(query))


def with_words(connection: Connection, wanted: Wanted) -> dict[int, int]:
    """How many entries with the wanted words are in which bin that fits."""
    chosen = select(bins.c.number).where(*fitting(wanted))
    dialect = dialect_of(connection)
    found = table("entry_words", column(dialect.number))
    having = text(dialect.having).bindparams(words=dialect.query(asked_for(wanted.words)))
    query = (
        select(entries.c.bin, func.count())
        .select_from(found.join(entries, entries.c.number == found.c[dialect.number]))
        .where(having, entries.c.bin.in_(chosen))
        .group_by(entries.c.bin)
    )
    label = label_wanted(wanted)
    if label is not None:
        own = spans.c.bin == entries.c.bin, spans.c.number == entries.c.number
        query = query.where(select(spans.c.number).where(*own, spans.c.label == dialect.indexable(label)).exists())
    return {int(row[0]): int(row[1]) for row in connection.execute(query)}


def with_span(connection: Connection, wanted: Wanted) -> dict[int, int] | None:
    """How many entries with the wanted span are in which bin that fits; None where no span is wanted."""
    label = label_wanted(wanted)
    if label is None:
        return None
    chosen = select(bins.c.number).where(*fitting(wanted))
    under = spans.c.label == dialect_of(connection).indexable(label)
    query = select(spans.c.bin, func.count()).where(spans.c.bin.in_(chosen), under)
    return {int(row[0]): int(row[1]) for row in connection.execute(query.group_by(spans.c.bin))}


class _Bins:
    """The bins whose entries fit, and pages of these.

    Args:
        connection: of the store.
        wanted: what fits.
        flags: what their columns are besides.
    """

    def __init__(self, connection: Connection, wanted: Wanted, flags: Mapping[str, int] | None = None) -> None:
        conditions = fitting(wanted) + [bins.c[name] == value for name, value in (flags or {}).items()]
        self._dialect = dialect_of(connection)
        label = label_wanted(wanted)
        self._span = None if label is None else self._dialect.indexable(label)
        if self._span is not None:  # most bins may have none of them
            own = spans.c.bin == bins.c.number, spans.c.label == self._span
            conditions.append(select(spans.c.number).where(*own).exists())
        rows = connection.execute(select(bins.c.number, bins.c.count).where(*conditions)).all()
        self._connection = connection
        self._words = self._dialect.query(asked_for(wanted.words))
        self._fixed: dict[str, Any] = {} if self._span is None else {"span": self._span}
        self._fixed |= {"words": self._words} if self._words else {}
        self.numbers = [int(row[0]) for row in rows]
        self.total = sum(int(row[1]) for row in rows)

    def page(self, after: int, limit: int, *, backwards: bool) -> list[int]:
        """The numbers of entries beyond one, in their order or from the last one."""
        if not self.numbers or limit < 1:
            return []
        bounds = {"after": after or (BEYOND if backwards else 0), "limit": limit}
        beyond, order = ("<", "DESC") if backwards else (">", "ASC")
        if self._words:
            return self._with_words(beyond, order, bounds)
        return self._plain(beyond, order, bounds)

    def keyed(self, key: _Key, dataset: str, place: tuple[float, int], limit: int) -> list[int]:
        """The numbers of entries that have a key, in the order of that, beyond one with its key and number."""
        if not self.numbers or limit < 1:
            return []
        dialect, column, beyond = self._dialect, key.column, key.beyond
        few = self.total <= GATHERED
        # Few entries are gathered from their bins and sorted; of many, the index of the key is gone through.
        source = "entries" if few else dialect.indexed("entries", f"entries_by_{column}")
        own = f"bin IN ({self.listed})" if few else f"dataset = :dataset AND +bin IN ({self.listed})"
        only = f" AND {dialect.hint}{dialect.number} IN ({self._of(f'IN ({self.listed})')})" if few else ""
        words = f" AND number IN (SELECT {dialect.number} FROM entry_words WHERE {dialect.having}{only})"
        statement = (
            f"SELECT number FROM {source} WHERE {own} AND {column} > 0 AND {column} {beyond}= :place"
            f" AND ({column} {beyond} :place OR number > :after){words if self._words else ''}{self._having}"
            f" ORDER BY {column} {key.order}, number LIMIT :limit"
        )
        return self._run(statement, {"dataset": dataset, "place": place[0], "after": place[1], "limit": limit})

    def _plain(self, beyond: str, order: str, bounds: dict[str, Any]) -> list[int]:
        if len(self.numbers) > MOST_BINS:
            return self._run(self._gone_through(beyond, order), bounds)
        return self._merged(beyond, order, bounds)

    def _merged(self, beyond: str, order: str, bounds: dict[str, Any]) -> list[int]:
        """The pages of the bins merged: each is read only as far as it is needed."""
        statements = self._dialect.merged(
            self.numbers, MERGED, f"{self._of('= {bin}')} AND number {beyond} :after", order
        )
        pages = [self._run(statement, bounds) for statement in statements]
        return list(islice(merge(*pages, reverse=order == "DESC"), bounds["limit"]))

    def _of(self, some: str) -> str:
        """The entries of some bins, as they lie in order in each."""
        if self._span is None:
            return f"SELECT number FROM entries WHERE bin {some}"
        return f"SELECT number FROM entry_spans WHERE bin {some} AND label = :span"

    def _gone_through(self, beyond: str, order: str) -> str:
        """All entries in order, of which the fitting ones are taken; or, if those are few, they are sorted."""
        if self.total <= GATHERED:
            few = self._of(f"IN ({self.listed})")
            return f"{few} AND number {beyond} :after ORDER BY +number {order} LIMIT :limit"
        return (
            f"SELECT number FROM entries WHERE number {beyond} :after AND +bin IN ({self.listed}){self._having}"
            f" ORDER BY number {order} LIMIT :limit"
        )

    @property
    def _having(self) -> str:
        """The condition on entries to have the span that is wanted."""
        if self._span is None:
            return ""
        own = "entry_spans.bin = entries.bin AND entry_spans.number = entries.number"
        return f" AND EXISTS (SELECT 1 FROM entry_spans WHERE {own} AND entry_spans.label = :span)"

    def _with_words(self, beyond: str, order: str, bounds: dict[str, Any]) -> list[int]:
        """Those with words: how they are found depends on how many fit otherwise, from the first of these on."""
        first = self._plain(beyond, order, {**bounds, "limit": 1})
        if not first:
            return []
        bounds = {**bounds, "after": first[0] + (1 if beyond == "<" else -1)}
        few = self._behind(beyond, bounds["after"])
        return self._run(self._asked(beyond, order, few), bounds)

    def _behind(self, beyond: str, after: int) -> int:
        """How many entries fit beyond a number, as far as it matters."""
        some = f"{self._of(f'IN ({self.listed})')} AND number {beyond} :after LIMIT :limit"
        return self._run(f"SELECT count(*) FROM ({some}) AS behind", {"after": after, "limit": GATHERED + 1})[0]

    def _asked(self, beyond: str, order: str, few: int) -> str:
        # The index is gone through once: to look each entry up in it would put the beginnings of words together anew
        # each time, 10 ms where they are many.
        dialect, number = self._dialect, f"entry_words.{self._dialect.number}"
        words = f"{dialect.having} AND {number} {beyond} :after"
        if few <= GATHERED:
            own = f"{self._of(f'IN ({self.listed})')} AND number {beyond} :after"
            only = f"{words} AND {dialect.hint}{number} IN ({own})"
            return f"SELECT {number} FROM entry_words WHERE {only} ORDER BY {number} {order} LIMIT :limit"
        return dialect.walked(words, f"+entries.bin IN ({self.listed}){self._having}", order)

    @property
    def listed(self) -> str:
        """The numbers of the bins, for a statement."""
        return ",".join(map(str, self.numbers))

    def _run(self, statement: str, bounds: dict[str, Any]) -> list[int]:
        # Past the parser of `text`, which takes longer than a page of many bins.
        rows = self._connection.exec_driver_sql(self._dialect.bound(statement), {**self._fixed, **bounds}).all()
        return [int(row[0]) for row in rows]


def _by_key(connection: Connection, wanted: Wanted, key: _Key, after: int, limit: int) -> list[int]:
    """Those that have a key, in its order, then the others in order."""
    place = connection.scalar(select(entries.c[key.column]).where(entries.c.number == after)) if after else None
    found = []
    if not after or place:
        chosen = _Bins(connection, wanted, {key.flag: 1})
        found = chosen.keyed(key, wanted.dataset, (place or key.first, after), limit)
    if len(found) >= limit:
        return found
    rest = _Bins(connection, wanted, {key.flag: 0})
    return found + rest.page(after if after and not place else 0, limit - len(found), backwards=False)
